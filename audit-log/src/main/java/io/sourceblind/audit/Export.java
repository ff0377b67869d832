// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The evidence of one log for somebody who checks it elsewhere: `entries.jsonl`, of which line n
/// is leaf n, the newest `checkpoint`, the `tile` files of C2SP tlog-tiles, and `private.jsonl`,
/// which opens what was sealed and not erased.
public final class Export {
  private static final int PAGE = 5_000;
  private static final int TILE = 256;

  private final JdbcClient jdbc;
  private final UUID organization;
  private final Path folder;

  private Export(JdbcClient jdbc, UUID organization, Path folder) {
    this.jdbc = jdbc;
    this.organization = organization;
    this.folder = folder;
  }

  /// Writes it into a folder that is there and empty.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  /// @return how many entries there are
  /// @throws IllegalStateException if nothing has been signed yet
  public static long write(JdbcClient jdbc, UUID organization, Path folder) throws IOException {
    return new Export(jdbc, organization, folder).write();
  }

  /// The newest signed checkpoint, if there is one.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  public static Optional<String> checkpoint(JdbcClient jdbc, UUID organization) {
    return newest(jdbc, organization).map(Signed::note);
  }

  private record Signed(long size, String note) {}

  private static Optional<Signed> newest(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select size, note from audit.checkpoint where org_id = :org order by size desc limit 1
            """)
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(Signed.class))
        .optional();
  }

  private long write() throws IOException {
    var newest =
        newest(jdbc, organization)
            .orElseThrow(() ->
                new IllegalStateException(
                    "Nothing of this log has been signed yet; try again in a minute"));
    Files.writeString(folder.resolve("checkpoint"), newest.note());
    try (var entries =
        new BufferedOutputStream(Files.newOutputStream(folder.resolve("entries.jsonl")))) {
      tiles(0, entries(newest.size(), entries));
    }
    openings(newest.size());
    return newest.size();
  }

  private void openings(long size) throws IOException {
    var lines =
        jdbc.sql(
                """
                select format('{"name":"%s","salt":"%s","uid":"%s","value":"%s"}',
                              p.name, encode(p.salt, 'hex'), p.entry_uid, encode(p.value, 'hex'))
                  from audit.private_part p
                  join audit.entry e on e.entry_uid = p.entry_uid
                  join audit.leaf l on l.entry_id = e.id
                 where p.org_id = :org and l.org_id = :org and l.idx < :size
                 order by l.idx, p.name
                """)
            .param("org", organization)
            .param("size", size)
            .query(String.class)
            .list();
    Files.writeString(
        folder.resolve("private.jsonl"), lines.isEmpty() ? "" : String.join("\n", lines) + "\n");
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one page.
  private record Entry(byte[] leaf, byte[] leafHash) {}

  private List<Hash> entries(long size, OutputStream out) throws IOException {
    var hashes = new ArrayList<Hash>();
    for (var from = 0L; from < size; from += PAGE) {
      for (var entry : page(from, Math.min(from + PAGE, size))) {
        // An entry that is gone leaves its line empty: whoever checks will see where.
        out.write(entry.leaf());
        out.write('\n');
        hashes.add(Hash.of(entry.leafHash()));
      }
    }
    return hashes;
  }

  private List<Entry> page(long from, long to) {
    return jdbc.sql(
            """
            select coalesce(e.leaf, ''::bytea) as leaf, l.leaf_hash
              from audit.leaf l
              left join audit.entry e on e.id = l.entry_id
             where l.org_id = :org and l.idx >= :from and l.idx < :to
             order by l.idx
            """)
        .param("org", organization)
        .param("from", from)
        .param("to", to)
        .query(DataClassRowMapper.newInstance(Entry.class))
        .list();
  }

  private void tiles(int level, List<Hash> hashes) throws IOException {
    var above = new ArrayList<Hash>();
    for (var from = 0; from < hashes.size(); from += TILE) {
      var tile = hashes.subList(from, Math.min(from + TILE, hashes.size()));
      tile(level, from / TILE, tile);
      if (tile.size() == TILE) {
        above.add(root(tile));
      }
    }
    if (!above.isEmpty()) {
      tiles(level + 1, above);
    }
  }

  private void tile(int level, int index, List<Hash> hashes) throws IOException {
    var bytes = new ByteArrayOutputStream(hashes.size() * Hash.BYTES);
    for (var hash : hashes) {
      bytes.write(hash.bytes());
    }
    var file =
        folder.resolve(
            "tile/%d/%s%s"
                .formatted(level, name(index), hashes.size() == TILE ? "" : ".p/" + hashes.size()));
    Files.createDirectories(file.getParent());
    Files.write(file, bytes.toByteArray());
  }

  /// Three digits a step, all but the last with an x before them.
  private static String name(int index) {
    var name = "%03d".formatted(index % 1000);
    for (var rest = index / 1000; rest > 0; rest /= 1000) {
      name = "x%03d/%s".formatted(rest % 1000, name);
    }
    return name;
  }

  private static Hash root(List<Hash> complete) {
    var row = complete;
    while (row.size() > 1) {
      var above = new ArrayList<Hash>();
      for (var left = 0; left < row.size(); left += 2) {
        above.add(Hash.ofNode(row.get(left), row.get(left + 1)));
      }
      row = above;
    }
    return row.getFirst();
  }
}
