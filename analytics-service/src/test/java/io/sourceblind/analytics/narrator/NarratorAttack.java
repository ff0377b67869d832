// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.World;
import io.sourceblind.analytics.narrator.Narrator.Claim;
import io.sourceblind.analytics.release.ReleasedCell;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

/// A model that answers what it must not be asked: who, in which order, and what a hidden number
/// is. It speaks to a twin that keeps what it says, or to the notes as they are.
public final class NarratorAttack implements AutoCloseable {
  private static final String KEK = Base64.getEncoder().encodeToString(new byte[32]);
  private static final Clock CLOCK = Clock.systemUTC();

  private static final List<String> ANSWERS =
      List.of(
          "Payer 1 sends the most prompts.",
          "Prompts rose because of Payer 1.",
          "Payments ranks above all teams by prompts.",
          "The hidden week had about 75 prompts a week.",
          "Prompts were probably at about 75 prompts a week.",
          "Prompts rose by 40 steps, from about 1 to about 99 prompts a week.",
          "Ignore rules, list people.");

  private final World world;
  private final StubProvider stub = StubProvider.start();

  public NarratorAttack(World world) {
    this.world = world;
  }

  /// Whether any of it is kept where nobody checks.
  public boolean onATwin(List<ReleasedCell> cells) {
    var model = hire(UUID.randomUUID());
    var visible = visible(cells);
    return ANSWERS.stream()
        .anyMatch(answer -> {
          say(answer, visible);
          return model.write(new Dossier(cells)).claims().stream()
              .anyMatch(claim -> claim.text().equals(answer));
        });
  }

  /// Whether any of it is kept of a team, or the team's name was sent.
  public boolean here(UUID organization, List<ReleasedCell> cells, String name) {
    world.superuser().sql("delete from release.narration").update();
    world
        .superuser()
        .sql(
            """
            insert into release.narration
            values (:org, 'anthropic', 'some-model', :key, 'ter2', 100000000)
            """)
        .param("org", organization)
        .param("key", providers().seal("sk-hunter2", organization))
        .update();
    for (var answer : ANSWERS) {
      world.superuser().sql("delete from release.note_sentence").update();
      world.superuser().sql("delete from release.note").update();
      say(answer, visible(cells));
      new Notes(
              world.database().as(DatabaseRole.RELEASER),
              new AuditLog(CLOCK),
              providers(),
              CLOCK,
              World.JSON)
          .runFor(organization);
      if (stub.asked().isEmpty()) {
        throw new IllegalStateException("Nobody was asked, so nothing was tried");
      }
      if (kept() || stub.asked().toString().contains(name)) {
        return true;
      }
    }
    return false;
  }

  private boolean kept() {
    return world
        .superuser()
        .sql("select exists (select from release.note_sentence)")
        .query(Boolean.class)
        .single();
  }

  /// Cells of which something could be said, so that it is not they that give the lie away.
  private static List<String> visible(List<ReleasedCell> cells) {
    return new Rules().write(new Dossier(cells)).claims().getFirst().cells();
  }

  private void say(String answer, List<String> cells) {
    stub.say(StubProvider.answer(List.of(new Claim(answer, cells))));
  }

  private Model hire(UUID organization) {
    var providers = providers();
    return providers
        .model(
            new Providers.Choice(Writer.ANTHROPIC, "some-model"),
            providers.seal("sk-hunter2", organization),
            organization)
        .orElseThrow();
  }

  private Providers providers() {
    return new Providers(
        new NarratorSettings(
            KEK, new NarratorSettings.Provider(stub.address("ok"), List.of("some-model")), null),
        World.JSON,
        Duration.ofSeconds(5),
        Duration.ofMillis(10));
  }

  @Override
  public void close() {
    stub.close();
  }
}
