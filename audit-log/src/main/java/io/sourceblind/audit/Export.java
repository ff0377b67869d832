// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Tree;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The evidence of one log for somebody who checks it elsewhere: `entries.jsonl`, of which line n
/// is leaf n, the newest `checkpoint`, the `tile` files of C2SP tlog-tiles, `private.jsonl`, which
/// opens what was sealed and not erased, and `master`, the proof of its place in the tree over the
/// trees.
public final class Export {
  private static final int PAGE = 5_000;

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

  /// A checkpoint, and when it was signed.
  public record Signed(int epoch, long size, String note, Instant signedAt) {}

  /// The newest checkpoint, if there is one.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  public static Optional<Signed> newest(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select epoch, size, note, signed_at
              from audit.checkpoint
             where org_id = :org
             order by epoch desc, size desc
             limit 1
            """)
        .param("org", organization)
        .query(Signed.class)
        .optional();
  }

  private long write() throws IOException {
    var newest =
        newest(jdbc, organization)
            .orElseThrow(() ->
                new IllegalStateException(
                    "Nothing of this log has been signed yet; try again in a minute"));
    Files.writeString(folder.resolve("checkpoint"), newest.note());
    var tiles = new TileWriter(folder.resolve("tile"));
    try (var entries =
            new BufferedOutputStream(Files.newOutputStream(folder.resolve("entries.jsonl")));
        var openings = Files.newBufferedWriter(folder.resolve("private.jsonl"))) {
      for (var from = 0L; from < newest.size(); from += PAGE) {
        var to = Math.min(from + PAGE, newest.size());
        for (var entry : page(from, to)) {
          // An entry that is gone leaves its line empty: whoever checks will see where.
          entries.write(entry.leaf());
          entries.write('\n');
          tiles.add(Hash.of(entry.hash()));
        }
        for (var opening : openings(from, to)) {
          openings.append(opening).append('\n');
        }
      }
    }
    tiles.finish();
    if (!organization.equals(Logs.INSTALLATION)) {
      master(newest.epoch());
    }
    return newest.size();
  }

  private List<String> openings(long from, long to) {
    return jdbc
        .sql(
            """
            select format('{"name":"%s","salt":"%s","uid":"%s","value":"%s"}',
                          p.name, encode(p.salt, 'hex'), p.entry_uid, encode(p.value, 'hex'))
              from audit.leaf l
              join audit.entry e on e.id = l.entry_id
              join audit.private_part p on p.org_id = l.org_id and p.entry_uid = e.entry_uid
             where l.org_id = :org and l.idx >= :from and l.idx < :to
             order by l.idx, p.name
            """)
        .param("org", organization)
        .param("from", from)
        .param("to", to)
        .query(String.class)
        .stream()
        .map(Objects::requireNonNull)
        .toList();
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one page.
  private record Entry(byte[] leaf, byte[] hash) {}

  private List<Entry> page(long from, long to) {
    return jdbc.sql(
            """
            select coalesce(e.leaf, ''::bytea) as leaf, l.leaf_hash as hash
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

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one export.
  private record Named(long idx, byte[] leaf, byte[] salt) {}

  /// The newest checkpoint of this log that the signed tree over the trees names, and the proof. It
  /// may be older than the export's own, which is told to that tree only after it is signed.
  private void master(int epoch) throws IOException {
    var signed = newest(jdbc, Logs.INSTALLATION);
    var named = signed.flatMap(master -> named(epoch, master.size()));
    if (signed.isEmpty() || named.isEmpty()) {
      return;
    }
    var tree = new Tree(signed.get().size(), new StoredTree(jdbc, Logs.INSTALLATION));
    var proof =
        new StringBuilder("c2sp.org/tlog-proof@v1\nindex %d\n".formatted(named.get().idx()));
    tree.inclusion(named.get().idx()).forEach(hash -> proof.append(hash.base64()).append('\n'));
    var master = Files.createDirectory(folder.resolve("master"));
    Files.writeString(master.resolve("leaf.tlog-proof"), proof + "\n" + signed.get().note());
    Files.writeString(master.resolve("salt"), HexFormat.of().formatHex(named.get().salt()) + "\n");
    Files.writeString(
        master.resolve("leaf"), new String(named.get().leaf(), StandardCharsets.UTF_8) + "\n");
  }

  private Optional<Named> named(int epoch, long masterSize) {
    return jdbc.sql(
            """
            select l.idx, e.leaf, b.salt
              from audit.checkpoint c
              join audit.entry e on e.entry_uid = c.entry_uid
              join audit.leaf l on l.entry_id = e.id
              join audit.blinding b on b.org_id = c.org_id
             where c.org_id = :org and c.epoch = :epoch
               and l.org_id = :installation and l.idx < :size
             order by c.size desc
             limit 1
            """)
        .param("org", organization)
        .param("epoch", epoch)
        .param("installation", Logs.INSTALLATION)
        .param("size", masterSize)
        .query(Named.class)
        .optional();
  }
}
