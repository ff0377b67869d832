// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

import io.sourceblind.audit.merkle.Hash;
import java.util.Base64;
import java.util.regex.Pattern;

/// How large a log is and what its root is: the three lines that are signed.
///
/// @param origin which log; also the name of its key
public record Checkpoint(String origin, long size, Hash root) {
  private static final Pattern ORIGIN = Pattern.compile("[A-Za-z0-9./:_-]{1,200}");
  private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,17}");

  public Checkpoint {
    if (!ORIGIN.matcher(origin).matches()) {
      throw new MalformedNote("An origin has letters, digits and ./:_- only");
    }
    if (size < 0) {
      throw new MalformedNote("A log has no negative size");
    }
  }

  /// What is signed.
  public String body() {
    return "%s\n%d\n%s\n".formatted(origin, size, root.base64());
  }

  /// Reads what was signed.
  ///
  /// @throws MalformedNote if it is anything but three lines
  public static Checkpoint parse(String body) {
    var lines = body.split("\n", -1);
    if (lines.length != 4 || !lines[3].isEmpty()) {
      throw new MalformedNote("A checkpoint has three lines: origin, size and root");
    }
    if (!SIZE.matcher(lines[1]).matches()) {
      throw new MalformedNote("The second line of a checkpoint is its size");
    }
    return new Checkpoint(lines[0], Long.parseLong(lines[1]), root(lines[2]));
  }

  private static Hash root(String base64) {
    try {
      var root = Hash.of(Base64.getDecoder().decode(base64));
      // Base64 has several spellings of the last byte; one is enough.
      if (root.base64().equals(base64)) {
        return root;
      }
    } catch (IllegalArgumentException unreadable) {
      throw new MalformedNote("The third line of a checkpoint is 32 bytes in Base64");
    }
    throw new MalformedNote("The third line of a checkpoint is 32 bytes in Base64");
  }
}
