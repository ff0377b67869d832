// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.Envelope;
import io.sourceblind.events.Redaction;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.FieldRule;
import io.sourceblind.ingest.allowlist.Reason;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A field is in the contract, the allowlist, the database and `docs/privacy.md`, or in none of
/// them.
class AgreementIT {
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.systemUTC());
  private static final String ENVELOPE = "envelope";
  private static final Pattern HEADING = Pattern.compile("### (?:Every event|`([a-z.]+)`)");
  private static final Pattern ROW =
      Pattern.compile(
          "\\| `([a-z_.]+)` \\| ([a-z_]+) \\| (.+) \\| (yes|no) \\| ([a-z]+) \\| (.+) \\|");

  /// What the server decides is in no event.
  private static final Set<String> OF_THE_SERVER =
      Set.of("org_id", "person_id", "occurred_on", "received_at");

  private static EmbeddedDatabase database;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void theFourSayTheSame() throws IOException {
    assertThat(differences(contract(), allowlist(), views(), document())).isEmpty();
  }

  @Test
  void aFieldThatOneOfThemLacksIsFound() throws IOException {
    for (var without = 0; without < 4; without++) {
      var all = List.of(contract(), allowlist(), views(), document());
      Objects.requireNonNull(all.get(without).get("prompt.submitted")).remove("text");

      assertThat(differences(all.get(0), all.get(1), all.get(2), all.get(3)))
          .containsExactly("prompt.submitted.text");
    }
  }

  @Test
  void aKindThatOneOfThemLacksIsFound() throws IOException {
    for (var without = 0; without < 4; without++) {
      var all = List.of(contract(), allowlist(), views(), document());
      all.get(without).remove("turn.failed");

      assertThat(differences(all.get(0), all.get(1), all.get(2), all.get(3)))
          .contains("turn.failed.retries");
    }
  }

  @Test
  void whateverCanBeRefusedCanBeCounted() {
    var names = new TreeSet<String>(Set.of("line", "event", "redaction"));
    ALLOWLIST.envelope().forEach(rule -> names.add(rule.name()));
    ALLOWLIST.kinds().values().forEach(rules -> rules.forEach(rule -> names.add(rule.name())));
    var jdbc = JdbcClient.create(database.superuser());

    var countable =
        new TreeSet<>(
            jdbc.sql(
                    """
                    select (regexp_matches(pg_get_constraintdef(oid), $$'([a-z_.]+)'::text$$, 'g'))[1]
                      from pg_constraint where conname = 'field'
                    """)
                .query(String.class)
                .list());
    countable.remove("unlisted");

    assertThat(countable).isEqualTo(names);
    var rule =
        jdbc.sql("select pg_get_constraintdef(oid) from pg_constraint where conname = 'reason'")
            .query(String.class)
            .single();
    for (var reason : Reason.values()) {
      assertThat(rule).contains("'" + reason.word() + "'");
    }
  }

  @Test
  void theContractNeedsWhatTheAllowlistNeeds() {
    var needed = new TreeSet<String>();
    for (var type : CapturedEvent.class.getPermittedSubclasses()) {
      components(type).forEach(field -> addNeeded(needed, kindOf(type), field));
    }
    components(Envelope.class).forEach(field -> addNeeded(needed, ENVELOPE, field));
    components(Redaction.class).forEach(field -> needed.add("envelope.redaction." + snake(field)));
    needed.add("envelope.kind");

    assertThat(neededByTheAllowlist()).isEqualTo(needed);
  }

  @Test
  void theDocumentSaysOfEachFieldWhatTheAllowlistHolds() throws IOException {
    var rows = new TreeMap<String, String>();
    for (var line : documentLines()) {
      var row = ROW.matcher(line.text());
      if (row.matches()) {
        rows.put(line.kind() + "." + row.group(1), line.text());
      }
    }

    var expected = new TreeMap<String, String>();
    ALLOWLIST.envelope().forEach(rule -> expected.put("envelope." + rule.name(), row(rule)));
    ALLOWLIST
        .kinds()
        .forEach((kind, rules) ->
            rules.forEach(rule -> expected.put(kind + "." + rule.name(), row(rule))));
    assertThat(rows).isEqualTo(expected);
  }

  /// Fields by kind, and what every event has under `envelope`.
  private static Map<String, Set<String>> contract() {
    var fields = new TreeMap<String, Set<String>>();
    for (var type : CapturedEvent.class.getPermittedSubclasses()) {
      var names = fields.computeIfAbsent(kindOf(type), _ -> new TreeSet<>());
      components(type).forEach(field -> names.add(snake(field)));
    }
    var envelope = fields.computeIfAbsent(ENVELOPE, _ -> new TreeSet<>());
    components(Envelope.class).forEach(field -> envelope.add(snake(field)));
    envelope.remove("redaction");
    components(Redaction.class).forEach(field -> envelope.add("redaction." + snake(field)));
    envelope.add("kind");
    return fields;
  }

  private static Map<String, Set<String>> allowlist() {
    var fields = new TreeMap<String, Set<String>>();
    fields.put(ENVELOPE, names(ALLOWLIST.envelope()));
    ALLOWLIST.kinds().forEach((kind, rules) -> fields.put(kind, names(rules)));
    return fields;
  }

  private static Map<String, Set<String>> views() {
    var fields = new TreeMap<String, Set<String>>();
    var envelope = names(ALLOWLIST.envelope());
    JdbcClient.create(database.superuser())
        .sql(
            """
            select v.relname, a.attname
              from pg_class v
              join pg_attribute a on a.attrelid = v.oid and a.attnum > 0
             where v.relnamespace = 'capture'::regnamespace
               and v.relkind = 'v'
               and v.relname not like 'capacity%'
            """)
        .query(row -> {
          var kind = row.getString(1).replaceFirst("_", ".");
          var column = row.getString(2).replaceFirst("^redaction_", "redaction.");
          if (!OF_THE_SERVER.contains(column)) {
            var whose = envelope.contains(column) ? ENVELOPE : kind;
            fields.computeIfAbsent(whose, _ -> new TreeSet<>()).add(column);
          }
        });
    // A view is of one kind, so it needs no column that says which.
    fields.computeIfAbsent(ENVELOPE, _ -> new TreeSet<>()).add("kind");
    return fields;
  }

  private static Map<String, Set<String>> document() throws IOException {
    var fields = new TreeMap<String, Set<String>>();
    for (var line : documentLines()) {
      var row = ROW.matcher(line.text());
      if (row.matches()) {
        fields.computeIfAbsent(line.kind(), _ -> new TreeSet<>()).add(row.group(1));
      }
    }
    return fields;
  }

  /// A line of the document below the heading of a kind.
  private record Line(String kind, String text) {}

  private static List<Line> documentLines() throws IOException {
    var lines = new ArrayList<Line>();
    var kind = "";
    for (var line : Files.readAllLines(Checkout.path("docs/privacy.md"))) {
      var heading = HEADING.matcher(line);
      if (heading.matches()) {
        kind = Objects.requireNonNullElse(heading.group(1), ENVELOPE);
      }
      if (!kind.isEmpty()) {
        lines.add(new Line(kind, line));
      }
    }
    return lines;
  }

  private static String row(FieldRule rule) {
    return "| `%s` | %s | %s | %s | %s | %s |"
        .formatted(
            rule.name(),
            rule.bound().type(),
            rule.bound().inWords(),
            rule.required() ? "yes" : "no",
            rule.sensitivity().name().toLowerCase(Locale.ROOT),
            rule.purpose());
  }

  @SafeVarargs
  private static Set<String> differences(Map<String, Set<String>>... all) {
    var union = new TreeSet<String>();
    for (var one : all) {
      union.addAll(flat(one));
    }
    var different = new TreeSet<String>();
    for (var one : all) {
      var lacking = new TreeSet<>(union);
      lacking.removeAll(flat(one));
      different.addAll(lacking);
    }
    return different;
  }

  private static Set<String> flat(Map<String, Set<String>> fields) {
    var flat = new TreeSet<String>();
    fields.forEach((kind, names) -> names.forEach(name -> flat.add(kind + "." + name)));
    return flat;
  }

  private static Set<String> names(Collection<FieldRule> rules) {
    var names = new TreeSet<String>();
    rules.forEach(rule -> names.add(rule.name()));
    return names;
  }

  private static Set<String> neededByTheAllowlist() {
    var needed = new TreeSet<String>();
    ALLOWLIST.envelope().stream()
        .filter(FieldRule::required)
        .forEach(rule -> needed.add("envelope." + rule.name()));
    ALLOWLIST
        .kinds()
        .forEach((kind, rules) ->
            rules.stream()
                .filter(FieldRule::required)
                .forEach(rule -> needed.add(kind + "." + rule.name())));
    return needed;
  }

  private static void addNeeded(Set<String> needed, String kind, RecordComponent field) {
    var optional = field.getAnnotatedType().isAnnotationPresent(Nullable.class);
    if (!optional && field.getType() != Redaction.class) {
      needed.add(kind + "." + snake(field));
    }
  }

  private static String kindOf(Class<?> type) {
    return type.getAnnotation(JsonTypeName.class).value();
  }

  private static List<RecordComponent> components(Class<?> type) {
    return java.util.Arrays.stream(type.getRecordComponents())
        .filter(field -> field.getType() != Envelope.class)
        .toList();
  }

  private static String snake(RecordComponent field) {
    return field.getName().replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }
}
