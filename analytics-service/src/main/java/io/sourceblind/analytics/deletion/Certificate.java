// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.joining;

import io.sourceblind.audit.Receipts;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What somebody gets in their hands when a deletion is done: what went from where, which entries
/// of the log say so and where they stand, and when no backup can have it any more. It is signed as
/// receipts are, and `bin/note-verify` checks it offline. Whoever deletes the data of another
/// person is told that it is gone, not how much it was.
record Certificate(UUID organization, Deletion deletion, List<Day> days, List<Entry> entries) {
  private static final Set<String> STEPS =
      Set.of("deletion.asked", "deletion.confirmed", "deletion.done");
  private static final DateTimeFormatter PARTITION =
      DateTimeFormatter.ofPattern("'capture.event_'uuuuMMdd");

  /// A day that something was deleted from.
  record Day(LocalDate day) {
    String partition() {
      return PARTITION.format(day);
    }
  }

  /// An entry of the log.
  ///
  /// @param idx its place in the tree; null until it has one
  record Entry(@Nullable Long idx, UUID entryUid, String action, String hash) {}

  /// Nothing before the deletion is done and all its entries have their place.
  static Optional<Certificate> of(JdbcClient jdbc, UUID organization, Deletion deletion) {
    if (!deletion.done()) {
      return Optional.empty();
    }
    var days =
        jdbc.sql("select unnest(days) as day from identity.counts_of_deletion(:id)")
            .param("id", deletion.id())
            .query(DataClassRowMapper.newInstance(Day.class))
            .list();
    var entries =
        jdbc.sql("select * from identity.entries_of_deletion(:id)")
            .param("id", deletion.id())
            .query(DataClassRowMapper.newInstance(Entry.class))
            .list();
    // What the log does not say is done is not certified, whatever the row says.
    var done = entries.stream().anyMatch(entry -> entry.action().equals("deletion.done"));
    var placed = entries.stream().allMatch(entry -> entry.idx() != null);
    return done && placed
        ? Optional.of(new Certificate(organization, deletion, days, entries))
        : Optional.empty();
  }

  /// @param daysInBackups how long a backup may still have what was deleted
  String signed(Receipts receipts, int daysInBackups) {
    var done = Objects.requireNonNull(deletion.doneAt());
    return receipts.note(
        """
        Sourceblind certificate of deletion, version 1
        organization %s
        deletion %s
        scope %s
        asked %s
        confirmed %s
        done %s
        %s
        %s
        gone_from_backups_by %s
        """
            .formatted(
                organization,
                deletion.id(),
                deletion.scope(),
                time(deletion.askedAt()),
                time(Objects.requireNonNull(deletion.confirmedAt())),
                time(done),
                gone(),
                entries.stream()
                    .filter(entry -> deletion.counted() || STEPS.contains(entry.action()))
                    .map(entry ->
                        "audit_entry %d %s %s %s"
                            .formatted(entry.idx(), entry.action(), entry.entryUid(), entry.hash()))
                    .collect(joining("\n")),
                LocalDate.ofInstant(done, UTC).plusDays(daysInBackups)));
  }

  private String gone() {
    return deletion.counted()
        ? """
        deleted capture.event rows %d
        deleted release.person_week rows %d
        erased audit.private_part entries %d
        deleted release.released_cell and release.organization_line rows %d
        partitions %d %s\
        """
            .formatted(
                deletion.events(),
                deletion.sums(),
                deletion.parts(),
                deletion.cells(),
                days.size(),
                days.isEmpty() ? "none" : days.stream().map(Day::partition).collect(joining(",")))
        : "deleted all that was captured of one person; how much it was is told to nobody else";
  }

  private static String time(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
