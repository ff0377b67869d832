// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// OCSF rows that came back from a SIEM, in any order: from each its index and the exact leaf. A
/// row proves nothing by itself; the leaves are hashed again like those of an export.
final class SiemRows {
  /// No string can hold this text: its quotes would have backslashes.
  private static final Pattern SEQUENCE =
      Pattern.compile("\"sequence\"\\s*:\\s*(0|[1-9][0-9]{0,17})\\b");

  private static final Pattern RAW_DATA = Pattern.compile("\"raw_data\"\\s*:\\s*\"");
  private static final Pattern HEX = Pattern.compile("[0-9A-Fa-f]{4}");
  private static final int MOST_NAMED = 20;

  private final TreeMap<Long, byte[]> leaves = new TreeMap<>();

  private SiemRows() {}

  /// @param size how many entries the checkpoint is about; younger rows are left out
  static SiemRows read(Path file, long size, Verdict verdict) throws IOException {
    var rows = new SiemRows();
    var younger = 0L;
    try (var lines = Files.newBufferedReader(file)) {
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        var index = only(SEQUENCE.matcher(line));
        var leaf = only(RAW_DATA.matcher(line));
        if (index == null || leaf == null) {
          verdict.tampered("siem", "a row has not exactly one sequence and one raw_data");
        } else if (Long.parseLong(index.group(1)) >= size) {
          younger++;
        } else {
          rows.add(Long.parseLong(index.group(1)), text(line, leaf.end()), verdict);
        }
      }
    }
    verdict.says(
        "siem", "%d rows, %d younger than the checkpoint".formatted(rows.leaves.size(), younger));
    rows.nameTheMissing(size, verdict);
    return rows;
  }

  /// The leaves as an export has them.
  InputStream lines() {
    return new SequenceInputStream(
        Collections.enumeration(
            leaves.values().stream()
                .flatMap(leaf -> Stream.of(leaf, new byte[] {'\n'}))
                .map(ByteArrayInputStream::new)
                .toList()));
  }

  private void add(long index, byte[] leaf, Verdict verdict) {
    var other = leaves.put(index, leaf);
    if (other != null && !Arrays.equals(other, leaf)) {
      verdict.tampered("siem", "two rows claim to be entry %d and differ".formatted(index));
    }
  }

  private void nameTheMissing(long size, Verdict verdict) {
    if (leaves.size() == size) {
      return;
    }
    var missing = new ArrayList<String>();
    var next = 0L;
    for (var index : leaves.keySet()) {
      name(next, index, missing);
      next = index + 1;
    }
    name(next, size, missing);
    verdict.tampered(
        "siem",
        "%d of %d entries are missing: %s%s"
            .formatted(
                size - leaves.size(),
                size,
                String.join(", ", missing.subList(0, Math.min(missing.size(), MOST_NAMED))),
                missing.size() > MOST_NAMED ? ", ..." : ""));
  }

  private static void name(long from, long to, List<String> missing) {
    if (to - from == 1) {
      missing.add(Long.toString(from));
    } else if (to > from) {
      missing.add("%d to %d".formatted(from, to - 1));
    }
  }

  private static @Nullable MatchResult only(Matcher matcher) {
    if (!matcher.find()) {
      return null;
    }
    var found = matcher.toMatchResult();
    return matcher.find() ? null : found;
  }

  /// The JSON string that begins here. One that is broken gives bytes that have another hash.
  private static byte[] text(String line, int from) {
    var text = new StringBuilder(line.length() - from);
    for (var at = from; at < line.length() && line.charAt(at) != '"'; at++) {
      var c = line.charAt(at);
      if (c == '\\' && at + 1 < line.length()) {
        at++;
        c = line.charAt(at);
        if (c == 'u' && HEX.matcher(line).region(at + 1, line.length()).lookingAt()) {
          c = (char) Integer.parseInt(line.substring(at + 1, at + 5), 16);
          at += 4;
        }
      }
      text.append(c);
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }
}
