// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.release.ReleaseKey;
import io.sourceblind.analytics.release.Releaser;
import io.sourceblind.analytics.rollup.RollUp;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Outcome;
import io.sourceblind.audit.Sequencer;
import io.sourceblind.audit.Signer;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.Workspaces;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// A database with people and hand-made events in it, put there past every guard.
public final class World implements AutoCloseable {
  public static final JsonMapper JSON = JsonMapper.builder().build();

  /// 32 bytes of nobody.
  public static final String RECEIPT_KEY = "ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=";

  private static final Actor BY = Actor.operator("test");
  private static final AtomicLong COUNT = new AtomicLong();

  /// Of nobody, too.
  private static final String SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";

  /// What an event of each kind has to have.
  private static final Map<String, Map<String, Object>> LEAST =
      Map.ofEntries(
          Map.entry(
              "session.started",
              Map.of("start_reason", "startup", "os", "linux", "entrypoint", "cli")),
          Map.entry(
              "session.ended",
              Map.of(
                  "end_reason", "exit",
                  "duration_ms", 60_000,
                  "turns", 1,
                  "tool_calls", 0,
                  "files_touched", 0,
                  "lines_added", 0,
                  "lines_removed", 0)),
          Map.entry(
              "prompt.submitted",
              Map.of(
                  "chars", 120,
                  "lines", 2,
                  "code_blocks", 0,
                  "code_chars", 0,
                  "attachments", 0,
                  "images", 0,
                  "file_mentions", 0,
                  "origin", "typed")),
          Map.entry(
              "turn.completed",
              Map.of(
                  "outcome", "completed",
                  "tool_calls", 3,
                  "response_chars", 900,
                  "background_tasks", 0)),
          Map.entry(
              "tool.completed",
              Map.of(
                  "tool_class", "edit",
                  "tool_name", "Edit",
                  "status", "ok",
                  "input_bytes", 400,
                  "output_bytes", 80)),
          Map.entry(
              "command.executed",
              Map.ofEntries(
                  Map.entry("program", "mvn"),
                  Map.entry("flags", List.of()),
                  Map.entry("category", "build"),
                  Map.entry("segments", 1),
                  Map.entry("has_heredoc", false),
                  Map.entry("has_pipe", false),
                  Map.entry("in_background", false),
                  Map.entry("exit_code_scope", "whole"),
                  Map.entry("status", "ok"),
                  Map.entry("command_chars", 20),
                  Map.entry("output_lines", 12),
                  Map.entry("output_bytes", 600))),
          Map.entry(
              "file.touched",
              Map.of(
                  "op",
                  "edit",
                  "path_mode",
                  "relative",
                  "category",
                  "code",
                  "in_project",
                  true,
                  "lines_added",
                  10,
                  "lines_removed",
                  2,
                  "hunks",
                  1)),
          Map.entry(
              "check.completed",
              Map.of(
                  "check_type", "test",
                  "framework", "junit",
                  "outcome", "pass",
                  "outcome_basis", "exit_code")),
          Map.entry(
              "model.usage",
              Map.of(
                  "model", "claude-sonnet-4-5",
                  "input_tokens", 1200,
                  "output_tokens", 300,
                  "cache_read_tokens", 9000,
                  "cache_creation_tokens", 100,
                  "reasoning_tokens", 0,
                  "requests", 1,
                  "usage_ref", "0b4b8a52-5b5e-4c63-9c62-2f8f2f0f9c11")),
          Map.entry(
              "rationale.recorded",
              Map.of("text", "Because the old way was slow.", "about", "decision")));

  private final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  private final JdbcClient superuser = JdbcClient.create(database.superuser());
  private final String pepper = secretOf(new SecureRandom());
  private final String releaseKey = secretOf(new SecureRandom());
  private final Clock clock;
  private final AuditLog audit;
  private final Organizations organizations;
  private final Credentials credentials;
  private final Workspaces workspaces;
  private final Path memory = emptyFile();
  private final List<Map<String, Object>> waiting = new ArrayList<>();

  public World(Clock clock) {
    this.clock = clock;
    audit = new AuditLog(clock);
    var identity = database.as(DatabaseRole.IDENTITY_API);
    organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    credentials = new Credentials(identity, Pepper.of(pepper), audit, clock);
    workspaces = new Workspaces(identity, Pepper.of(pepper), audit, clock);
  }

  public EmbeddedDatabase database() {
    return database;
  }

  public JdbcClient superuser() {
    return superuser;
  }

  public String pepper() {
    return pepper;
  }

  public String releaseKey() {
    return releaseKey;
  }

  public UUID organization() {
    return organization("Example Works");
  }

  public UUID organization(String name) {
    return organizations.create(name, BY);
  }

  public UUID team(UUID organization, String name) {
    return organizations.addTeam(organization, name, BY);
  }

  public UUID engineer(UUID organization, UUID team, String name) {
    return person(organization, team, name, Role.ENGINEER);
  }

