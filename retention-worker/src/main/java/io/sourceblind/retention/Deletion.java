// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static java.util.stream.Collectors.joining;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Deletes what somebody asked to be deleted and has confirmed: events, weekly sums, the personal
/// parts of the log's entries and, of an organization that leaves, its released numbers. It may
/// stop anywhere and be run again; each step says in the log what it deleted, in the transaction
/// that deletes it.
final class Deletion {
  private static final Actor ACTOR = Actor.job("retention");

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Ledger ledger;
  private final int batch;

  private record Gone(LocalDate day, long events) {}

  private record Confirmation(
      @Nullable UUID personId, boolean released, UUID askedBy, Instant confirmedAt) {}

  private record Entry(UUID uid) {}

  private record Counts(long events, long sums, long parts, long cells, int days) {}

  Deletion(TenantDatabase database, AuditLog audit, Ledger ledger, RetentionSettings settings) {
    this.database = database;
    this.audit = audit;
    this.ledger = ledger;
    this.batch = settings.batch();
  }

  /// What was confirmed and is not done, by its ids.
  List<Envelope> waiting() {
    return database.withoutTenant(jdbc ->
        jdbc.sql("select org_id as organization, id as deletion from identity.waiting_deletions()")
            .query(DataClassRowMapper.newInstance(Envelope.class))
            .list());
  }

  /// Does one deletion to its end, or nothing if it is done already.
  void run(Envelope envelope) {
    TenantScope.runAs(
        Tenant.of(envelope.organization()),
        () -> {
          if (database.inTransaction(jdbc -> begin(jdbc, envelope)) == 0) {
            return;
          }
          boolean done;
          do {
            long some;
            do {
              some = database.inTransaction(jdbc -> deleteEvents(jdbc, envelope));
            } while (some > 0);
            database.inTransaction(jdbc -> deleteSums(jdbc, envelope));
            long numbers;
            do {
              numbers = database.inTransaction(jdbc -> deleteReleased(jdbc, envelope));
            } while (numbers > 0);
            for (var entry : database.inTransaction(jdbc -> entries(jdbc, envelope))) {
              database.inTransaction(jdbc -> erase(jdbc, envelope, entry));
            }
            // Not while a row is there: whoever else deletes may have been in the way of a batch.
            done = database.inTransaction(jdbc -> finish(jdbc, envelope));
          } while (!done);
        });
  }

  private int begin(JdbcClient jdbc, Envelope envelope) {
    // Who comes after us sees that it is deleted; whoever stands in the way is not waited for long.
    jdbc.sql("set local lock_timeout = '2s'").update();
    jdbc.sql("select capture.wait_for_those_who_add()").query().listOfRows();
    var begun =
        update(
            jdbc,
            envelope,
            "begun_at = coalesce(begun_at, now())",
            "confirmed_at is not null and done_at is null",
            Map.of());
    if (begun > 0) {
      ledger.keep(confirmed(jdbc, envelope));
      append(jdbc, envelope, "deletion.begun", Map.of());
    }
    return begun;
  }

  private static Ledger.Line.Confirmed confirmed(JdbcClient jdbc, Envelope envelope) {
    var confirmation =
        jdbc.sql(
                """
                select person_id, released, asked_by, confirmed_at
                  from identity.deletion
                 where org_id = :org and id = :deletion
                """)
            .param("org", envelope.organization())
            .param("deletion", envelope.deletion())
            .query(DataClassRowMapper.newInstance(Confirmation.class))
            .single();
    return new Ledger.Line.Confirmed(
        envelope.organization(),
        envelope.deletion(),
        confirmation.personId(),
        confirmation.released(),
        confirmation.askedBy(),
        confirmation.confirmedAt());
  }

