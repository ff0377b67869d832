// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.util.unit.DataSize;

/// Any bytes as a packed body: what the JDK or zstd make of them as well, or a refusal.
class BodyReaderFuzzTest {
  private static final int LARGEST = 16 * 1024;
  private static final BodyReader READER = reader(LARGEST);

  static Stream<byte[]> bodies() {
    return Stream.concat(FuzzedEvents.programs(12), Stream.of(new byte[LARGEST + 1]))
        .flatMap(plain ->
            Stream.of(
                join(0, 0, plain),
                join(1, 1, plain),
                join(0, 1, Site.gzip(plain)),
                join(1, 2, plain),
                join(0, 2, Zstd.compress(plain)),
                join(0, 4, plain)));
  }

  @MethodSource("bodies")
  @FuzzTest
  void aBodyIsUnpackedAsOthersDoItOrRefused(byte[] program) {
    var packed = Packed.raw(new Draws(program));

    assertThat(objection(packed, body -> body.read(READER))).isNull();
  }

  @Test
  void aReaderThatTakesTooMuchIsFound() {
    var packed = new Packed("identity", new byte[LARGEST + 1]);

    assertThat(objection(packed, body -> body.read(reader(2 * LARGEST)))).isNotNull();
  }

  @Test
  void aReaderThatLosesAByteOrTakesGarbageIsFound() {
    var whole = new Packed("gzip", Site.gzip(new byte[9]));
    var garbage = new Packed("zstd", new byte[9]);

    assertThat(objection(whole, _ -> new byte[8])).isNotNull();
    assertThat(objection(garbage, _ -> new byte[9])).isNotNull();
  }

  @Test
  void aReaderThatBlamesUsIsFound() {
    assertThat(
            objection(
                new Packed("identity", new byte[0]),
                _ -> {
                  throw Refusal.noDatabase();
                }))
        .isNotNull();
  }

  private static @Nullable String objection(Packed packed, Function<Packed, byte[]> read) {
    try {
      var unpacked = read.apply(packed);
      if (unpacked.length > LARGEST) {
        return "it is larger than a body may be";
      }
      return Arrays.equals(unpacked, asOthersDo(packed)) ? null : "others unpack something else";
    } catch (Refusal refusal) {
      return refusal.problem().status() / 100 == 4 ? null : "a refusal that blames us";
    } catch (IOException _) {
      return "others cannot unpack it";
    }
  }

  private static byte[] asOthersDo(Packed packed) throws IOException {
    var body = new ByteArrayInputStream(packed.body());
    try (InputStream unpacked =
        switch (packed.encoding()) {
          case "gzip", "x-gzip" -> new GZIPInputStream(body);
          case "zstd" -> new ZstdInputStreamNoFinalizer(body);
          default -> body;
        }) {
      return unpacked.readNBytes(2 * LARGEST);
    }
  }

  private static BodyReader reader(int largest) {
    return new BodyReader(
        new IngestSettings(1, DataSize.ofBytes(largest), Duration.ofSeconds(30), 1, 1, 1, 1));
  }

  /// The first byte says whether the rest is packed first, the second with what, and the third, if
  /// it is packed, how many bytes are changed then.
  private static byte[] join(int packed, int encoding, byte[] rest) {
    var whole = new byte[rest.length + 2 + packed];
    whole[0] = (byte) packed;
    whole[1] = (byte) encoding;
    System.arraycopy(rest, 0, whole, 2 + packed, rest.length);
    return whole;
  }
}
