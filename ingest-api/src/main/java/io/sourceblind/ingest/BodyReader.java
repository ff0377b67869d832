// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import jakarta.servlet.http.HttpServletRequest;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Locale;
import org.springframework.http.HttpHeaders;

/// Reads and unpacks a body, and stops as soon as it is known to be too large or too slow.
final class BodyReader {
  /// 8 MiB, the window that a decoder of zstd must have (RFC 8878, 3.1.1.1.2) and the most it gets.
  private static final int LARGEST_ZSTD_WINDOW = 23;

  private static final String GARBLED =
      "The body is not what its Content-Encoding says, or ends too early.";

  private final int maxBytes;
  private final Duration uploadTime;

  BodyReader(IngestSettings settings) {
    this.maxBytes = Math.toIntExact(settings.maxSize().toBytes());
    this.uploadTime = settings.uploadTime();
  }

  byte[] read(HttpServletRequest request) {
    if (request.getContentLengthLong() > maxBytes) {
      throw tooLarge();
    }
    var encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
    // The bytes on the wire are bounded as well: a stream can go on for ever and unpack to nothing.
    try (var wire = new Bounded(request.getInputStream());
        var unpacked = unpack(wire, encoding == null ? "identity" : encoding)) {
      var body = unpacked.readNBytes(maxBytes + 1);
      if (body.length > maxBytes) {
        throw tooLarge();
      }
      return body;
    } catch (SocketTimeoutException _) {
      throw tooSlow();
    } catch (IOException _) {
      throw Refusal.unreadable(GARBLED);
    }
  }

  private static InputStream unpack(InputStream wire, String encoding) throws IOException {
    return switch (encoding.strip().toLowerCase(Locale.ROOT)) {
      case "identity" -> wire;
      case "gzip", "x-gzip" -> new GzipMember(wire);
      case "zstd" ->
          new ZstdInputStreamNoFinalizer(wire).setLongMax(LARGEST_ZSTD_WINDOW).setContinuous(false);
      default -> throw Refusal.unsupported("Content-Encoding is identity, gzip or zstd.");
    };
  }

  private Refusal tooLarge() {
    return Refusal.tooLarge(
        String.format(Locale.ROOT, "A batch has at most %,d bytes unpacked.", maxBytes));
  }

  private Refusal tooSlow() {
    return Refusal.tooSlow(
        "A batch must be sent within %d seconds.".formatted(uploadTime.toSeconds()));
  }

  /// Bytes from the client, no more than a batch has and no longer than an upload takes.
  private final class Bounded extends FilterInputStream {
    private final long start = System.nanoTime();
    private int left = maxBytes;

    Bounded(InputStream wire) {
      super(wire);
    }

    @Override
    public int read() throws IOException {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (System.nanoTime() - start > uploadTime.toNanos()) {
        throw tooSlow();
      }
      // One more than is left, so that the end and one byte too many can be told apart.
      var read = super.read(bytes, offset, Math.min(length, left + 1));
      if (read > left) {
        throw tooLarge();
      }
      left -= Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long bytes) throws EOFException {
      throw new EOFException("Nothing here skips");
    }
  }
}
