// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.sourceblind.analytics.narrator.Claims.Sentence;
import io.sourceblind.analytics.narrator.Claims.Untrue;
import io.sourceblind.analytics.narrator.Model.Unreadable;
import io.sourceblind.analytics.narrator.Providers.Choice;
import io.sourceblind.analytics.release.ReleasedCells;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// Writes the notes of a week that has just come out, once for each group.
public final class Notes {
  private static final Logger LOG = LoggerFactory.getLogger(Notes.class);
  private static final Actor ACTOR = Actor.job("narrator");
  private static final Rules RULES = new Rules();

  private final TenantDatabase database;
  private final AuditLog audit;
  private final Providers providers;
  private final Clock clock;
  private final JsonMapper json;

  /// @param database as `releaser`
  public Notes(
      TenantDatabase database, AuditLog audit, Providers providers, Clock clock, JsonMapper json) {
    this.database = database;
    this.audit = audit;
    this.providers = providers;
    this.clock = clock;
    this.json = json;
  }

  /// @param sealedKey in hex
  private record Narration(String writer, String model, String sealedKey, int dailyTokens) {
    Choice choice() {
      return new Choice(Writer.of(writer), model);
    }
  }

  /// A model, and how far it may go.
  private record Hired(Model model, Choice choice, int dailyTokens) {}

  /// What is kept of a group and week.
  private record Note(Writer writer, String fingerprint, List<Sentence> sentences) {}

  /// Writes what is missing of an organization's youngest week.
  public void runFor(UUID organization) {
    var week = IsoWeek.lastDue(clock);
    var groups = in(organization, jdbc -> without(jdbc, organization, week));
    if (groups.isEmpty()) {
      return;
    }
    var hired = in(organization, jdbc -> hired(jdbc, organization));
    // The line lets two pass at a time; the others wait there without a connection.
    try (var hands = Executors.newVirtualThreadPerTaskExecutor()) {
      groups.stream()
          .map(group -> hands.submit(() -> write(organization, group, week, hired)))
          .toList()
          .forEach(Notes::await);
    }
  }

