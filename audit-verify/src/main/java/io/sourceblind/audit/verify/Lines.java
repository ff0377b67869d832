// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// The lines of a file of any size, one after the other, where they lie in a buffer.
final class Lines implements AutoCloseable {
  private static final int BUFFER = 1 << 20;

  /// C2SP tlog-tiles: an entry has at most 65,535 bytes.
  static final int LONGEST = 65_535;

  private final InputStream input;
  private final byte[] buffer = new byte[BUFFER];
  private int start;
  private int end;
  private int filled;
  private boolean whole;

  Lines(InputStream input) {
    this.input = input;
  }

  /// Goes to the next line; false at the end of the file.
  boolean next() throws IOException {
    start = end + (whole ? 1 : 0);
    whole = true;
    var searched = start;
    while (true) {
      end = lineEnd(searched);
      if (end < filled) {
        return true;
      }
      searched = end - start;
      if (end - start > LONGEST) {
        whole = false;
        return true;
      }
      System.arraycopy(buffer, start, buffer, 0, end - start);
      filled = end - start;
      start = 0;
      var read = input.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        end = filled;
        whole = false;
        return filled > 0;
      }
      filled += read;
    }
  }

  private int lineEnd(int from) {
    var bytes = buffer;
    var stop = filled;
    var at = from;
    while (at < stop && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  /// Whether the line ended where a line ends, before it got too long.
  boolean isWhole() {
    return whole && end - start <= LONGEST;
  }

  byte[] buffer() {
    return buffer;
  }

  int start() {
    return start;
  }

  int end() {
    return end;
  }

  byte[] bytes() {
    return Arrays.copyOfRange(buffer, start, end);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
