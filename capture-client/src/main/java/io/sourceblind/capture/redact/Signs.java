// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Which signs of ASCII stand somewhere in a line or a text: a bit for each, and perhaps a few
/// more.
///
/// @param low the signs below 64
/// @param high the others
/// @param ascii whether there is nothing beyond ASCII
record Signs(long low, long high, boolean ascii) {

  private static final long DIGITS = 0x3FFL << '0';

  static Signs of(String text) {
    long low = 0;
    long high = 0;
    int all = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      all |= c;
      // Without a branch, which would be taken at random; what is beyond ASCII sets a bit for
      // nothing.
      long isHigh = -((c >>> 6) & 1);
      low |= (1L << c) & ~isHigh;
      high |= (1L << c) & isHigh;
    }
    return new Signs(low, high, all < 0x80);
  }

  static Signs of(Line[] lines) {
    long low = 0;
    long high = 0;
    boolean ascii = true;
    for (int i = 0; i < lines.length; i++) {
      Signs signs = lines[i].signs;
      low |= signs.low;
      high |= signs.high;
      ascii &= signs.ascii;
    }
    return new Signs(low, high, ascii);
  }

  boolean has(char sign) {
    return (((sign < 64 ? low : high) >>> sign) & 1) != 0;
  }

  /// Whether a digit may be among them, of whatever script.
  boolean mayHaveDigit() {
    return !ascii || (low & DIGITS) != 0;
  }
}
