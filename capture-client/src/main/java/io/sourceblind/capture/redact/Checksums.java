// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

/// Check digits: they tell a card or account number from a number that only looks like one.
final class Checksums {

  private Checksums() {}

  static boolean luhn(String text) {
    int sum = 0;
    int digits = 0;
    for (int i = text.length() - 1; i >= 0; i--) {
      int digit = Character.digit(text.charAt(i), 10);
      if (digit < 0) {
        continue;
      }
      int value = digits % 2 == 1 ? digit * 2 : digit;
      sum += value > 9 ? value - 9 : value;
      digits++;
    }
    return digits >= 12 && digits <= 19 && sum % 10 == 0 && sum > 0;
  }

  static boolean iban(String text) {
    String plain = text.replace(" ", "");
    if (plain.length() < 15 || plain.length() > 34) {
      return false;
    }
    String turned = plain.substring(4) + plain.substring(0, 4);
    int rest = 0;
    for (int i = 0; i < turned.length(); i++) {
      int value = Character.digit(turned.charAt(i), 36);
      if (value < 0) {
        return false;
      }
      rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
    }
    return rest == 1;
  }

  /// A German tax id: eleven digits, the last of them by ISO 7064, MOD 11, 10.
  static boolean germanTaxId(String text) {
    String digits = digitsOf(text);
    if (digits.length() != 11 || digits.charAt(0) == '0') {
      return false;
    }
    int product = 10;
    for (int i = 0; i < 10; i++) {
      int sum = (Character.digit(digits.charAt(i), 10) + product) % 10;
      product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    int check = 11 - product == 10 ? 0 : 11 - product;
    return check == Character.digit(digits.charAt(10), 10);
  }

  static boolean usSocialSecurity(String text) {
    String digits = digitsOf(text);
    return digits.length() == 9
        && !digits.startsWith("000")
        && !digits.startsWith("666")
        && !digits.substring(3, 5).equals("00")
        && !digits.substring(5).equals("0000");
  }

  /// A telephone number has 7 to 15 digits.
  static boolean telephone(String text) {
    int digits = digitsOf(text).length();
    return digits >= 7 && digits <= 15;
  }

  static boolean ipv4(String text) {
    int part = 0;
    int parts = 0;
    int length = 0;
    for (int i = 0; i <= text.length(); i++) {
      if (i == text.length() || text.charAt(i) == '.') {
        if (length == 0 || part > 255) {
          return false;
        }
        parts++;
        part = 0;
        length = 0;
      } else {
        part = part * 10 + Character.digit(text.charAt(i), 10);
        length++;
      }
    }
    return parts == 4;
  }

  private static String digitsOf(String text) {
    StringBuilder digits = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      if (Character.digit(text.charAt(i), 10) >= 0) {
        digits.append(text.charAt(i));
      }
    }
    return digits.toString();
  }
}
