// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Check digits of the numbers by which states know people. A number without separators says
/// nothing by its looks, so only those that pass one of the checks count.
final class NationalIds {

  private NationalIds() {}

  /// Eleven digits: Brazil, Poland, Norway, Belgium, Turkey.
  static boolean ofEleven(String text) {
    int[] d = digits(text);
    return d.length == 11
        && !allSame(d)
        && (brazil(d) || poland(d) || norway(d) || belgium(d) || turkey(d));
  }

  private static boolean brazil(int[] d) {
    return weighed(d, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == d[9]
        && weighed(d, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2) * 10 % 11 % 10 == d[10];
  }

  private static boolean poland(int[] d) {
    int month = (d[2] * 10 + d[3]) % 20;
    return isDay(month, d[4] * 10 + d[5])
        && (10 - weighed(d, 1, 3, 7, 9, 1, 3, 7, 9, 1, 3) % 10) % 10 == d[10];
  }

  private static boolean norway(int[] d) {
    return isDay(d[2] * 10 + d[3], (d[0] * 10 + d[1]) % 40)
        && (weighed(d, 3, 7, 6, 1, 8, 9, 4, 5, 2) + d[9]) % 11 == 0
        && (weighed(d, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2) + d[10]) % 11 == 0;
  }

  private static boolean belgium(int[] d) {
    long number = number(d, 0, 9);
    int check = d[9] * 10 + d[10];
    return isDay((d[2] * 10 + d[3]) % 20, d[4] * 10 + d[5])
        && (97 - number % 97 == check || 97 - (2_000_000_000L + number) % 97 == check);
  }

  private static boolean turkey(int[] d) {
    int odd = d[0] + d[2] + d[4] + d[6] + d[8];
    int even = d[1] + d[3] + d[5] + d[7];
    int ten = 0;
    for (int i = 0; i < 10; i++) {
      ten += d[i];
    }
    return d[0] != 0 && Math.floorMod(odd * 7 - even, 10) == d[9] && ten % 10 == d[10];
  }

  /// Fifteen digits: France.
  static boolean french(String text) {
    int[] d = digits(text);
    return d.length == 15
        && (d[0] == 1 || d[0] == 2)
        && 97 - number(d, 0, 13) % 97 == d[13] * 10 + d[14];
  }

  /// Eighteen characters: China.
  static boolean chinese(String text) {
    int[] d = digits(text);
    char last = Character.toUpperCase(text.charAt(text.length() - 1));
    int[] weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    return d.length >= 17
        && isDay(d[10] * 10 + d[11], d[12] * 10 + d[13])
        && "10X98765432".charAt(weighed(d, weights) % 11) == last;
  }

  /// Twelve digits in fours: India.
  static boolean indian(String text) {
    int[] d = digits(text);
    int check = 0;
    for (int i = 0; i < d.length; i++) {
      check = DIHEDRAL[check][PERMUTED[i % 8][d[d.length - 1 - i]]];
    }
    return d.length == 12 && d[0] > 1 && check == 0;
  }

  /// Thirteen digits that begin with 756: Switzerland.
  static boolean swiss(String text) {
    int[] d = digits(text);
    return d.length == 13
        && (10 - weighed(d, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3) % 10) % 10 == d[12];
  }

  /// A date, a dash and four digits: Sweden and, without a check, Denmark.
  static boolean nordic(String text) {
    int[] d = digits(text);
    int from = d.length - 10;
    int month = d[from + 2] * 10 + d[from + 3];
    boolean sweden = isDay(month, (d[from + 4] * 10 + d[from + 5]) % 60) && luhn(d, from);
    return sweden || (from == 0 && isDay(month, d[0] * 10 + d[1]));
  }

  private static boolean luhn(int[] d, int from) {
    int sum = 0;
    for (int i = from; i < d.length; i++) {
      int value = (i - from) % 2 == 0 ? d[i] * 2 : d[i];
      sum += value > 9 ? value - 9 : value;
    }
    return sum % 10 == 0;
  }

  /// A date, a sign, three digits and a letter or digit: Finland.
  static boolean finnish(String text) {
    int[] d = digits(text);
    long number = number(d, 0, 9);
    return isDay(d[2] * 10 + d[3], d[0] * 10 + d[1])
        && "0123456789ABCDEFHJKLMNPRSTUVWXY".charAt((int) (number % 31))
            == Character.toUpperCase(text.charAt(text.length() - 1));
  }

  /// Sixteen letters and digits: Italy.
  static boolean italian(String text) {
    String code = text.toUpperCase(java.util.Locale.ROOT);
    int sum = 0;
    for (int i = 0; i < 15; i++) {
      int value = Character.digit(code.charAt(i), 36);
      value = value > 9 ? value - 10 : value;
      sum += i % 2 == 0 ? ITALIAN[value] : value;
    }
    return sum % 26 == code.charAt(15) - 'A';
  }

  private static final int[] ITALIAN = {
    1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23
  };

  private static final int[][] DIHEDRAL = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 2, 3, 4, 0, 6, 7, 8, 9, 5},
    {2, 3, 4, 0, 1, 7, 8, 9, 5, 6},
    {3, 4, 0, 1, 2, 8, 9, 5, 6, 7},
    {4, 0, 1, 2, 3, 9, 5, 6, 7, 8},
    {5, 9, 8, 7, 6, 0, 4, 3, 2, 1},
    {6, 5, 9, 8, 7, 1, 0, 4, 3, 2},
    {7, 6, 5, 9, 8, 2, 1, 0, 4, 3},
    {8, 7, 6, 5, 9, 3, 2, 1, 0, 4},
    {9, 8, 7, 6, 5, 4, 3, 2, 1, 0}
  };

  private static final int[][] PERMUTED = {
    {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
    {1, 5, 7, 6, 2, 8, 3, 0, 9, 4},
    {5, 8, 0, 3, 7, 9, 6, 1, 4, 2},
    {8, 9, 1, 6, 0, 4, 3, 5, 2, 7},
    {9, 4, 5, 3, 1, 2, 6, 8, 7, 0},
    {4, 2, 8, 6, 5, 7, 3, 9, 0, 1},
    {2, 7, 9, 3, 8, 0, 6, 4, 1, 5},
    {7, 0, 4, 6, 9, 1, 3, 2, 5, 8}
  };

  private static boolean isDay(int month, int day) {
    return month >= 1 && month <= 12 && day >= 1 && day <= 31;
  }

  private static boolean allSame(int[] digits) {
    for (int digit : digits) {
      if (digit != digits[0]) {
        return false;
      }
    }
    return true;
  }

  private static int weighed(int[] digits, int... weights) {
    int sum = 0;
    for (int i = 0; i < weights.length; i++) {
      sum += digits[i] * weights[i];
    }
    return sum;
  }

  private static long number(int[] digits, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number * 10 + digits[i];
    }
    return number;
  }

  private static int[] digits(String text) {
    return text.chars().filter(c -> c >= '0' && c <= '9').map(c -> c - '0').toArray();
  }
}
