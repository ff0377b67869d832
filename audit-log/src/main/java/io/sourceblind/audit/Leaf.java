// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sourceblind.audit.merkle.Hash;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.TreeMap;
import java.util.UUID;

/// The bytes of an entry: JSON that can be written in one way only (RFC 8785).
///
/// Keys are sorted, nothing is spaced, and no value needs an escape: [AuditEntry] lets none in.
final class Leaf {
  private static final long VERSION = 1;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final byte[] bytes;

  private Leaf(byte[] bytes) {
    this.bytes = bytes;
  }

  static Leaf of(UUID uid, Instant at, AuditEntry entry) {
    var fields = new TreeMap<String, Object>(entry.details());
    fields.put("action", entry.action());
    fields.put("actor", entry.actor().id());
    fields.put("actor_kind", entry.actor().kind().name().toLowerCase(Locale.ROOT));
    fields.put("at", time(at));
    fields.put("org", entry.organization());
    fields.put("outcome", entry.outcome().name().toLowerCase(Locale.ROOT));
    fields.put("target", entry.target());
    fields.put("uid", uid);
    fields.put("v", VERSION);
    var json = new StringBuilder(400);
    fields.forEach((name, value) -> member(json, name, value));
    return new Leaf(json.append('}').toString().getBytes(US_ASCII));
  }

  /// How a time is written in a leaf.
  static String time(Instant at) {
    return MICROSECONDS.format(at);
  }

  byte[] bytes() {
    return bytes.clone();
  }

  byte[] hash() {
    return Hash.ofLeaf(bytes).bytes();
  }

  private static void member(StringBuilder json, String name, Object value) {
    json.append(json.isEmpty() ? '{' : ',').append('"').append(name).append("\":");
    switch (value) {
      case Long number -> json.append(number.longValue());
      case Boolean flag -> json.append(flag.booleanValue());
      default -> json.append('"').append(value).append('"');
    }
  }
}
