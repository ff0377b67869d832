// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Organizations;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Bound;
import io.sourceblind.ingest.allowlist.FieldRule;
import io.sourceblind.ingest.allowlist.Reason;
import io.sourceblind.ingest.allowlist.Trees;
import io.sourceblind.ingest.allowlist.Verdict;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The store without the allowlist before it: what the database keeps of any tree.
class EventStoreIT {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Allowlist ALLOWLIST = Allowlist.load(Clock.systemUTC());
  private static final String CANARY = "Canary7f3 = source(of, truth);";

  private static EmbeddedDatabase database;
  private static HikariDataSource pool;
  private static Tenant tenant;
  private static EventStore store;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    tenant = tenantIn(database);
    pool = database.pool(Login.INGEST);
    store = new EventStore(TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER));
  }

  @AfterAll
  static void stop() {
    pool.close();
    database.close();
  }

  static Stream<String> kinds() {
    return ALLOWLIST.kinds().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void everyFieldIsStoredAsItWasAllowed(String kind) {
    var event = Trees.whole(ALLOWLIST, kind, now());

    var fates = add(event);

    assertThat(fates).containsExactly(new Fate.Added());
    var row = viewRow(kind, event);
    for (var rule : rules(kind)) {
      if (rule.name().equals("kind")) {
        continue;
      }
      var sent = event.at("/" + rule.name().replace('.', '/'));
      var kept = row.path(rule.name().replace('.', '_'));
      assertThat(comparable(rule.bound(), kept))
          .as(rule.name())
          .isEqualTo(comparable(rule.bound(), sent));
    }
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theDatabaseRefusesWhatLacksANeededField(String kind) {
    var lacking = new ArrayList<ObjectNode>();
    for (var rule : rules(kind)) {
      if (rule.required()) {
        var event = Trees.whole(ALLOWLIST, kind, now());
        without(event, rule.name());
        lacking.add(event);
      }
    }

    assertThat(add(lacking)).hasOnlyElementsOfType(Fate.Refused.class);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void theDatabaseHasTheSameBoundsAsTheAllowlist(String kind) {
    var within = new ArrayList<ObjectNode>();
    var beyond = new ArrayList<ObjectNode>();
    for (var rule : rules(kind)) {
      switch (rule.bound()) {
        case Bound.WholeNumber number -> {
          within.add(with(kind, rule, JSON.numberNode(number.min())));
          beyond.add(with(kind, rule, JSON.numberNode(number.min() - 1)));
          beyond.add(with(kind, rule, JSON.numberNode(number.max() + 1)));
        }
        case Bound.Choice choice -> {
          choice.words().stream()
              .filter(word -> !rule.name().equals("path_mode") || word.equals("relative"))
              .forEach(word -> within.add(with(kind, rule, JSON.stringNode(word))));
          beyond.add(with(kind, rule, JSON.stringNode("another")));
        }
        case Bound.Name name ->
            beyond.add(with(kind, rule, JSON.stringNode("a".repeat(name.max() + 1))));
        case Bound.Flags flags -> {
          var list = JSON.arrayNode();
          for (var i = 0; i <= flags.most(); i++) {
            list.add("-a");
          }
          beyond.add(with(kind, rule, list));
          beyond.add(with(kind, rule, JSON.arrayNode().add("--" + "a".repeat(flags.max() + 1))));
        }
        case Bound.RelativePath path ->
            beyond.add(with(kind, rule, JSON.stringNode("a".repeat(path.segment() + 1))));
        case Bound.Prose prose ->
            beyond.add(with(kind, rule, JSON.stringNode("ab ".repeat(prose.max() / 3) + "abc")));
        case Bound.EventId _,
            Bound.Kind _,
            Bound.Reference _,
            Bound.Time _,
            Bound.TrueOrFalse _ -> {}
      }
    }

    assertThat(within).allMatch(event -> ALLOWLIST.decide(event) instanceof Verdict.Allowed);
    assertThat(beyond).allMatch(event -> ALLOWLIST.decide(event) instanceof Verdict.Refused);
    assertThat(add(within)).containsOnly(new Fate.Added());
    // A smallint cannot hold what is one beyond it, and says so by another name.
    assertThat(add(beyond)).hasOnlyElementsOfType(Fate.Refused.class);
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void noTreeHasAPlaceForSourceAndNoLogRepeatsIt(String kind) {
    var events = new ArrayList<ObjectNode>();
    for (var wrong : List.of(JSON.stringNode(CANARY), object(), list())) {
      for (var rule : rules(kind)) {
        var event = with(kind, rule, wrong);
        event.set("unlisted", wrong);
        events.add(event);
      }
    }

    add(events);

    assertThat(everything(database)).doesNotContain("Canary7f3");
    assertThat(EmbeddedDatabase.serverLog()).doesNotContain("Canary7f3");
  }

  @Test
  void theDatabasesOwnReadersWouldRepeatTheValue() {
    var reading =
        JdbcClient.create(database.superuser())
            .sql("select cast(:seq as bigint)")
            .param("seq", "twin of a canary");

    assertThatThrownBy(() -> reading.query(Long.class).single())
        .isInstanceOf(DataIntegrityViolationException.class);
    assertThat(EmbeddedDatabase.serverLog()).contains("twin of a canary");
  }

  @Test
  void onlyTheBadEventsOfABatchAreRefused() {
    var events = new ArrayList<ObjectNode>();
    for (var i = 0; i < 100; i++) {
      var event = Trees.needed(ALLOWLIST, "turn.failed", now());
      events.add(i == 0 || i == 41 || i == 99 ? event.put("error_class", "exit_code") : event);
    }

    var fates = add(events);

    for (var i = 0; i < 100; i++) {
      var expected =
          i == 0 || i == 41 || i == 99 ? new Fate.Refused("words_of_the_kind") : new Fate.Added();
      assertThat(fates.get(i)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "tool, '\"another\"', tool",
    "client_version, '\"a b\"', version",
    "seq, '\"x\"', seq",
    "seq, null, seq",
    "is_subagent, 5, is_subagent",
    "retries, 32768, unnamed",
    "retries, 100, up_to_99",
    "http_status, 99, http_status",
    "occurred_at, '\"2026-11-21T00:00:00Z\"', clock",
    "event_id, '\"0\"', event_id"
  })
  void aRefusalOfTheDatabaseNamesItsRule(String field, String json, String rule) {
    var event = Trees.needed(ALLOWLIST, "turn.failed", now());
    event.set(field, JsonMapper.shared().readTree(json));

    assertThat(add(event)).containsExactly(new Fate.Refused(rule));
  }

  @Test
  void anEventOfADayThatTheOrganizationNoLongerKeepsIsNotTakenIn() {
    var brief = tenantIn(database);
    JdbcClient.create(database.superuser())
        .sql("update identity.organization set retention_days = 7 where id = :id")
        .param("id", brief.organization())
        .update();
    var kept = Trees.needed(ALLOWLIST, "turn.failed", now().minus(Duration.ofDays(6)));
    var past = Trees.needed(ALLOWLIST, "turn.failed", now().minus(Duration.ofDays(8)));
    var longPast = Trees.needed(ALLOWLIST, "turn.failed", Instant.parse("2001-01-01T00:00:00Z"));

    assertThat(add(brief, List.of(kept, past, longPast)))
        .containsExactly(new Fate.Added(), new Fate.Past(), new Fate.Past());
    assertThat(add(past)).containsExactly(new Fate.Added());
  }

  @ParameterizedTest
  @CsvSource({"person, true", "organization, true", "person, false", "somebody else, true"})
  void whatHappenedBeforeADeletionDoesNotComeInAgain(String whose, boolean confirmed) {
    var sender = new Tenant(tenantIn(database).organization(), UUID.randomUUID());
    var at =
        deletion(sender.organization(), whose.equals("person") ? sender.person() : null)
            .truncatedTo(ChronoUnit.MILLIS);
    if (whose.equals("somebody else")) {
      JdbcClient.create(database.superuser())
          .sql(
              "update identity.deletion set scope = 'person', person_id = :person where org_id = :org")
          .param("person", UUID.randomUUID())
          .param("org", sender.organization())
          .update();
    }
    if (!confirmed) {
      JdbcClient.create(database.superuser())
          .sql("update identity.deletion set confirmed_at = null where org_id = :org")
          .param("org", sender.organization())
          .update();
    }
    var kind = "session.started";

    var fates =
        add(
            sender,
            List.of(
                Trees.whole(ALLOWLIST, kind, at.minusSeconds(2)),
                Trees.whole(ALLOWLIST, kind, at.plusSeconds(2))));

    var covered = confirmed && !whose.equals("somebody else");
    assertThat(fates)
        .containsExactly(covered ? new Fate.Past() : new Fate.Added(), new Fate.Added());
  }

  @Test
  void whoeverAddsSaysSoAndADeletionWaitsForThem() throws SQLException {
    try (var deleting = database.superuser().getConnection();
        var statement = deleting.createStatement()) {
      deleting.setAutoCommit(false);
      statement.execute("set local app.org_id = '%s'".formatted(tenant.organization()));
      statement.execute("select capture.wait_for_those_who_add()");

      assertThatThrownBy(() -> impatiently(tenant)).hasStackTraceContaining("lock timeout");
      deleting.rollback();
    }

    assertThat(impatiently(tenant)).containsExactly(new Fate.Added());
  }

  /// Adds an event, and does not wait for a deletion.
  private static List<Fate> impatiently(Tenant sender) {
    var superuser = JdbcClient.create(database.superuser());
    var name = superuser.sql("select current_database()").query(String.class).single();
    superuser.sql("alter database \"%s\" set lock_timeout = '100ms'".formatted(name)).update();
    try (var hurried = database.pool(Login.INGEST)) {
      var impatient = new EventStore(TenantDatabase.open(hurried, DatabaseRole.INGEST_WRITER));
      var event = Trees.whole(ALLOWLIST, "session.started", now());
      return impatient.add(List.of(impatient.batch(sender, List.of(event), List.of()))).getFirst();
    } finally {
      superuser.sql("alter database \"%s\" reset lock_timeout".formatted(name)).update();
    }
  }

  private static Instant deletion(UUID organization, @Nullable UUID person) {
    return JdbcClient.create(database.superuser())
        .sql(
            """
            insert into identity.deletion
              (org_id, id, scope, person_id, asked_by, asked_at, confirmed_at)
            values (:org, gen_random_uuid(),
              case when cast(:person as uuid) is null then 'organization' else 'person' end,
              :person, :org, now() - interval '2 minutes', now() - interval '1 minute')
            returning confirmed_at
            """)
        .param("org", organization)
        .param("person", person)
        .query(Instant.class)
        .single();
  }

  @Test
  void anOrganizationThatIsNotThereGetsNothingStored() {
    var nobody = new Tenant(UUID.randomUUID(), UUID.randomUUID());

    assertThat(add(nobody, List.of(Trees.needed(ALLOWLIST, "turn.failed", now()))))
        .containsExactly(new Fate.Past());
  }

  @Test
  void severalSendersShareATransactionAndEachKeepsItsOwn() {
    var other = tenantIn(database);
    var mine = Trees.needed(ALLOWLIST, "turn.failed", now());
    var theirs = Trees.needed(ALLOWLIST, "turn.failed", now());
    var bad = Trees.needed(ALLOWLIST, "turn.failed", now()).put("error_class", "exit_code");

    var fates =
        store.add(
            List.of(
                store.batch(tenant, List.of(mine, bad), List.of()),
                store.batch(other, List.of(theirs), List.of()),
                store.batch(tenant, List.of(mine), List.of())));

    assertThat(fates)
        .containsExactly(
            List.of(new Fate.Added(), new Fate.Refused("words_of_the_kind")),
            List.of(new Fate.Added()),
            List.of(new Fate.Known()));
    assertThat(ownerOf(mine)).isEqualTo(tenant);
    assertThat(ownerOf(theirs)).isEqualTo(other);
  }

  @Test
  void textThatIsMadeToBreakOutOfItsRowStaysText() {
    try (var open = EmbeddedDatabase.fresh().withoutDdlGuard()) {
      JdbcClient.create(open.superuser())
          .sql(
              """
              alter domain capture.prose drop constraint prose_alphabet;
              alter domain capture.prose drop constraint prose_is_one_paragraph
              """)
          .update();
      var openStore = new EventStore(open.as(DatabaseRole.INGEST_WRITER));
      var sender = tenantIn(open);
      for (var text :
          List.of(
              "\"",
              "\\",
              "\\\"",
              "a\",\"b",
              "a\\\",\\\"b",
              "a)\",\"(1,,,",
              "{(,)}",
              "NULL",
              " ",
              "'; select",
              "line\nline",
              "\uD83D\uDE00")) {
        var event = Trees.whole(ALLOWLIST, "prompt.submitted", now()).put("text", text);

        var fates = openStore.add(List.of(openStore.batch(sender, List.of(event), List.of())));

        assertThat(fates.getFirst()).as(text).containsExactly(new Fate.Added());
        assertThat(viewRow(open, "prompt.submitted", event).path("text").asString())
            .isEqualTo(text);
      }
    }
  }

  @Test
  void textThatTheDatabaseCannotWriteIsRefusedBeforeIt() {
    for (var text : List.of("a\0b", "\uD83D", "\uDE00\uD83D")) {
      var event = Trees.whole(ALLOWLIST, "prompt.submitted", now()).put("text", text);

      assertThat(add(event)).containsExactly(new Fate.Refused("text"));
    }
  }

  @Test
  void theOrganizationsProfileHoldsWhateverAClientSends() {
    var prompt = Trees.whole(ALLOWLIST, "prompt.submitted", now());
    var file = Trees.whole(ALLOWLIST, "file.touched", now());
    var rationale = Trees.whole(ALLOWLIST, "rationale.recorded", now());
    var strict = tenantIn(database);
    set(strict, "metadata", "extension");

    var fates = add(strict, List.of(prompt, file, rationale));

    assertThat(fates).containsOnly(new Fate.Added());
    assertThat(viewRow("prompt.submitted", prompt).path("text").isNull()).isTrue();
    assertThat(viewRow("file.touched", file).path("path").isNull()).isTrue();
    assertThat(viewRow("file.touched", file).path("path_ref").isNull()).isTrue();
    assertThat(viewRow("rationale.recorded", rationale).path("text").asString())
        .isEqualTo(rationale.path("text").asString());
  }

  @Test
  void whatTheAllowlistAloneRefusesWouldBeStoredWithoutIt() {
    var secret = Trees.whole(ALLOWLIST, "prompt.submitted", now());
    secret.put("text", "use AKIAIOSFODNN7EXAMPLE please");
    var longAgo = Trees.whole(ALLOWLIST, "turn.failed", now());
    longAgo.put("observed_at", "1999-01-01T00:00:00Z");

    assertThat(refusal(secret)).isEqualTo(Reason.PROSE_SECRET);
    assertThat(refusal(longAgo)).isEqualTo(Reason.TOO_OLD);
    assertThat(add(List.of(secret, longAgo))).containsOnly(new Fate.Added());
  }

  private static @Nullable Reason refusal(JsonNode event) {
    return ALLOWLIST.decide(event) instanceof Verdict.Refused refused ? refused.reason() : null;
  }

  private static List<Fate> add(ObjectNode event) {
    return add(List.of(event));
  }

  private static List<Fate> add(List<ObjectNode> events) {
    return add(tenant, events);
  }

  private static List<Fate> add(Tenant sender, List<ObjectNode> events) {
    return store.add(List.of(store.batch(sender, events, List.of()))).getFirst();
  }

  private static Instant now() {
    return Site.now();
  }

  private static List<FieldRule> rules(String kind) {
    var rules = new ArrayList<>(ALLOWLIST.envelope());
    rules.addAll(ALLOWLIST.kinds().getOrDefault(kind, List.of()));
    return rules;
  }

  private static ObjectNode with(String kind, FieldRule rule, JsonNode value) {
    var event = Trees.whole(ALLOWLIST, kind, now());
    var dot = rule.name().indexOf('.');
    if (dot < 0) {
      event.set(rule.name(), value);
    } else {
      event
          .withObject("/" + rule.name().substring(0, dot))
          .set(rule.name().substring(dot + 1), value);
    }
    return event;
  }

  private static void without(ObjectNode event, String name) {
    var dot = name.indexOf('.');
    if (dot < 0) {
      event.remove(name);
    } else {
      event.withObject("/" + name.substring(0, dot)).remove(name.substring(dot + 1));
    }
  }

  private static JsonNode object() {
    return JSON.objectNode().put("dropped_fields", CANARY).put("x", CANARY);
  }

  private static JsonNode list() {
    return JSON.arrayNode().add(CANARY).addNull().add(JSON.arrayNode().add(CANARY));
  }

  private static JsonNode viewRow(String kind, ObjectNode event) {
    return viewRow(database, kind, event);
  }

  private static JsonNode viewRow(EmbeddedDatabase where, String kind, ObjectNode event) {
    return JsonMapper.shared()
        .readTree(
            JdbcClient.create(where.superuser())
                .sql(
                    "select to_json(v)::text from capture.%s v where event_id = :id"
                        .formatted(kind.replace('.', '_')))
                .param("id", UUID.fromString(event.path("event_id").stringValue()))
                .query(String.class)
                .single());
  }

  private static Tenant ownerOf(ObjectNode event) {
    return JdbcClient.create(database.superuser())
        .sql("select org_id, person_id from capture.event where event_id = :id")
        .param("id", UUID.fromString(event.path("event_id").stringValue()))
        .query((row, _) ->
            new Tenant(row.getObject("org_id", UUID.class), row.getObject("person_id", UUID.class)))
        .single();
  }

  private static String everything(EmbeddedDatabase database) {
    return JdbcClient.create(database.superuser())
        .sql("select coalesce(string_agg(to_json(e)::text, ' '), '') from capture.event e")
        .query(String.class)
        .single();
  }

  /// The wire writes references without hyphens and times with a `Z`.
  private static String comparable(Bound bound, JsonNode value) {
    return switch (bound) {
      case Bound.Reference _, Bound.EventId _ -> value.asString().replace("-", "");
      case Bound.Time _ -> java.time.OffsetDateTime.parse(value.asString()).toInstant().toString();
      default -> value.toString();
    };
  }

  private static Tenant tenantIn(EmbeddedDatabase database) {
    var clock = Clock.systemUTC();
    var organizations =
        new Organizations(
            database.as(DatabaseRole.IDENTITY_API), new AuditLog(clock), new SecureRandom(), clock);
    var organization = organizations.create("Ours", Actor.operator("test"));
    return new Tenant(organization, UUID.randomUUID());
  }

  private static void set(Tenant tenant, String profile, String pathPolicy) {
    JdbcClient.create(database.superuser())
        .sql(
            """
            update identity.organization
               set capture_profile = :profile, path_policy = :pathPolicy
             where id = :id
            """)
        .param("profile", profile)
        .param("pathPolicy", pathPolicy)
        .param("id", tenant.organization())
        .update();
  }
}
