// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/// Unpacks one member of gzip and nothing behind it (RFC 1952).
///
/// The JDK's own stream takes any number of members and calls itself for each: tens of thousands of
/// empty ones end in a stack overflow. It also takes what follows the last one for nothing.
final class GzipMember extends InflaterInputStream {
  private static final int DEFLATE = 8;
  private static final int HEADER_CHECKSUM = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;
  private static final int BUFFER = 8_192;

  private final CRC32 checksum = new CRC32();
  private boolean ended;

  GzipMember(InputStream packed) throws IOException {
    super(packed, new Inflater(true), BUFFER);
    try {
      readHeader();
    } catch (IOException | RuntimeException broken) {
      inf.end();
      throw broken;
    }
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    var read = super.read(bytes, offset, length);
    if (read > 0) {
      checksum.update(bytes, offset, read);
    } else if (read < 0) {
      ended = true;
      readTrailer();
    }
    return read;
  }

  @Override
  public void close() throws IOException {
    inf.end();
    super.close();
  }

  private void readHeader() throws IOException {
    demand(next() == 0x1f && next() == 0x8b && next() == DEFLATE);
    var flags = next();
    demand((flags & RESERVED) == 0);
    // When it was packed, how, and on what.
    skip(6, 0);
    if ((flags & EXTRA) != 0) {
      skip(next(), next());
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CHECKSUM) != 0) {
      skip(2, 0);
    }
  }

  private void readTrailer() throws IOException {
    var behind = inf.getRemaining();
    var trailer = new byte[8];
    for (var i = 0; i < trailer.length; i++) {
      trailer[i] = i < behind ? buf[len - behind + i] : (byte) next();
    }
    demand(number(trailer, 0) == checksum.getValue());
    demand(number(trailer, 4) == (inf.getBytesWritten() & 0xffff_ffffL));
    demand(behind <= trailer.length && in.read() < 0);
  }

  private static long number(byte[] bytes, int from) {
    var number = 0L;
    for (var i = 3; i >= 0; i--) {
      number = (number << 8) | (bytes[from + i] & 0xff);
    }
    return number;
  }

  private void skip(int low, int high) throws IOException {
    for (var left = low + 256 * high; left > 0; left--) {
      next();
    }
  }

  private void skipText() throws IOException {
    int letter;
    do {
      letter = next();
    } while (letter != 0);
  }

  private int next() throws IOException {
    var one = in.read();
    if (one < 0) {
      throw new EOFException("The gzip stream ends too early");
    }
    return one;
  }

  private static void demand(boolean right) throws ZipException {
    if (!right) {
      throw new ZipException("This is not one whole gzip member");
    }
  }
}
