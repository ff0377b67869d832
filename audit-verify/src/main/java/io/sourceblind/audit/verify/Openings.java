// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;

/// What an export tells of the sealed parts of its entries: each line opens one, with the salt and
/// the value that its hash was made of. A part without a line must have been erased on record.
final class Openings {
  /// `{"name":"ip","salt":"<hex>","uid":"<entry>","value":"<hex>"}`.
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"name\":\"([a-z0-9_]{1,40})\",\"salt\":\"([0-9a-f]{64})\",\"uid\":\"([0-9a-f-]{36})\",\"value\":\"((?:[0-9a-f]{2}){0,4096})\"}");

  private final Map<String, String> hashes;
  private final long unreadable;
  private final boolean lookedAt;

  private Openings(Map<String, String> hashes, long unreadable, boolean lookedAt) {
    this.hashes = hashes;
    this.unreadable = unreadable;
    this.lookedAt = lookedAt;
  }

  /// For a copy of a log that never has them.
  static Openings notLookedAt() {
    return new Openings(Map.of(), 0, false);
  }

  /// @param file `private.jsonl` of an export; it need not be there
  static Openings read(Path file) throws IOException {
    var hashes = new HashMap<String, String>();
    var unreadable = 0L;
    if (Files.isRegularFile(file)) {
      for (var line : new String(Files.readAllBytes(file), UTF_8).lines().toList()) {
        var match = LINE.matcher(line);
        if (match.matches()) {
          hashes.put(
              match.group(3) + " " + match.group(1), commitment(match.group(2), match.group(4)));
        } else {
          unreadable++;
        }
      }
    }
    return new Openings(hashes, unreadable, true);
  }

  void check(Map<String, String> sealed, Map<String, Long> erasures, Verdict verdict) {
    if (!lookedAt) {
      return;
    }
    var opened = 0;
    var erased = 0;
    for (var part : sealed.entrySet()) {
      var entry = part.getKey().split(" ", 2)[0];
      var hash = hashes.get(part.getKey());
      if (hash == null) {
        if (erasures.containsKey(entry)) {
          erased++;
        } else {
          verdict.tampered(
              "privacy",
              "a part of %s can not be opened and no entry says it was erased".formatted(entry));
        }
      } else if (hash.equals(part.getValue())) {
        opened++;
      } else {
        verdict.tampered("privacy", "a part of %s is not what was sealed".formatted(entry));
      }
    }
    var strange = hashes.keySet().stream().filter(part -> !sealed.containsKey(part)).count();
    if (strange + unreadable > 0) {
      verdict.tampered("privacy", "%d lines open nothing".formatted(strange + unreadable));
    }
    if (!sealed.isEmpty()) {
      verdict.says(
          "privacy", "%d parts opened, %d erased %s".formatted(opened, erased, erasures.values()));
    }
  }

  private static String commitment(String salt, String value) {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(HexFormat.of().parseHex(salt));
      return HexFormat.of().formatHex(sha256.digest(HexFormat.of().parseHex(value)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }
}
