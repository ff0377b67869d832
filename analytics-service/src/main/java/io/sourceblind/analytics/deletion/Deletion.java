// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/// A deletion as its page shows it. Row security shows an engineer those of their own data, a
/// manager those they asked for and those of the whole organization.
///
/// @param open whether it can still be confirmed
/// @param counted whether the reader may see how much it was: of a person only that person may
/// @param days how many days, and so partitions, something was deleted from so far
record Deletion(
    UUID id,
    String scope,
    boolean released,
    Instant askedAt,
    boolean open,
    @Nullable Instant confirmedAt,
    @Nullable Instant begunAt,
    @Nullable Instant doneAt,
    boolean counted,
    long events,
    long sums,
    long parts,
    long cells,
    int days) {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH).withZone(UTC);

  private static final String SELECT =
      """
      select id, scope, released, asked_at, c.events is not null as counted, coalesce(c.events, 0) as events,
             coalesce(c.sums, 0) as sums, coalesce(c.parts, 0) as parts,
             coalesce(c.cells, 0) as cells,
             coalesce(cardinality(c.days), 0) as days,
             confirmed_at is null and asked_at > now() - interval '14 minutes' as open,
             confirmed_at, begun_at, done_at
        from identity.deletion
        left join lateral identity.counts_of_deletion(id) c on true
       where org_id = :org
      """;

  static List<Deletion> all(JdbcClient jdbc, UUID organization) {
    return of(jdbc.sql(SELECT + "order by asked_at desc").param("org", organization));
  }

  static Optional<Deletion> find(JdbcClient jdbc, UUID organization, UUID id) {
    return of(jdbc.sql(SELECT + "and id = :id").param("org", organization).param("id", id)).stream()
        .findFirst();
  }

  /// One of them, on record.
  ///
  /// @throws NotFound if there is none that the reader may see
  static Deletion read(Reading reading, UUID id) {
    return reading
        .read("deletion:" + id, jdbc -> find(jdbc, reading.organization(), id))
        .orElseThrow(NotFound::new);
  }

  private static List<Deletion> of(StatementSpec statement) {
    return statement.query(DataClassRowMapper.newInstance(Deletion.class)).list();
  }

  public String what() {
    if (scope.equals("person")) {
      return "One person's data";
    }
    return released
        ? "All data of the organization, and its released numbers"
        : "All data of the organization";
  }

  public String asked() {
    return TIME.format(askedAt);
  }

  public String state() {
    if (doneAt != null) {
      return "Deleted on " + TIME.format(doneAt);
    }
    if (begunAt != null) {
      return "Being deleted";
    }
    if (confirmedAt != null) {
      return "Confirmed; begins within a minute";
    }
    return open ? "Not confirmed yet" : "Never confirmed, so nothing was deleted";
  }

  public boolean done() {
    return doneAt != null;
  }
}
