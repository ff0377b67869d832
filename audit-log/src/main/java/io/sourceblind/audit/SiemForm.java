// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.sourceblind.audit.verify.LeafScanner;
import java.time.Instant;
import java.util.Map;

/// How a SIEM wants to read an entry. Whatever the form, a row carries the entry's uid, its index,
/// the name of its log and its exact leaf, so that a copy can be hashed again.
public enum SiemForm {
  /// OCSF 1.5.0, class API Activity (6003), as JSON lines.
  OCSF {
    @Override
    String row(String origin, long index, LeafScanner leaf, String bytes) {
      var action = text(leaf, "action");
      var word = action.substring(action.lastIndexOf('.') + 1);
      var activity = ACTIVITIES.getOrDefault(word, 99);
      var done = "done".equals(text(leaf, "outcome"));
      // What stands in a leaf is JSON already; only the leaf itself becomes a string here.
      return """
      {"activity_id":%d,"activity_name":"%s","actor":{"user":{"type":"%s","type_id":%d,"uid":"%s"}},\
      "api":{"operation":"%s"},"category_uid":6,"class_uid":6003,\
      "metadata":{"log_name":"%s","product":{"name":"audit","vendor_name":"Sourceblind"},"sequence":%d,\
      "tenant_uid":"%s","uid":"%s","version":"1.5.0"},"raw_data":"%s","resources":[{"uid":"%s"}],\
      "severity_id":%d,"src_endpoint":{"name":"not recorded"},"status":"%s","status_id":%d,\
      "time":%d,"type_uid":%d}\
      """
          .formatted(
              activity,
              word,
              text(leaf, "actor_kind"),
              USERS.getOrDefault(text(leaf, "actor_kind"), 99),
              text(leaf, "actor"),
              action,
              origin,
              index,
              text(leaf, "org"),
              text(leaf, "uid"),
              bytes.replace("\\", "\\\\").replace("\"", "\\\""),
              text(leaf, "target"),
              done ? 1 : 3,
              text(leaf, "outcome"),
              done ? 1 : 2,
              time(leaf).toEpochMilli(),
              600_300 + activity);
    }
  },

  /// ArcSight's Common Event Format, one line each.
  CEF {
    @Override
    String row(String origin, long index, LeafScanner leaf, String bytes) {
      var action = text(leaf, "action");
      return "CEF:0|Sourceblind|audit|1|%s|%s|%d|%s"
          .formatted(
              action,
              action,
              "done".equals(text(leaf, "outcome")) ? 3 : 6,
              String.join(
                  " ",
                  "rt=" + time(leaf).toEpochMilli(),
                  "externalId=" + value(text(leaf, "uid")),
                  "act=" + value(action),
                  "outcome=" + value(text(leaf, "outcome")),
                  "suid=" + value(text(leaf, "actor")),
                  "cn1Label=index cn1=" + index,
                  "cs1Label=leaf cs1=" + value(bytes),
                  "cs2Label=log cs2=" + value(origin),
                  "cs3Label=actorKind cs3=" + value(text(leaf, "actor_kind")),
                  "cs4Label=target cs4=" + value(text(leaf, "target"))));
    }
  },

  /// An RFC 5424 message of facility "log audit" that holds CEF.
  SYSLOG {
    @Override
    String row(String origin, long index, LeafScanner leaf, String bytes) {
      var severity = "done".equals(text(leaf, "outcome")) ? INFORMATIONAL : WARNING;
      var action = text(leaf, "action");
      return "<%d>1 %s %s sourceblind - %s - %s"
          .formatted(
              LOG_AUDIT * 8 + severity,
              text(leaf, "at"),
              origin.substring(0, origin.indexOf('/')),
              action.substring(0, Math.min(action.length(), LONGEST_MESSAGE_ID)),
              CEF.row(origin, index, leaf, bytes));
    }
  };

  private static final int LOG_AUDIT = 13;
  private static final int WARNING = 4;
  private static final int INFORMATIONAL = 6;
  private static final int LONGEST_MESSAGE_ID = 32;

  private static final Map<String, Integer> ACTIVITIES =
      Map.ofEntries(
          Map.entry("created", 1),
          Map.entry("added", 1),
          Map.entry("minted", 1),
          Map.entry("released", 1),
          Map.entry("read", 2),
          Map.entry("started", 2),
          Map.entry("finished", 2),
          Map.entry("changed", 3),
          Map.entry("rotated", 3),
          Map.entry("amended", 3),
          Map.entry("revoked", 4),
          Map.entry("erased", 4),
          Map.entry("deleted", 4),
          Map.entry("days_dropped", 4),
          Map.entry("window_passed", 4));

  private static final Map<String, Integer> USERS = Map.of("person", 1, "job", 3);

  abstract String row(String origin, long index, LeafScanner leaf, String bytes);

  /// One entry as one line, without its end.
  ///
  /// @throws IllegalStateException if the bytes are not a leaf, which somebody has changed then
  String row(String origin, long index, byte[] leaf) {
    var scanner = new LeafScanner();
    if (!scanner.scan(leaf, 0, leaf.length)) {
      throw new IllegalStateException(
          "Entry %d of %s is not a leaf any more; check an export".formatted(index, origin));
    }
    return row(origin, index, scanner, new String(leaf, java.nio.charset.StandardCharsets.UTF_8));
  }

  private static String text(LeafScanner leaf, String name) {
    var text = leaf.text(name.getBytes(US_ASCII));
    return text == null ? "" : text;
  }

  private static Instant time(LeafScanner leaf) {
    return Instant.parse(text(leaf, "at"));
  }

  /// CEF, "Character Encoding": in a value, a backslash and an equals sign have a backslash before
  /// them.
  private static String value(String text) {
    return text.replace("\\", "\\\\").replace("=", "\\=");
  }
}