  private static void await(Future<?> work) {
    try {
      work.get();
    } catch (ExecutionException failed) {
      throw new IllegalStateException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  private static List<UUID> without(JdbcClient jdbc, UUID organization, IsoWeek week) {
    var written =
        jdbc.sql("select team_id from release.note where org_id = :org and week = :week")
            .param("org", organization)
            .param("week", week.monday())
            .query(UUID.class)
            .set();
    return ReleasedCells.groups(jdbc, organization, week).stream()
        .filter(group -> !written.contains(group))
        .toList();
  }

  private Optional<Hired> hired(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select writer, model, encode(sealed_key, 'hex') as sealed_key, daily_tokens
              from release.narration
             where org_id = :org
            """)
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(Narration.class))
        .optional()
        .flatMap(set ->
            providers
                .model(set.choice(), HexFormat.of().parseHex(set.sealedKey()), organization)
                .map(model -> new Hired(model, set.choice(), set.dailyTokens())));
  }

  private void write(UUID organization, UUID group, IsoWeek week, Optional<Hired> hired) {
    var dossier =
        in(
            organization,
            jdbc ->
                new Dossier(
                    ReleasedCells.of(
                        jdbc, organization, group, week.minus(Dossier.WEEKS - 1), week)));
    if (hired.isEmpty()) {
      keep(organization, group, week, byRules(dossier));
      return;
    }
    var note = byModel(organization, group, dossier, hired.get());
    if (note != null) {
      keep(organization, group, week, note);
    }
  }

  private Note byRules(Dossier dossier) {
    try {
      return new Note(
          Writer.RULES,
          fingerprint("rules", dossier),
          Claims.holding(RULES.write(dossier).claims(), dossier));
    } catch (Untrue untrue) {
      throw new IllegalStateException(untrue);
    }
  }

  /// What the model wrote, or an empty note if it does not hold: it was asked and paid, and is not
  /// asked again. Nothing if it could not be asked, which is tried again tomorrow.
  private @Nullable Note byModel(UUID organization, UUID group, Dossier dossier, Hired hired) {
    var fingerprint = fingerprint(hired.choice().value() + Model.TOLD, dossier);
    var known = in(organization, jdbc -> known(jdbc, organization, fingerprint));
    if (known.isPresent()) {
      return new Note(hired.choice().writer(), fingerprint, known.get());
    }
    var reserved = hired.model().mostTokens(dossier);
    if (!in(organization, jdbc -> reserve(jdbc, organization, reserved, hired.dailyTokens()))) {
      return byRules(dossier);
    }
    try {
      var draft = hired.model().write(dossier);
      settle(organization, reserved, draft.tokens());
      try {
        var sentences = Claims.holding(draft.claims(), dossier);
        record(organization, group, hired, fingerprint, draft.tokens(), "written");
        return new Note(hired.choice().writer(), fingerprint, sentences);
      } catch (Untrue untrue) {
        record(organization, group, hired, fingerprint, draft.tokens(), untrue.fault().name());
        return new Note(hired.choice().writer(), fingerprint, List.of());
      }
    } catch (Unreadable unreadable) {
      settle(organization, reserved, unreadable.tokens());
      record(organization, group, hired, fingerprint, unreadable.tokens(), "UNREADABLE");
      return new Note(hired.choice().writer(), fingerprint, List.of());
    } catch (CallNotPermittedException closed) {
      LOG.warn("No note of organization {} today: {}", organization, closed.getMessage());
      in(organization, jdbc -> replace(jdbc, organization, reserved, 0));
      return null;
    } catch (Line.Cut cut) {
      // What it took is not known, so what was reserved counts as taken.
      LOG.warn("No note of organization {} today: {}", organization, cut.getMessage());
      record(organization, group, hired, fingerprint, reserved, "no_answer");
      return null;
    }
  }

  /// In hex, of the whole question.
  private String fingerprint(String of, Dossier dossier) {
    var question = of + "\n" + json.writeValueAsString(dossier.payload());
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(question.getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  private static Optional<List<Sentence>> known(
      JdbcClient jdbc, UUID organization, String fingerprint) {
    record Kept(UUID teamId, LocalDate week) {}
    return jdbc.sql(
            """
            select team_id, week from release.note
             where org_id = :org and fingerprint = decode(:fingerprint, 'hex')
             limit 1
            """)
        .param("org", organization)
        .param("fingerprint", fingerprint)
        .query(DataClassRowMapper.newInstance(Kept.class))
        .optional()
        .map(kept -> TeamNote.sentences(jdbc, organization, kept.teamId(), kept.week()));
  }

  /// Counts it as taken, unless that would be more than the organization gives for a day.
  private boolean reserve(JdbcClient jdbc, UUID organization, long tokens, int most) {
    jdbc.sql(
            """
            insert into release.tokens_taken (org_id, day, tokens) values (:org, :day, 0)
            on conflict do nothing
            """)
        .param("org", organization)
        .param("day", today())
        .update();
    return jdbc.sql(
                """
                update release.tokens_taken set tokens = tokens + :tokens
                 where org_id = :org and day = :day and tokens + :tokens <= :most
                """)
            .param("org", organization)
            .param("day", today())
            .param("tokens", tokens)
            .param("most", most)
            .update()
        == 1;
  }

  /// A provider that does not say how much it took took what was reserved.
  private void settle(UUID organization, long reserved, long taken) {
    if (taken > 0) {
      in(organization, jdbc -> replace(jdbc, organization, reserved, taken));
    }
  }

  private int replace(JdbcClient jdbc, UUID organization, long reserved, long taken) {
    return jdbc.sql(
            """
            update release.tokens_taken
               set tokens = greatest(0, tokens - :reserved + :taken)
             where org_id = :org and day = :day
            """)
        .param("org", organization)
        .param("day", today())
        .param("reserved", reserved)
        .param("taken", taken)
        .update();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
  }

  private void record(
      UUID organization, UUID group, Hired hired, String question, long tokens, String result) {
    var details = new HashMap<String, Object>();
    details.put("writer", hired.choice().writer().sqlName());
    details.put("model", hired.choice().model());
    details.put("question", question);
    details.put("tokens", tokens);
    details.put("result", result.toLowerCase(Locale.ROOT));
    in(
        organization,
        jdbc ->
            audit.append(
                jdbc,
                new AuditEntry(
                    organization,
                    ACTOR,
                    "note.asked",
                    "team:" + group,
                    result.equals("written") ? Outcome.DONE : Outcome.FAILED,
                    Map.copyOf(details))));
  }

  private void keep(UUID organization, UUID group, IsoWeek week, Note note) {
    in(
        organization,
        jdbc -> {
          var added =
              jdbc.sql(
                      """
                      insert into release.note (org_id, team_id, week, writer, fingerprint)
                      values (:org, :group, :week, :writer, decode(:fingerprint, 'hex'))
                      on conflict do nothing
                      """)
                  .param("org", organization)
                  .param("group", group)
                  .param("week", week.monday())
                  .param("writer", note.writer().sqlName())
                  .param("fingerprint", note.fingerprint())
                  .update();
          // Another machine may have been faster.
          for (var place = 0; added == 1 && place < note.sentences().size(); place++) {
            jdbc.sql(
                    """
                    insert into release.note_sentence (org_id, team_id, week, place, metric, text)
                    values (:org, :group, :week, :place, :metric, :text)
                    """)
                .param("org", organization)
                .param("group", group)
                .param("week", week.monday())
                .param("place", place + 1)
                .param("metric", note.sentences().get(place).metric().sqlName())
                .param("text", note.sentences().get(place).text())
                .update();
          }
          return added;
        });
  }

  private <T> T in(UUID organization, Function<JdbcClient, T> work) {
    return TenantScope.callAs(Tenant.of(organization), () -> database.inTransaction(work));
  }
}