  public UUID person(UUID organization, @Nullable UUID team, String name, Role role) {
    return organizations.addPerson(
        organization,
        team,
        name,
        name.toLowerCase(java.util.Locale.ROOT).replace(' ', '.') + "@example.com",
        role,
        LocalDate.ofInstant(clock.instant(), UTC).minusDays(200),
        BY);
  }

  public List<UUID> engineers(UUID organization, UUID team, String name, int count) {
    var people = new ArrayList<UUID>();
    for (var number = 1; number <= count; number++) {
      people.add(engineer(organization, team, name + " " + number));
    }
    return people;
  }

  public String secret(UUID organization, UUID person, CredentialKind kind) {
    return credentials.mint(organization, person, kind, "test", Duration.ofHours(1), BY).secret();
  }

  /// Somebody as a request of theirs would be done, fresh and complete.
  public Principal principal(UUID organization, UUID person, Role role) {
    return new Principal(UUID.randomUUID(), organization, person, role, null, true, true);
  }

  public Workspaces workspaces() {
    return workspaces;
  }

  private static Path emptyFile() {
    try {
      var file = Files.createTempFile("signer", ".memory");
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException full) {
      throw new UncheckedIOException(full);
    }
  }

  /// Signs the log, as happens all the time where it is served: pages close when it stands still
  /// for ten minutes.
  public void sign() {
    new Sequencer(database.as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();
    try (var signer =
        Signer.open(
            database.as(DatabaseRole.AUDIT_SIGNER),
            SEED,
            memory,
            new Logs("audit.example.com"),
            clock)) {
      signer.runOnce();
    }
  }

  /// Puts an event aside; [#store] writes all of them.
  public void event(
      UUID organization,
      UUID person,
      Instant at,
      String kind,
      @Nullable UUID session,
      Map<String, ?> more) {
    var row = new HashMap<String, Object>(LEAST.getOrDefault(kind, Map.of()));
    var when = at.truncatedTo(ChronoUnit.MILLIS);
    row.put("org_id", organization);
    row.put("person_id", person);
    row.put("occurred_on", LocalDate.ofInstant(when, UTC).toString());
    row.put("received_at", clock.instant().toString());
    row.put("kind", kind);
    row.put("schema_version", 1);
    row.put("event_id", idAt(when));
    row.put("occurred_at", when.toString());
    row.put("observed_at", when.toString());
    row.put("seq", COUNT.incrementAndGet() % 1_000_000_000);
    row.put("tool", "claude_code");
    row.put("client_version", "0.1.0");
    row.put("source", "transcript");
    row.put("is_subagent", false);
    row.put("redaction_dropped_fields", 4);
    row.put("redaction_dropped_bytes", 812);
    row.put("redaction_unknown_keys", 0);
    if (session != null) {
      row.put("session_ref", session);
    }
    row.putAll(more);
    waiting.add(row);
  }

  public void store() {
    for (var from = 0; from < waiting.size(); from += 5_000) {
      var batch = waiting.subList(from, Math.min(from + 5_000, waiting.size()));
      var json = JSON.writeValueAsString(batch);
      superuser
          .sql(
              """
              insert into capture.event
              select * from json_populate_recordset(null::capture.event, :rows::json)
              """)
          .param("rows", json)
          .update();
      superuser
          .sql(
              """
              insert into release.dirty_day (org_id, occurred_on)
              select distinct org_id, occurred_on
                from json_populate_recordset(null::capture.event, :rows::json)
              """)
          .param("rows", json)
          .update();
    }
    waiting.clear();
  }

  public void rollUp(UUID organization) {
    new RollUp(database.as(DatabaseRole.RELEASER)).runFor(organization);
  }

  public void release(UUID organization) {
    releaser(clock).runFor(organization);
  }

  public Releaser releaser(Clock at) {
    return new Releaser(
        database.as(DatabaseRole.RELEASER), audit, ReleaseKey.of(releaseKey), at, JSON);
  }

  /// Does work in a role, as somebody of an organization who is on record.
  public <T> T as(
      DatabaseRole role, UUID organization, @Nullable UUID person, Function<JdbcClient, T> work) {
    TenantDatabase door = database.as(role);
    var entry =
        new AuditEntry(
            organization,
            person == null ? BY : Actor.person(person),
            "test.read",
            "anything",
            Outcome.DONE,
            Map.of());
    return TenantScope.callAs(
        new Tenant(organization, person),
        () -> {
          var receipt = door.inTransaction(jdbc -> audit.append(jdbc, entry));
          return door.inTransaction(jdbc -> {
            AuditLog.readUnder(jdbc, receipt);
            return work.apply(jdbc);
          });
        });
  }

  @Override
  public void close() {
    database.close();
  }

  private static UUID idAt(Instant at) {
    var count = COUNT.incrementAndGet();
    return new UUID(
        (at.toEpochMilli() << 16) | 0x7000L | (count & 0xfff), 0x8000000000000000L | count);
  }

  private static String secretOf(SecureRandom random) {
    var bytes = new byte[32];
    random.nextBytes(bytes);
    return Base64.getEncoder().encodeToString(bytes);
  }
}
