// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;
import static java.util.stream.Collectors.joining;

import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.ingest.EventRows.Written;
import io.sourceblind.ingest.allowlist.Reason;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// Stores batches of events, those of several senders in one transaction.
final class EventStore {
  private static final String ADD = read("add-events.sql");

  /// Marks the days it touched and answers with how many were new. It names no column of what was
  /// stored: else a policy would have to find out for every row whether its sender may see it,
  /// which took a third of the time. Nor does it say what to do about a row that is there: else
  /// each would be looked for before it is added, and confirmed after, which took a sixth.
  private static final String ADD_NEW =
      ADD
          + """
            returning 1
          ), marked as (
            insert into release.dirty_day (org_id, occurred_on)
            select nullif(current_setting('app.org_id', true), '')::uuid, day
              from unnest(cast(:days as date[])) day
          )
          select count(*) from added
          """;

  /// Marks the days it touched, and answers with the ids that were new, the oldest day that the
  /// organization keeps, and up to when the sender's data was deleted.
  private static final String ADD_SOME =
      ADD
          + """
            on conflict do nothing
            returning event_id
          ), marked as (
            insert into release.dirty_day (org_id, occurred_on)
            select distinct
              nullif(current_setting('app.org_id', true), '')::uuid,
              (uuid_extract_timestamp(event_id) at time zone 'UTC')::date
              from added
          )
          select (select horizon from ours) as horizon,
                 (select deleted_until from ours) as deleted_until,
                 (select string_agg(replace(event_id::text, '-', ''), ',') from added) as added
          """;

  private static final String COUNT_LEFT_OUT =
      """
      insert into release.left_out (org_id, on_day, field, reason, times)
      select nullif(current_setting('app.org_id', true), '')::uuid,
             (statement_timestamp() at time zone 'UTC')::date,
             known.field,
             l.reason,
             least(count(*), 1000000)
        from unnest(string_to_array(:fields, ','), string_to_array(:reasons, ',')) l (field, reason)
       cross join lateral (
             select case when pg_input_is_valid(l.field, 'release.field') then l.field
                         else 'unlisted' end as field) known
       group by known.field, l.reason
      """;
  private static final Pattern RULE =
      Pattern.compile("(?:constraint|column) \"([a-z_0-9]{1,63})\"");

  private final TenantDatabase database;
  private final EventRows shape;

  /// @param database as `ingest_writer`
  EventStore(TenantDatabase database) {
    this.database = database;
    this.shape = database.withoutTenant(EventRows::shapedBy);
  }

  /// What one sender sent at once.
  ///
  /// @param leftOut what was left out of it or refused before it came here
  record Batch(Tenant sender, List<Written> events, List<LeftOut> leftOut) {}

  /// One field or event that is not stored, and why: `dropped`, or the word of a refusal.
  record LeftOut(String field, String reason) {}

  /// Makes a batch of what a sender sent.
  Batch batch(Tenant sender, List<? extends JsonNode> events, List<LeftOut> leftOut) {
    return new Batch(sender, events.stream().map(shape::row).toList(), leftOut);
  }

  /// Adds the batches and says what became of each event, in their order. What was added is
  /// committed. An event that the database refuses does not take the others with it.
  ///
  /// @throws org.springframework.dao.DataAccessException if the database fails; then nothing of a
  ///   batch was added, or all that it takes of it
  List<List<Fate>> add(List<Batch> batches) {
    try {
      return together(batches, EventStore::addNew);
    } catch (NotAllNew | DuplicateKeyException _) {
      return addSome(batches);
    } catch (DataIntegrityViolationException _) {
      return addEach(batches);
    }
  }

  private List<List<Fate>> addSome(List<Batch> batches) {
    try {
      return together(batches, EventStore::addTogether);
    } catch (DataIntegrityViolationException _) {
      return addEach(batches);
    }
  }

  private List<List<Fate>> together(List<Batch> batches, Adding adding) {
    return database.inOneTransaction(batches.stream().map(batch -> work(batch, adding)).toList());
  }

  private List<List<Fate>> addEach(List<Batch> batches) {
    return batches.stream()
        .map(batch -> work(batch, EventStore::addApart))
        .map(work -> database.inOneTransaction(List.of(work)).getFirst())
        .toList();
  }

  private static TenantDatabase.Work<List<Fate>> work(Batch batch, Adding adding) {
    return new TenantDatabase.Work<>(
        batch.sender(),
        jdbc -> {
          // A statement of its own: the next one then sees each deletion that does not wait for us.
          jdbc.sql("select capture.begin_to_add()").query().listOfRows();
          var fates = fates(jdbc, batch.events(), adding);
          count(jdbc, batch.leftOut(), fates);
          return fates;
        });
  }

  private interface Adding {
    List<Fate> add(JdbcClient jdbc, List<Written.Row> rows);
  }

  private static List<Fate> fates(JdbcClient jdbc, List<Written> events, Adding adding) {
    var rows = new ArrayList<Written.Row>();
    for (var event : events) {
      if (event instanceof Written.Row row) {
        rows.add(row);
      }
    }
    var added = rows.isEmpty() ? List.<Fate>of() : adding.add(jdbc, rows);
    var next = added.iterator();
    return events.stream()
        .map(event ->
            switch (event) {
              case Written.Row _ -> next.next();
              case Written.Misfit(var column) -> new Fate.Refused(column);
            })
        .toList();
  }

