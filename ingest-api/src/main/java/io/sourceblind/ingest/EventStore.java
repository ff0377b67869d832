// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.db.TenantDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Stores batches of events for the tenant of the running work, each batch in one transaction.
final class EventStore {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String ADD_EVENTS = read("add-events.sql");
  private static final Pattern RULE =
      Pattern.compile("(?:constraint|column) \"([a-z_0-9]{1,63})\"");

  private final TenantDatabase database;

  /// @param database as `ingest_writer`
  EventStore(TenantDatabase database) {
    this.database = database;
  }

  /// Adds the events and says what became of each, in their order. What was added is committed.
  ///
  /// @throws org.springframework.dao.DataAccessException if the database fails; then nothing was
  ///   added
  List<Fate> add(List<? extends JsonNode> events) {
    if (events.isEmpty()) {
      return List.of();
    }
    try {
      return database.inTransaction(jdbc -> addTogether(jdbc, events));
    } catch (DataIntegrityViolationException _) {
      return database.inTransaction(jdbc -> addApart(jdbc, events));
    }
  }

  /// Adds what the database takes, and finds what it does not by halves.
  private List<Fate> addApart(JdbcClient jdbc, List<? extends JsonNode> events) {
    jdbc.sql("savepoint apart").update();
    try {
      var fates = addTogether(jdbc, events);
      jdbc.sql("release savepoint apart").update();
      return fates;
    } catch (DataIntegrityViolationException refused) {
      jdbc.sql("rollback to savepoint apart").update();
      jdbc.sql("release savepoint apart").update();
      if (events.size() == 1) {
        return List.of(new Fate.Refused(ruleIn(refused)));
      }
    }
    var middle = events.size() / 2;
    var fates = new ArrayList<>(addApart(jdbc, events.subList(0, middle)));
    fates.addAll(addApart(jdbc, events.subList(middle, events.size())));
    return fates;
  }

  private static List<Fate> addTogether(JdbcClient jdbc, List<? extends JsonNode> events) {
    var added =
        new HashSet<>(
            jdbc.sql(ADD_EVENTS)
                .param("events", JSON.writeValueAsString(events))
                .query(String.class)
                .list());
    var fates = new ArrayList<Fate>();
    for (var event : events) {
      // Taken out, so that the same id twice in a batch is added once and known the second time.
      var isNew = added.remove(event.path("event_id").asString(""));
      fates.add(isNew ? new Fate.Added() : new Fate.Known());
    }
    return fates;
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
