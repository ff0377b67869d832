// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import java.io.IOException;
import java.io.InputStream;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The lines of a stream as bytes, one at a time. A line beyond the cap is stepped over without
/// being held, so that memory does not follow the file.
public final class CappedLines {

  private static final int CHUNK = 64 * 1024;

  private final InputStream in;
  private final int cap;
  private final byte[] chunk = new byte[CHUNK];
  private int from;
  private int to;
  private byte[] line = {};
  private boolean endedWithoutBreak;

  public CappedLines(InputStream in, int cap) {
    this.in = in;
    this.cap = cap;
  }

  /// One line; its bytes are null where it was longer than the cap.
  public static final class Found {
    private final byte @Nullable [] bytes;
    private final long length;

    private Found(byte @Nullable [] bytes, long length) {
      this.bytes = bytes;
      this.length = length;
    }

    /// How long the line is in the stream, without its break.
    long length() {
      return length;
    }

    public byte @Nullable [] bytes() {
      return bytes;
    }
  }

  /// Whether the line last given was the end of the file and had no line break, as a line has that
  /// is still being written.
  boolean endedWithoutBreak() {
    return endedWithoutBreak;
  }

  public @Nullable Found next() throws IOException {
    int length = 0;
    long whole = 0;
    boolean tooLong = false;
    while (true) {
      if (from == to) {
        to = in.read(chunk);
        from = 0;
        if (to < 0) {
          to = 0;
          endedWithoutBreak = length > 0 || tooLong;
          return endedWithoutBreak ? found(length, whole, tooLong) : null;
        }
      }
      int end = endOfLine(chunk, from, to);
      int part = end - from;
      if (length == 0 && !tooLong && end < to && part <= cap) {
        // Most lines stand within the chunk and are copied once.
        Found found = new Found(Arrays.copyOfRange(chunk, from, end), whole + part);
        from = end + 1;
        return found;
      }
      whole += part;
      if (!tooLong && length + part > cap) {
        tooLong = true;
        line = new byte[0];
      }
      if (!tooLong) {
        if (length + part > line.length) {
          line = Arrays.copyOf(line, Math.min(cap, Math.max(line.length * 2, length + part)));
        }
        System.arraycopy(chunk, from, line, length, part);
        length += part;
      }
      boolean broken = end < to;
      from = broken ? end + 1 : end;
      if (broken) {
        return found(length, whole, tooLong);
      }
    }
  }

  /// Where the next line break is, or `to`; eight bytes at a time, because every byte of a session
  /// passes here.
  static int endOfLine(byte[] bytes, int from, int to) {
    int at = from;
    while (at + Long.BYTES <= to) {
      long others = (long) EIGHT.get(bytes, at) ^ BREAKS;
      long found = (others - ONES) & ~others & HIGHS;
      if (found != 0) {
        return at + Long.numberOfTrailingZeros(found) / Byte.SIZE;
      }
      at += Long.BYTES;
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101_0101_0101_0101L;
  private static final long HIGHS = 0x8080_8080_8080_8080L;
  private static final long BREAKS = ONES * '\n';

  private Found found(int length, long whole, boolean tooLong) {
    return new Found(tooLong ? null : Arrays.copyOf(line, length), whole);
  }
}
