// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.Note;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The signed entries of a log in the form of a SIEM. Nothing is shown that no checkpoint covers,
/// or a copy of it could not be checked.
public final class SiemExport {
  private static final int PAGE = 5_000;

  private final JdbcClient jdbc;
  private final UUID organization;
  private final Checkpoint signed;
  private final Instant signedAt;

  private SiemExport(JdbcClient jdbc, UUID organization, Checkpoint signed, Instant signedAt) {
    this.jdbc = jdbc;
    this.organization = organization;
    this.signed = signed;
    this.signedAt = signedAt;
  }

  /// Writes all from an index on, one line each.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  public static void write(
      JdbcClient jdbc, UUID organization, SiemForm form, long from, Writer out) {
    of(jdbc, organization)
        .ifPresent(export ->
            export.page(
                form,
                from,
                Long.MAX_VALUE,
                row -> {
                  try {
                    out.append(row.line()).append('\n');
                  } catch (IOException failed) {
                    throw new UncheckedIOException("The export could not be written", failed);
                  }
                }));
  }

  /// What has been signed of a log, if anything has.
  static Optional<SiemExport> of(JdbcClient jdbc, UUID organization) {
    return Export.newest(jdbc, organization)
        .map(signed ->
            new SiemExport(
                jdbc,
                organization,
                Checkpoint.parse(Note.parse(signed.note().getBytes(StandardCharsets.UTF_8)).text()),
                signed.signedAt()));
  }

  String origin() {
    return signed.origin();
  }

  long size() {
    return signed.size();
  }

  /// An entry in the form of a SIEM.
  ///
  /// @param uid of the entry, if it is still there
  record Row(long index, @Nullable UUID uid, String line) {}

  /// Gives at most as many rows, in order.
  void page(SiemForm form, long from, long most, Consumer<Row> rows) {
    var end = most > signed.size() - from ? signed.size() : from + most;
    for (var start = from; start < end; start += PAGE) {
      entries(start, Math.min(start + PAGE, end))
          .forEach(entry ->
              rows.accept(
                  new Row(
                      entry.idx(),
                      entry.uid(),
                      form.row(
                          signed.origin(),
                          entry.idx(),
                          entry.leaf(),
                          Hash.of(entry.hash()),
                          signedAt))));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one page.
  private record Entry(long idx, @Nullable UUID uid, byte @Nullable [] leaf, byte[] hash) {}

  private List<Entry> entries(long from, long to) {
    return jdbc.sql(
            """
            select l.idx, e.entry_uid as uid, e.leaf, l.leaf_hash as hash
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
}
