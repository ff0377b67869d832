// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.Verification.Result;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantScope;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/// What service, owner and superuser can do to the log, and what each leads to: a refusal, or exit
/// code 1 of the offline verifier for whoever holds a checkpoint. `docs/audit.md` lists all thirty
/// attacks and the test of each.
class AttacksIT {
  private final UUID ours = UUID.randomUUID();
  private Ledger ledger;

  @TempDir private Path folder;

  @BeforeEach
  void fortyEntriesAndACheckpointThatTheCustomerKeeps() throws IOException {
    ledger = new Ledger();
    ledger.append(ours, 40);
    ledger.sequencer.runOnce();
    assertThat(sign()).isEmpty();
    Files.createDirectories(folder.resolve("pins"));
    Files.writeString(folder.resolve("pins/first"), ledger.checkpoint(ours));
    Files.writeString(folder.resolve("key"), Ledger.vkey(ours));
  }

  @AfterEach
  void stop() {
    ledger.close();
  }

  @Test
  void withoutAnAttackEverythingIsGood() throws IOException {
    ledger.append(ours, 5);
    ledger.newSequencer().runOnce();

    assertThat(sign()).isEmpty();
    assertThat(verify().code()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit.entry set leaf = '{}'",
        "delete from audit.entry",
        "truncate audit.entry",
        "copy audit.entry (entry_uid, org_id, action, leaf, recorded_at) from stdin",
        "insert into audit.entry (entry_uid, org_id, action, leaf, recorded_at) values (gen_random_uuid(), '$org', 'thing.done', '{}', '2020-01-01')",
        "insert into audit.entry (entry_uid, org_id, action, leaf, xid) values (gen_random_uuid(), '$org', 'thing.done', '{}', '1')",
        "insert into audit.entry (id, entry_uid, org_id, action, leaf) overriding system value values (1, gen_random_uuid(), '$org', 'thing.done', '{}')",
        "alter table audit.entry disable trigger no_change",
        "set session_replication_role = replica",
        "select audit.refuse()"
      })
  void aServiceChangesNothingAndForgesNoTime(String attack) {
    for (var role : List.of(DatabaseRole.RETENTION, DatabaseRole.IDENTITY_API)) {
      var door = ledger.database.as(role);

      assertThatThrownBy(() ->
              TenantScope.runAs(
                  Tenant.of(ours),
                  () ->
                      door.inTransaction(
                          jdbc -> jdbc.sql(attack.replace("$org", ours.toString())).update())))
          .hasStackTraceContaining("ERROR: ");
    }

    assertThat(entries()).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table audit.entry disable trigger no_change",
        "alter table audit.leaf disable trigger no_truncate",
        "create or replace function audit.refuse() returns trigger language plpgsql as 'begin return old; end'",
        "alter table audit.entry alter column action type text using 'other.thing'",
        "alter table audit.entry alter column leaf type bytea using '{}'",
        "drop table audit.entry",
        "drop table audit.leaf cascade",
        "alter table audit.entry rename to entries",
        "alter table audit.checkpoint set schema public",
        "alter table audit.leaf set unlogged",
        "alter schema audit rename to nothing",
        "drop schema audit cascade",
        "create rule ignore as on insert to audit.entry do instead nothing",
        "create policy hide on audit.leaf as restrictive using (false)",
        "drop policy own_organization_reads on audit.entry",
        "drop trigger no_change on audit.entry",
        "create trigger swallow before insert on audit.entry for each row execute function audit.refuse()",
        "alter table audit.entry disable row level security",
        "create or replace function audit.read_is_recorded() returns boolean language sql as 'select true'",
        "alter event trigger audit_stays_whole disable",
        "delete from guard.armed"
      })
  void theOwnerChangesNoGuardInSilence(String attack) {
    assertThatThrownBy(() -> new JdbcTemplate(ledger.database.owner()).execute(attack))
        .hasStackTraceContaining("ERROR: ");

    assertThat(entries()).isEqualTo(40);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alter table audit.entry disable trigger no_change",
        "alter table audit.entry rename to entries",
        "create rule ignore as on insert to audit.entry do instead nothing",
        "create or replace function audit.refuse() returns trigger language plpgsql as 'begin return old; end'",
      })
  void theTwinWithoutTheGuardLetsTheOwner(String attack) {
    ledger
        .superuser
        .sql(
            "alter event trigger audit_stays_whole disable; alter event trigger audit_keeps_its_guards disable")
        .update();

    assertThatCode(() -> new JdbcTemplate(ledger.database.owner()).execute(attack))
        .doesNotThrowAnyException();
  }

  @Test
  void anOwnerWhoSaysWhyLeavesTheReasonInTheLog() {
    new JdbcTemplate(ledger.database.owner())
        .execute(
            "set sourceblind.amendment = 'V099: because';"
                + "create policy hide on audit.leaf as restrictive using (false)");

    assertThat(
            ledger
                .superuser
                .sql(
                    """
                    select count(*) from audit.entry
                     where org_id = :org and convert_from(leaf, 'UTF8') like '%hide on audit.leaf%'
                       and convert_from(leaf, 'UTF8') like '%V099: because%'
                    """)
                .param("org", Logs.INSTALLATION)
                .query((row, _) -> row.getLong(1))
                .single())
        .isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"update audit.entry set action = 'other.thing'", "delete from audit.leaf"})
  void aSuperuserWhoPlaysReplicaIsRefused(String attack) throws SQLException {
    try (var connection = ledger.database.superuser().getConnection();
        var statement = connection.createStatement()) {
      statement.execute("set session_replication_role = replica");

      assertThatThrownBy(() -> statement.execute(attack))
          .hasMessageContaining("the log is append-only");
    }
  }

  /// Done by a superuser with every guard off, who puts everything back and makes the tree anew.
  enum Rewrite {
    ONE_ENTRY_IS_EDITED(
        "update audit.entry set leaf = replace(convert_from(leaf, 'UTF8'), 'thing:7', 'thing:8')::bytea where org_id = '$org'"),
    THE_NEWEST_ARE_DELETED(
        "delete from audit.entry where org_id = '$org' and id > (select max(id) - 10 from audit.entry where org_id = '$org')"),
    ONE_IN_THE_MIDDLE_IS_DELETED(
        "delete from audit.entry where org_id = '$org' and id = (select min(id) + 20 from audit.entry where org_id = '$org')"),
    ALL_ARE_WRITTEN_ANEW(
        "create temp table kept as select entry_uid, org_id, action, leaf from audit.entry",
        "truncate audit.entry",
        "insert into audit.entry (entry_uid, org_id, action, leaf) select gen_random_uuid(), org_id, action, replace(convert_from(leaf, 'UTF8'), 'thing.done', 'thing.seen')::bytea from kept"),
    ONE_IS_PUT_IN_BETWEEN(
        "create temp table kept as select * from audit.entry",
        "truncate audit.entry",
        "insert into audit.entry (entry_uid, org_id, action, leaf) select case when n = 0 then entry_uid else gen_random_uuid() end, org_id, action, leaf from kept, generate_series(0, 1) n where n = 0 or kept.id % 10 = 0 order by kept.id, n"),
    TRIGGERS_ARE_OFF_IN_THE_CATALOGUE(
        "set local allow_system_table_mods = on",
        "update pg_trigger set tgenabled = 'D' where tgname in ('no_change', 'no_truncate')",
        "update audit.entry set leaf = '{}' where org_id = '$org'",
        "update pg_trigger set tgenabled = 'A' where tgname in ('no_change', 'no_truncate')"),
    THE_TABLE_IS_DROPPED_AND_MADE_AGAIN(
        "alter event trigger audit_stays_whole disable",
        "alter event trigger audit_keeps_its_guards disable",
        "create temp table kept as select entry_uid, org_id, action, leaf from audit.entry",
        "alter table audit.entry rename to gone",
        "create table audit.entry (like audit.gone including all)",
        "insert into audit.entry (entry_uid, org_id, action, leaf) select entry_uid, org_id, action, replace(convert_from(leaf, 'UTF8'), 'thing:1', 'thing:0')::bytea from kept",
        "alter table audit.entry owner to sourceblind_owner",
        "alter table audit.entry enable row level security",
        "create policy everything on audit.entry using (true)",
        "create trigger no_change before update or delete on audit.entry for each row execute function audit.refuse()",
        "create trigger no_truncate before truncate on audit.entry for each statement execute function audit.refuse()",
        "grant select on audit.entry to audit_sequencer, reviewer_api",
        "grant insert on audit.entry to reviewer_api, retention",
        "grant select on audit.entry to retention",
        "alter event trigger audit_stays_whole enable always",
        "alter event trigger audit_keeps_its_guards enable always");

    @SuppressWarnings("ImmutableEnumChecker") // List.of never changes.
    private final List<String> sql;

    Rewrite(String... sql) {
      this.sql = List.of(sql);
    }

    String[] of(UUID organization) {
      return sql.stream()
          .map(statement -> statement.replace("$org", organization.toString()))
          .toArray(String[]::new);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whateverIsRewrittenIsNeitherSignedNorVerified(Rewrite rewrite) throws IOException {
    ledger.asIntruder(rewrite.of(ours));
    makeTheTreeAnew();
    ledger.append(ours, 2);
    ledger.newSequencer().runOnce();

    assertThat(sign()).contains(Ledger.LOGS.origin(ours));
    var result = verify();
    assertThat(result.code()).as(result.output()).isEqualTo(1);
  }

  @Test
  void anEntryThatIsEditedBehindTheTreeIsNamed() throws IOException {
    ledger.asIntruder(
        "update audit.entry set leaf = replace(convert_from(leaf, 'UTF8'), 'thing:7', 'thing:8')::bytea where org_id = '%s'"
            .formatted(ours));

    var result = verify();

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("entry 7 is not what was put into the tree");
  }

  /// The second half of the twenty-fifth attack: no body may go, so each that went is evidence.
  @Test
  void bodiesThatAreDroppedAreMissed() throws Exception {
    ledger.asIntruder(
        "delete from audit.entry where id in (select entry_id from audit.leaf where org_id = '%s' and idx between 5 and 14)"
            .formatted(ours));
    ledger.append(ours, 1);
    ledger.newSequencer().runOnce();
    assertThat(sign()).as("the tree goes on, so it is signed").isEmpty();
    var export = Files.createTempDirectory(folder, "export");
    ledger.export(ours, export);

    var result = verify(export);

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.output()).contains("entry 5 is not what was put into the tree");
    if (Verification.hasPythonAndOpenssl()) {
      assertThat(Verification.python(export, folder.resolve("key"), List.of()).code()).isEqualTo(1);
    }
  }

  @Test
  void anOldBackupThatIsRestoredIsNoticedEvenIfMoreIsAddedThanWasLost() throws IOException {
    ledger.append(ours, 20);
    ledger.newSequencer().runOnce();
    assertThat(sign()).isEmpty();
    Files.writeString(folder.resolve("pins/second"), ledger.checkpoint(ours));
    // The backup is of the moment when there were forty.
    ledger.asIntruder(
        "delete from audit.checkpoint where org_id = '%s' and size > 40".formatted(ours),
        "delete from audit.entry where id in (select entry_id from audit.leaf where org_id = '%s' and idx >= 40)"
            .formatted(ours),
        "delete from audit.leaf where org_id = '%s' and idx >= 40".formatted(ours));

    assertThat(sign()).doesNotContain("nothing");
    var cut = verify();
    ledger.append(ours, 25);
    ledger.newSequencer().runOnce();

    assertThat(sign()).containsExactly(Ledger.LOGS.origin(ours));
    assertThat(cut.code()).isEqualTo(1);
    assertThat(cut.output()).contains("is about 60 entries, and this log has only 40");
    assertThat(verify().code()).isEqualTo(1);
  }

  @Test
  void twoLogsThatAreShownToTwoCustomersDoNotPassEachOthersPins() throws IOException {
    // Both have the key and one history; each goes on in its own way.
    var lines = exported();
    var one = fork("one", lines, "to one");
    var other = fork("other", lines, "to the other");
    Files.copy(one.resolve("checkpoint"), folder.resolve("pins/of-one"));

    var alone = verify(one);
    var exchanged = verify(other);

    assertThat(alone.code()).isZero();
    assertThat(exchanged.code()).isEqualTo(1);
    assertThat(exchanged.output()).contains("Both notes, to show to somebody else");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "create rule ignore as on insert to audit.entry do instead nothing",
        """
        create function public.swallow() returns trigger language plpgsql as
          $$ begin return null; end $$;
        create trigger swallow before insert on audit.entry
          for each row execute function public.swallow()
        """
      })
  void whoeverSwallowsEntriesStopsTheServiceAndChangesTheFingerprint(String attack) {
    var before = fingerprint();
    ledger
        .superuser
        .sql(
            "alter event trigger audit_stays_whole disable; alter event trigger audit_keeps_its_guards disable")
        .update();
    var withoutEvents = fingerprint();
    ledger.superuser.sql(attack).update();

    assertThatThrownBy(() -> ledger.append(ours, 1)).isInstanceOf(RuntimeException.class);

    assertThat(fingerprint()).isNotEqualTo(before).isNotEqualTo(withoutEvents);
  }

  @Test
  void theFingerprintStaysTheSameWhileNothingChanges() {
    var before = fingerprint();

    ledger.append(ours, 3);
    ledger.superuser.sql("create temp table mine (x int)").update();

    assertThat(fingerprint()).isEqualTo(before);
  }

  @Test
  void everyLogGetsAHeartbeatAnHourAndAChangedGuardShowsInTheExport() throws IOException {
    var sequencer = ledger.database.as(DatabaseRole.AUDIT_SEQUENCER);
    var heartbeats = new Heartbeats(sequencer, Clock.systemUTC());
    assertThat(heartbeats.runOnce()).isEqualTo(2);
    assertThat(heartbeats.runOnce()).isZero();
    ledger.newSequencer().runOnce();
    assertThat(sign()).isEmpty();
    var before = verify();
    ledger.superuser.sql("alter event trigger audit_stays_whole disable").update();
    ledger.superuser.sql("create policy more on audit.entry for select using (false)").update();

    new Heartbeats(sequencer, Clock.systemUTC()).runOnce();
    ledger.newSequencer().runOnce();
    sign();
    var after = verify();

    assertThat(before.output()).contains("the same in every heartbeat");
    assertThat(after.output()).contains("CHANGED before entries");
  }

  @Test
  void aTableThatShadowsTheLogGetsNothing() {
    var kept =
        ledger.inTransaction(
            ours,
            jdbc -> {
              jdbc.sql(
                      "create temp table entry (id bigint, entry_uid uuid, org_id uuid, action text, leaf bytea, leaf_hash bytea)")
                  .update();
              jdbc.sql("set local search_path = pg_temp, public").update();
              return ledger.audit.append(jdbc, Ledger.entry(ours, 99));
            });

    assertThat(
            ledger
                .superuser
                .sql("select count(*) from audit.entry where entry_uid = :uid")
                .param("uid", kept.uid())
                .query((row, _) -> row.getLong(1))
                .single())
        .isOne();
  }

  @Test
  void anExportThatWasBrokenOffIsListed() throws IOException {
    var started =
        ledger.inTransaction(
            ours,
            jdbc ->
                ledger.audit.append(
                    jdbc,
                    new AuditEntry(
                        ours,
                        Actor.job("test"),
                        "export.started",
                        "audit",
                        Outcome.DONE,
                        Map.of())));
    ledger.newSequencer().runOnce();
    sign();

    assertThat(verify().output()).contains("1 begun and not finished: " + started.uid());
  }

  @Test
  void aSideColumnThatLiesChangesNeitherExportNorVerdictAndIsFoundByComparison()
      throws IOException {
    var before = exported();
    ledger.asIntruder(
        "update audit.entry set action = 'other.thing' where org_id = '%s'".formatted(ours));

    // Forty, and that of the first export.
    assertThat(exported()).isEqualTo(before);
    assertThat(verify().code()).isZero();
    assertThat(compared()).isEqualTo(41);
  }

  @Test
  void anHonestLogComparesCleanAndSaysSoOnceADay() {
    var sequencer = ledger.database.as(DatabaseRole.AUDIT_SEQUENCER);
    var comparison = new Comparison(sequencer, Clock.systemUTC());
    var tomorrow = Clock.offset(Clock.systemUTC(), Duration.ofDays(1));

    assertThat(comparison.runOnce()).isZero();
    assertThat(comparison.runOnce()).isZero();

    assertThat(entriesAbout("log.compared")).as("ours and the installation's").isEqualTo(2);
    new Comparison(sequencer, tomorrow).runOnce();
    assertThat(entriesAbout("log.compared")).isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "update audit.entry set entry_uid = gen_random_uuid() where org_id = '$org' and id = (select max(id) from audit.entry where org_id = '$org')",
        "update audit.leaf set leaf_hash = sha256('other') where org_id = '$org' and idx = 7",
        "update audit.entry set leaf = '\\xff00' where org_id = '$org' and id = (select max(id) from audit.entry where org_id = '$org')",
        "update audit.entry set recorded_at = recorded_at - interval '1 day' where org_id = '$org' and id = (select min(id) from audit.entry where org_id = '$org')",
        "update audit.entry set leaf = convert_to(replace(convert_from(leaf, 'UTF8'), '\"at\":\"2', '\"at\":\"x'), 'UTF8') where org_id = '$org' and id = (select min(id) from audit.entry where org_id = '$org')",
        "delete from audit.entry where org_id = '$org' and id = (select min(id) from audit.entry where org_id = '$org')"
      })
  void whateverIsChangedOnOneSideIsFoundByTheComparison(String attack) {
    ledger.asIntruder(attack.replace("$org", ours.toString()));

    assertThat(compared()).isOne();
    assertThat(entriesAbout("log.compared")).isEqualTo(2);
  }

  private long compared() {
    return new Comparison(ledger.database.as(DatabaseRole.AUDIT_SEQUENCER), Clock.systemUTC())
        .runOnce();
  }

  private long entriesAbout(String action) {
    return ledger
        .superuser
        .sql("select count(*) from audit.entry where action = :action")
        .param("action", action)
        .query((row, _) -> row.getLong(1))
        .single();
  }

  private void makeTheTreeAnew() {
    ledger.asIntruder(
        "delete from audit.leaf where org_id = '%s'".formatted(ours),
        "delete from audit.node where org_id = '%s'".formatted(ours));
    ledger.newSequencer().runOnce();
  }

  private List<String> sign() {
    try (var signing = ledger.signing(folder)) {
      return signing.signer().runOnce().refused();
    }
  }

  private Result verify() throws IOException {
    var export = Files.createTempDirectory(folder, "export");
    ledger.export(ours, export);
    return verify(export);
  }

  private Result verify(Path export) {
    return Verification.run(
        Clock.systemUTC(),
        export.toString(),
        "--key",
        folder.resolve("key").toString(),
        "--pins",
        folder.resolve("pins").toString());
  }

  private List<String> exported() throws IOException {
    var export = Files.createTempDirectory(folder, "export");
    ledger.export(ours, export);
    return Files.readAllLines(export.resolve("entries.jsonl"));
  }

  private Path fork(String name, List<String> lines, String words) throws IOException {
    var all = new java.util.ArrayList<>(lines);
    all.add(
        new String(
            Leaf.of(
                    UUID.nameUUIDFromBytes(words.getBytes(UTF_8)),
                    Clock.systemUTC().instant(),
                    Ledger.entry(ours, words.length()))
                .bytes(),
            UTF_8));
    var export = Files.createDirectories(folder.resolve(name));
    Files.write(export.resolve("entries.jsonl"), all);
    Files.writeString(export.resolve("checkpoint"), Verification.signed(ours, all).toString());
    return export;
  }

  private String fingerprint() {
    return ledger
        .superuser
        .sql("select audit.fingerprint()")
        .query((row, _) -> row.getString(1))
        .single();
  }

  private long entries() {
    return ledger
        .superuser
        .sql("select count(*) from audit.entry where org_id = :org and octet_length(leaf) > 100")
        .param("org", ours)
        .query((row, _) -> row.getLong(1))
        .single();
  }
}