  private static void count(JdbcClient jdbc, List<LeftOut> before, List<Fate> fates) {
    var leftOut = new ArrayList<>(before);
    for (var fate : fates) {
      switch (fate) {
        case Fate.Past() -> leftOut.add(new LeftOut("occurred_at", Reason.TOO_OLD.word()));
        case Fate.Refused _ -> leftOut.add(new LeftOut("event", "database"));
        case Fate.Added _, Fate.Known _ -> {}
      }
    }
    if (!leftOut.isEmpty()) {
      jdbc.sql(COUNT_LEFT_OUT)
          .param("fields", leftOut.stream().map(LeftOut::field).collect(joining(",")))
          .param("reasons", leftOut.stream().map(LeftOut::reason).collect(joining(",")))
          .update();
    }
  }

  /// Adds what the database takes, and finds what it does not by halves.
  private static List<Fate> addApart(JdbcClient jdbc, List<Written.Row> rows) {
    jdbc.sql("savepoint apart").update();
    try {
      var fates = addTogether(jdbc, rows);
      jdbc.sql("release savepoint apart").update();
      return fates;
    } catch (DataIntegrityViolationException refused) {
      jdbc.sql("rollback to savepoint apart").update();
      jdbc.sql("release savepoint apart").update();
      if (rows.size() == 1) {
        return List.of(new Fate.Refused(ruleIn(refused)));
      }
    }
    var middle = rows.size() / 2;
    var fates = new ArrayList<>(addApart(jdbc, rows.subList(0, middle)));
    fates.addAll(addApart(jdbc, rows.subList(middle, rows.size())));
    return fates;
  }

  /// Adds what nobody has sent before, which is what most batches are.
  ///
  /// @throws NotAllNew if some of it is past; then nothing may stay of it
  /// @throws DuplicateKeyException if some of it is known or there twice
  private static List<Fate> addNew(JdbcClient jdbc, List<Written.Row> rows) {
    var added =
        jdbc.sql(ADD_NEW)
            .param("events", EventRows.array(sorted(rows)))
            .param("days", days(rows))
            .query(Integer.class)
            .single();
    if (added != rows.size()) {
      throw new NotAllNew();
    }
    return rows.stream().<Fate>map(_ -> new Fate.Added()).toList();
  }

  private static String days(List<Written.Row> rows) {
    return rows.stream()
        .map(Written.Row::at)
        .filter(Objects::nonNull)
        .map(at -> LocalDate.ofInstant(at, UTC).toString())
        .distinct()
        .collect(joining(",", "{", "}"));
  }

  private static final class NotAllNew extends RuntimeException {
    private static final long serialVersionUID = 1;

    private NotAllNew() {
      super("Not all of the batch is new", null, false, false);
    }
  }

  /// Always in the same order, so that two batches with the same events cannot wait for each other.
  private static List<Written.Row> sorted(List<Written.Row> rows) {
    return rows.stream().sorted(Comparator.comparing(Written.Row::id)).toList();
  }

  private static List<Fate> addTogether(JdbcClient jdbc, List<Written.Row> rows) {
    var answer =
        jdbc.sql(ADD_SOME)
            .param("events", EventRows.array(sorted(rows)))
            .query(Stored.class)
            .single();
    var past = answer.past();
    var added =
        answer.added() == null
            ? new HashSet<String>()
            : new HashSet<>(Arrays.asList(answer.added().split(",", -1)));
    var fates = new ArrayList<Fate>();
    for (var row : rows) {
      fates.add(fate(row, added, past));
    }
    return fates;
  }

  private static Fate fate(Written.Row row, Set<String> added, Instant past) {
    // Taken out, so that the same id twice in a batch is added once and known the second time.
    if (added.remove(row.id())) {
      return new Fate.Added();
    }
    return row.at() == null || row.at().isBefore(past) ? new Fate.Past() : new Fate.Known();
  }

  /// @param horizon the oldest day that the organization keeps; null if there is none
  /// @param deletedUntil up to when the sender's data was deleted; null if it never was
  /// @param added the ids that were new, with commas between them; null if there were none
  private record Stored(
      @Nullable LocalDate horizon, @Nullable Instant deletedUntil, @Nullable String added) {

    /// Nothing from before it is kept.
    Instant past() {
      if (horizon == null) {
        return Instant.MAX;
      }
      var kept = horizon.atStartOfDay(UTC).toInstant();
      // The database counts in microseconds, and keeps what came after.
      return deletedUntil == null || deletedUntil.isBefore(kept)
          ? kept
          : deletedUntil.plus(1, ChronoUnit.MICROS);
    }
  }

  /// The name of the rule that was broken: all that is taken from the database's message.
  private static String ruleIn(DataIntegrityViolationException refused) {
    var rule = RULE.matcher(String.valueOf(refused.getMostSpecificCause().getMessage()));
    return rule.find() ? rule.group(1) : "unnamed";
  }

  private static String read(String name) {
    try (var file = EventStore.class.getResourceAsStream(name)) {
      return new String(Objects.requireNonNull(file).readAllBytes(), UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
