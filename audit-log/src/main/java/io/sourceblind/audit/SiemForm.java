// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.verify.LeafScanner;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How a SIEM wants to read an entry. Whatever the form, a row carries the entry's uid, its index,
/// the name of its log and its exact leaf, so that a copy can be hashed again. Of an entry that
/// somebody spoiled or removed, a row says just that, with its index and the hash in the tree.
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

    @Override
    String lost(String origin, long index, Hash hash, Instant at) {
      return """
      {"activity_id":99,"activity_name":"%1$s","actor":{"user":{"type":"unknown","type_id":0}},\
      "api":{"operation":"%1$s"},"category_uid":6,"class_uid":6003,"message":"%2$s",\
      "metadata":{"log_name":"%3$s","product":{"name":"audit","vendor_name":"Sourceblind"},"sequence":%4$d,\
      "version":"1.5.0"},"severity_id":5,"src_endpoint":{"name":"not recorded"},"status":"failed",\
      "status_id":2,"time":%5$d,"type_uid":600399,"unmapped":{"leaf_hash":"%6$s"}}\
      """
          .formatted(LOST, WHAT_IS_LOST, origin, index, at.toEpochMilli(), hash.hex());
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

    @Override
    String lost(String origin, long index, Hash hash, Instant at) {
      return "CEF:0|Sourceblind|audit|1|%s|%s|10|%s"
          .formatted(
              LOST,
              WHAT_IS_LOST,
              String.join(
                  " ",
                  "rt=" + at.toEpochMilli(),
                  "act=" + LOST,
                  "outcome=failed",
                  "cn1Label=index cn1=" + index,
                  "cs2Label=log cs2=" + value(origin),
                  "cs5Label=leafHash cs5=" + hash.hex()));
    }
  },

  /// An RFC 5424 message of facility "log audit" that holds CEF.
  SYSLOG {
    @Override
    String row(String origin, long index, LeafScanner leaf, String bytes) {
      return message(
          "done".equals(text(leaf, "outcome")) ? INFORMATIONAL : WARNING,
          time(leaf),
          origin,
          text(leaf, "action"),
          CEF.row(origin, index, leaf, bytes));
    }

    @Override
    String lost(String origin, long index, Hash hash, Instant at) {
      return message(CRITICAL, at, origin, LOST, CEF.lost(origin, index, hash, at));
    }

    private static String message(
        int severity, Instant at, String origin, String action, String text) {
      return "<%d>1 %s %s sourceblind - %s - %s"
          .formatted(
              LOG_AUDIT * 8 + severity,
              Leaf.time(at),
              origin.substring(0, origin.indexOf('/')),
              action.substring(0, Math.min(action.length(), LONGEST_MESSAGE_ID)),
              text);
    }
  };

  private static final String LOST = "log.entry_lost";
  private static final String WHAT_IS_LOST =
      "This entry is gone or is no leaf any more: check an export";

  /// What goes into headers as it stands, where a blank or a bar would end a field.
  private static final Pattern ACTION = Pattern.compile("[a-z0-9_.]{2,64}");

  private static final int LOG_AUDIT = 13;
  private static final int CRITICAL = 2;
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

  private static final Map<String, Integer> USERS = Map.of("person", 1, "job", 3, "program", 4);

  abstract String row(String origin, long index, LeafScanner leaf, String bytes);

  abstract String lost(String origin, long index, Hash hash, Instant at);

  /// One entry as one line, without its end.
  ///
  /// @param leaf as it is stored, if it is
  /// @param hash as it stands in the tree
  /// @param signedAt when it had been signed, which is the time of an entry that tells none
  String row(String origin, long index, byte @Nullable [] leaf, Hash hash, Instant signedAt) {
    var scanner = new LeafScanner();
    if (leaf == null || !scanner.scan(leaf, 0, leaf.length) || !isTold(scanner)) {
      return lost(origin, index, hash, signedAt);
    }
    var text = new String(leaf, UTF_8);
    // What is not UTF-8 would be another leaf in the copy.
    return Arrays.equals(text.getBytes(UTF_8), leaf)
        ? row(origin, index, scanner, text)
        : lost(origin, index, hash, signedAt);
  }

  /// Whether it is JSON of ours, and not just any.
  private static boolean isTold(LeafScanner leaf) {
    try {
      time(leaf);
      return ACTION.matcher(text(leaf, "action")).matches();
    } catch (DateTimeParseException unreadable) {
      return false;
    }
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
