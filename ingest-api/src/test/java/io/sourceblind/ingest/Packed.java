// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import com.github.luben.zstd.Zstd;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;

/// A body on the wire, without a wire.
final class Packed {
  private static final List<String> ENCODINGS = List.of("identity", "gzip", "zstd", "x-gzip", "br");

  private final String encoding;
  private final byte[] body;

  /// @param encoding as its header says
  Packed(String encoding, byte[] body) {
    this.encoding = encoding;
    this.body = body;
  }

  /// Any bytes, packed as the header says or not at all.
  static Packed raw(Draws draws) {
    var isPacked = draws.oneIn(2);
    return isPacked ? of(draws, Draws::rest) : new Packed(draws.oneOf(ENCODINGS), draws.rest());
  }

  /// Packed as the header says, and then a few bytes changed, or none.
  static Packed of(Draws draws, Function<Draws, byte[]> plain) {
    var encoding = draws.oneOf(ENCODINGS);
    var scratches = scratches(draws);
    return new Packed(encoding, scratched(pack(encoding, plain.apply(draws)), scratches));
  }

  String encoding() {
    return encoding;
  }

  byte[] body() {
    return body.clone();
  }

  byte[] read(BodyReader reader) {
    var request = new MockHttpServletRequest();
    request.addHeader(HttpHeaders.CONTENT_ENCODING, encoding);
    request.setContent(body);
    return reader.read(request);
  }

  private static byte[] pack(String encoding, byte[] plain) {
    return switch (encoding) {
      case "gzip", "x-gzip" -> Site.gzip(plain);
      case "zstd" -> Zstd.compress(plain);
      default -> plain;
    };
  }

  /// A byte that is another than it was.
  private record Scratch(int place, byte value) {}

  private static List<Scratch> scratches(Draws draws) {
    var scratches = new ArrayList<Scratch>();
    for (var some = draws.below(4); some > 0; some--) {
      scratches.add(new Scratch(draws.below(65_536), (byte) draws.below(256)));
    }
    return scratches;
  }

  private static byte[] scratched(byte[] bytes, List<Scratch> scratches) {
    var scratched = bytes.clone();
    if (bytes.length > 0) {
      scratches.forEach(scratch -> scratched[scratch.place() % bytes.length] = scratch.value());
    }
    return scratched;
  }
}
