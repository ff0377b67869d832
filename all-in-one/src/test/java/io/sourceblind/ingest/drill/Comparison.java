// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static java.time.ZoneOffset.UTC;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/// Holds the ledger against the table of events.
final class Comparison {
  private static final int ROWS_AT_ONCE = 10_000;

  private final Ledger ledger;
  private final List<Sent> told = new ArrayList<>();

  Comparison(Ledger ledger) {
    this.ledger = ledger;
  }

  /// What was acknowledged since the last comparison is stored, and its day is marked.
  Findings ofWhatIsNew(Connection superuser) throws SQLException {
    var findings = new Findings();
    var events = ledger.newlyAcknowledged();
    told.addAll(events);
    var byDay = events.stream().collect(Collectors.groupingBy(Day::of));
    for (var day : byDay.entrySet()) {
      lookUp(superuser, day.getKey(), day.getValue(), findings);
    }
    return findings;
  }

  /// Each acknowledged event is stored once and under its owner, and nothing else is stored.
  Findings ofAll(Connection superuser) throws SQLException {
    var findings = ofWhatIsNew(superuser);
    var stored = new HashSet<UUID>();
    superuser.setAutoCommit(false);
    try (var statement = superuser.createStatement()) {
      statement.setFetchSize(ROWS_AT_ONCE);
      try (var rows =
          statement.executeQuery("select event_id, org_id, person_id from capture.event")) {
        while (rows.next()) {
          look(rows, stored, findings);
        }
      }
      for (var event : told) {
        if (!stored.contains(event.id())) {
          findings.add(BrokenPromise.LOST, event.id());
        }
      }
      try (var days =
          statement.executeQuery(
              """
              select distinct org_id, occurred_on from capture.event
              except
              select org_id, occurred_on from release.dirty_day
              """)) {
        while (days.next()) {
          findings.add(
              BrokenPromise.DAY_NOT_MARKED,
              new Day(days.getObject(1, UUID.class), days.getObject(2, LocalDate.class)));
        }
      }
    }
    return findings;
  }

  /// An event of which the comparison knows that it was acknowledged.
  Sent any() {
    return told.getLast();
  }

  private void look(ResultSet row, Set<UUID> stored, Findings findings) throws SQLException {
    var id = row.getObject(1, UUID.class);
    var event = ledger.find(id);
    if (event == null) {
      findings.add(BrokenPromise.NEVER_SENT, id);
      return;
    }
    if (!stored.add(id)) {
      findings.add(BrokenPromise.STORED_TWICE, id);
    }
    if (!event.good()) {
      findings.add(BrokenPromise.REFUSED_BUT_STORED, id);
    }
    var owner = new Sent.Owner(row.getObject(2, UUID.class), row.getObject(3, UUID.class));
    if (!owner.equals(event.owner())) {
      findings.add(BrokenPromise.ASTRAY, id);
    }
  }

  private static void lookUp(Connection superuser, Day day, List<Sent> events, Findings findings)
      throws SQLException {
    var owners = new HashMap<UUID, UUID>();
    try (var query =
        superuser.prepareStatement(
            """
            select event_id, person_id from capture.event
             where org_id = ? and occurred_on = ? and event_id = any (?)
            """)) {
      query.setObject(1, day.organization());
      query.setObject(2, day.date());
      query.setArray(3, superuser.createArrayOf("uuid", events.stream().map(Sent::id).toArray()));
      try (var rows = query.executeQuery()) {
        while (rows.next()) {
          owners.put(rows.getObject(1, UUID.class), rows.getObject(2, UUID.class));
        }
      }
    }
    for (var event : events) {
      if (!event.owner().person().equals(owners.get(event.id()))) {
        findings.add(BrokenPromise.LOST, event.id());
      }
    }
    try (var query =
        superuser.prepareStatement(
            "select from release.dirty_day where org_id = ? and occurred_on = ? limit 1")) {
      query.setObject(1, day.organization());
      query.setObject(2, day.date());
      try (var marks = query.executeQuery()) {
        if (!marks.next()) {
          findings.add(BrokenPromise.DAY_NOT_MARKED, day);
        }
      }
    }
  }

  /// A day of an organization, as the database computes it from an event's id.
  private record Day(UUID organization, LocalDate date) {
    static Day of(Sent event) {
      var millis = event.id().getMostSignificantBits() >>> 16;
      return new Day(
          event.owner().organization(), LocalDate.ofInstant(Instant.ofEpochMilli(millis), UTC));
    }
  }
}