  private long deleteEvents(JdbcClient jdbc, Envelope envelope) {
    var gone =
        jdbc.sql("select day, events from identity.delete_events(:deletion, :most)")
            .param("deletion", envelope.deletion())
            .param("most", batch)
            .query(DataClassRowMapper.newInstance(Gone.class))
            .list();
    var events = gone.stream().mapToLong(Gone::events).sum();
    if (events > 0) {
      update(
          jdbc,
          envelope,
          """
          events = events + :events,
          days = (select array_agg(distinct day order by day)
                    from unnest(days || string_to_array(:days, ',')::date[]) day)
          """,
          "done_at is null",
          Map.of(
              "events",
              events,
              "days",
              gone.stream().map(one -> one.day().toString()).collect(joining(","))));
      append(
          jdbc,
          envelope,
          "deletion.events_deleted",
          counts(jdbc, envelope, Map.of("events", events, "days", gone.size())));
    }
    return events;
  }

  private long deleteSums(JdbcClient jdbc, Envelope envelope) {
    var sums =
        jdbc.sql("select identity.delete_sums(:deletion)")
            .param("deletion", envelope.deletion())
            .query(Long.class)
            .single();
    if (sums > 0) {
      update(jdbc, envelope, "sums = sums + :sums", "done_at is null", Map.of("sums", sums));
      append(jdbc, envelope, "deletion.sums_deleted", counts(jdbc, envelope, Map.of("sums", sums)));
    }
    return sums;
  }

  private long deleteReleased(JdbcClient jdbc, Envelope envelope) {
    var cells =
        jdbc.sql("select identity.delete_released(:deletion, :most)")
            .param("deletion", envelope.deletion())
            .param("most", batch)
            .query(Long.class)
            .single();
    if (cells > 0) {
      update(jdbc, envelope, "cells = cells + :cells", "done_at is null", Map.of("cells", cells));
      append(jdbc, envelope, "deletion.numbers_deleted", Map.of("cells", cells));
    }
    return cells;
  }

  private static List<Entry> entries(JdbcClient jdbc, Envelope envelope) {
    return jdbc.sql("select identity.entries_with_personal_parts(:deletion) as uid")
        .param("deletion", envelope.deletion())
        .query(DataClassRowMapper.newInstance(Entry.class))
        .list();
  }

  private int erase(JdbcClient jdbc, Envelope envelope, Entry entry) {
    audit.erase(jdbc, envelope.organization(), entry.uid(), ACTOR);
    return update(jdbc, envelope, "parts = parts + 1", "done_at is null", Map.of());
  }

  private boolean finish(JdbcClient jdbc, Envelope envelope) {
    var done =
        jdbc.sql("select identity.finish_deletion(:deletion)")
            .param("deletion", envelope.deletion())
            .query(Boolean.class)
            .single();
    if (done) {
      var counts =
          jdbc.sql(
                  """
                  select events, sums, parts, cells, cardinality(days) as days
                    from identity.deletion
                   where org_id = :org and id = :deletion
                  """)
              .param("org", envelope.organization())
              .param("deletion", envelope.deletion())
              .query(DataClassRowMapper.newInstance(Counts.class))
              .single();
      append(
          jdbc,
          envelope,
          "deletion.done",
          counts(
              jdbc,
              envelope,
              Map.of(
                  "events", counts.events(),
                  "sums", counts.sums(),
                  "parts", counts.parts(),
                  "cells", counts.cells(),
                  "days", counts.days())));
    }
    return done;
  }

  /// The log says who asked for the deletion, so of a person it must not say how much there was.
  private static Map<String, Object> counts(
      JdbcClient jdbc, Envelope envelope, Map<String, Object> counts) {
    return confirmed(jdbc, envelope).person() == null ? counts : Map.of();
  }

  private static int update(
      JdbcClient jdbc, Envelope envelope, String change, String where, Map<String, ?> parameters) {
    return jdbc.sql(
            "update identity.deletion set %s where org_id = :org and id = :deletion and %s"
                .formatted(change, where))
        .param("org", envelope.organization())
        .param("deletion", envelope.deletion())
        .params(parameters)
        .update();
  }

  /// The entry names the deletion and nobody: whoever may read the deletion knows whose it is.
  private void append(
      JdbcClient jdbc, Envelope envelope, String action, Map<String, Object> details) {
    audit.append(
        jdbc,
        new AuditEntry(
            envelope.organization(),
            ACTOR,
            action,
            "deletion:" + envelope.deletion(),
            Outcome.DONE,
            details));
  }
}
