// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Sequencer;
import io.sourceblind.audit.Signer;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.SigningKey;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The log as a reviewer searches it, and as an owner may see it.
class AuditPagesIT {
  private static final String SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=";
  private static final SigningKey WITNESS =
      SigningKey.of("ABEiM0RVZneImaq7zN3u/wEjRWeJq83vAkaKzhNXm98=");
  private static final Logs LOGS = new Logs("audit.example.com");
  private static final Clock CLOCK = Clock.systemUTC();
  private static final World WORLD = new World(CLOCK);
  private static final Pages PAGES = Pages.over(WORLD);
  private static final Pattern ROW = Pattern.compile("<td class=\"n\">(\\d+)</td>");

  private final UUID ours = WORLD.organization();
  private final UUID team = WORLD.team(ours, "Payments");
  private final UUID engineer = WORLD.engineer(ours, team, "Thatengineer");
  private final UUID owner = WORLD.person(ours, null, "Thatowner", Role.OWNER);
  private final UUID reviewer = WORLD.person(ours, null, "Thatreviewer", Role.REVIEWER);
  private final Pass asReviewer = session(reviewer);
  private final Pass asOwner = session(owner);

  @TempDir private Path folder;

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @BeforeEach
  void somebodyLooked() throws IOException {
    Files.createFile(folder.resolve("memory"));
    for (var look = 0; look < 3; look++) {
      PAGES.get("/me", session(engineer));
    }
    PAGES.get("/teams/" + team, asOwner);
    sign();
  }

  @Test
  void everythingIsThereTheNewestFirst() {
    var page = get("/audit");

    assertThat(page).contains("own.read", "team.read", "person.added", "organization.created");
    assertThat(indexes(page)).isSortedAccordingTo((a, b) -> b - a).contains(0);
  }

  @Test
  void whoSearchesFindsThatAndNothingElse() {
    var today = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);

    assertThat(indexes(get("/audit?action=own."))).hasSize(3);
    assertThat(indexes(get("/audit?action=team.read&target=team:" + team))).hasSize(1);
    assertThat(indexes(get("/audit?action=team.read&target=team:" + ours))).isEmpty();
    assertThat(get("/audit?kind=operator")).contains("team.added").doesNotContain("own.read");
    assertThat(get("/audit?kind=person")).contains("own.read").doesNotContain("team.added");
    assertThat(indexes(get("/audit?day=" + today))).isNotEmpty();
    assertThat(indexes(get("/audit?day=" + today.minusDays(1)))).isEmpty();
  }

  @Test
  void whatCannotBeWrittenSoIsNotFoundAndNoError() {
    for (var odd :
        List.of("action=%25", "action=%27", "target=%27%20or%201=1", "day=soon", "kind=all")) {
      assertThat(get("/audit?" + odd)).contains("No entry is like that.");
    }
    assertThat(PAGES.get("/audit?person=x", asReviewer).statusCode()).isEqualTo(400);
  }

  @Test
  void whatIsSearchedForIsShownAsTextAndNothingElse() {
    assertThat(get("/audit?action=%22%3E%3Cscript%3E")).doesNotContain("<script>");
  }

  @Test
  void onePageLeadsToTheNextUntilTheFirstEntry() throws IOException {
    for (var look = 0; look < 60; look++) {
      PAGES.get("/teams", asOwner);
    }
    sign();

    var first = get("/audit");
    var older = Pattern.compile("href=\"(/audit[^\"]*before=\\d+)\"").matcher(first);
    assertThat(older.find()).isTrue();
    var second = get(older.group(1).replace("&amp;", "&"));

    assertThat(indexes(first)).hasSize(50);
    assertThat(indexes(second)).doesNotContainAnyElementsOf(indexes(first)).contains(0);
    assertThat(second).doesNotContain(">Older<").contains(">Newest<");
  }

  @Test
  void aLeafThatSomebodySpoiledSpoilsNoPage() {
    WORLD
        .superuser()
        .sql(
            """
            insert into audit.entry (entry_uid, org_id, action, leaf)
            values (gen_random_uuid(), :org, 'thing.done', '\\xff00fe')
            """)
        .param("org", ours)
        .update();
    new Sequencer(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();

    assertThat(get("/audit")).contains("not a leaf any more", "own.read");
  }

  @Test
  void nobodySeesAnotherOrganizationsLog() {
    var theirs = WORLD.organization();
    var theirTeam = WORLD.team(theirs, "Theirs");
    new Sequencer(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();

    assertThat(get("/audit")).doesNotContain(theirs.toString(), theirTeam.toString());
  }

  @Test
  void onlyAReviewerSearches() {
    assertThat(PAGES.get("/audit", asOwner).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/audit", session(engineer)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get("/log", asReviewer).statusCode()).isEqualTo(403);
  }

  @Test
  void sinceWhenTheLogIsAnchoredOutsideIsSaidOnceAWitnessHasSigned() {
    var token = token(reviewer);
    var checkpoint = PAGES.get("/v1/audit/checkpoint", token).body();
    var note = Note.parse(checkpoint.getBytes(UTF_8));
    var at = CLOCK.instant().minus(Duration.ofHours(4));
    var cosigned = WITNESS.cosign(note, "witness.example.org", at).toString();
    var key = WITNESS.verifier("witness.example.org").toString();
    var before = get("/audit");

    var taken = PAGES.post("/v1/audit/witness", key, cosigned, token);

    assertThat(taken.statusCode()).isEqualTo(204);
    assertThat(taken.headers().firstValue("Audit-Receipt")).isPresent();
    assertThat(before).contains("<dd>never</dd>");
    assertThat(get("/audit")).contains("<dd>4 hours ago</dd>", "witness.example.org");
    assertThat(get("/audit?action=checkpoint.witnessed")).doesNotContain("<dd>never</dd>");
  }

  @Test
  void whatNoWitnessSignedUnderOurCheckpointIsNotTaken() {
    var token = token(reviewer);
    var checkpoint = PAGES.get("/v1/audit/checkpoint", token).body();
    var note = Note.parse(checkpoint.getBytes(UTF_8));
    var key = WITNESS.verifier("witness.example.org").toString();
    var now = CLOCK.instant();
    var cosigned = WITNESS.cosign(note, "witness.example.org", now).toString();
    var tomorrow = WITNESS.cosign(note, "witness.example.org", now.plusSeconds(86_400));
    var log = SigningKey.of(SEED);
    var other =
        log.sign(
            new io.sourceblind.audit.note.Checkpoint(
                LOGS.origin(ours), 1, io.sourceblind.audit.merkle.Hash.ofLeaf(new byte[1])),
            now);

    for (var bad :
        List.of(
            checkpoint,
            cosigned.replace(LOGS.origin(ours), LOGS.origin(team)),
            tomorrow.toString(),
            WITNESS.cosign(other, "witness.example.org", now).toString(),
            "hello")) {
      var refused = PAGES.post("/v1/audit/witness", key, bad, token);
      assertThat(refused.statusCode()).as(bad).isEqualTo(422);
      assertThat(refused.body()).doesNotContain("hello");
    }
    var itsOwn =
        PAGES.post(
            "/v1/audit/witness", log.verifier(LOGS.origin(ours)).toString(), checkpoint, token);
    assertThat(itsOwn.statusCode()).isEqualTo(422);
    assertThat(get("/audit")).contains("<dd>never</dd>");
  }

  @Test
  void rowsForASiemCarryTheLeafAndGoOnFromAnIndex() {
    var token = token(reviewer);

    var all = PAGES.get("/v1/audit/ocsf", token);
    var rest = PAGES.get("/v1/audit/ocsf?from=2", token);
    var cef = PAGES.get("/v1/audit/cef?from=0", token);

    assertThat(all.statusCode()).isEqualTo(200);
    assertThat(all.headers().firstValue("Audit-Receipt")).isPresent();
    assertThat(all.body().lines()).allMatch(row -> row.contains("\"raw_data\":\"{\\\"action"));
    assertThat(rest.body().lines().toList()).isEqualTo(all.body().lines().skip(2).toList());
    assertThat(cef.body().lines()).allMatch(row -> row.startsWith("CEF:0|Sourceblind|audit|1|"));
    assertThat(PAGES.get("/v1/audit/ocsf?from=-1", token).statusCode()).isEqualTo(404);
    assertThat(PAGES.get("/v1/audit/cef", token(owner)).statusCode()).isEqualTo(403);
  }

  @Test
  void anOwnerSeesWhatHappenedAndNothingOfWhatEngineersDidToday() {
    WORLD.engineers(ours, team, "Another", 9).forEach(one -> did(one, "own.read", today()));

    var page = PAGES.get("/log", asOwner).body();

    assertThat(rowOf(page, "team.read"))
        .contains("Thatowner", "team:" + team)
        .containsPattern(TIME);
    assertThat(page).doesNotContain("own.read", "own-page", "Thatengineer", "eight engineers");
  }

  @Test
  void whatEightEngineersDidShowsOnceTheDayIsOverWithoutNameTimeOrNumber() {
    var engineers = WORLD.engineers(ours, team, "Another", 8);
    var yesterday = today().minusDays(1);
    engineers.forEach(one -> did(one, "own.read", yesterday));
    engineers.forEach(one -> did(one, "own.read", yesterday));
    engineers.subList(0, 7).forEach(one -> did(one, "sessions.read", yesterday));
    did(engineers.getFirst(), "sessions.read", yesterday);

    var page = PAGES.get("/log?day=" + yesterday, asOwner).body();

    assertThat(rowOf(page, "own.read"))
        .contains("that day", "eight engineers or more")
        .doesNotContain("own-page", "Another", engineers.getFirst().toString())
        .doesNotContainPattern(TIME)
        .doesNotContainPattern(">\\d+<");
    assertThat(page).doesNotContain("sessions.read");
  }

  @Test
  void theTwinWithoutAFloorTellsThatOneEngineerDidIt() {
    did(engineer, "own.read", today().minusDays(1));

    var page =
        whileTheLogIsReadBy(
            definition ->
                definition.replace(
                    "least_people constant int := 8", "least_people constant int := 1"),
            () -> PAGES.get("/log?day=" + today().minusDays(1), asOwner).body());

    assertThat(rowOf(page, "own.read")).contains("that day");
  }

  @Test
  void whoRunsThingsTodayIsNotNamedWithWhatTheyDidAsAnEngineer() {
    did(engineer, "own.read", today());
    becameManager(engineer);
    did(engineer, "policy.read", today());

    var page = PAGES.get("/log", asOwner).body();

    assertThat(rowOf(page, "policy.read")).contains("Thatengineer");
    assertThat(page).doesNotContain("own.read");
  }

  @Test
  void theTwinThatAsksForTheRoleOfNowNamesThem() {
    did(engineer, "own.read", today());
    becameManager(engineer);

    var page =
        whileTheLogIsReadBy(
            definition -> definition.replace("and g.id < entry.id", ""),
            () -> PAGES.get("/log", asOwner).body());

    assertThat(rowOf(page, "own.read")).contains("Thatengineer");
  }

  @Test
  void aLeafWithoutATimeSpoilsNoDay() {
    append("thing.done", leaf("thing.done", engineer, "soon"));

    assertThat(PAGES.get("/log", asOwner).statusCode()).isEqualTo(200);
  }

  @Test
  void theTwinThatDoesNotMaskShowsTheEngineer() {
    // What the page would show if it read the log as the reviewer's does.
    var page = get("/audit?action=own.read");

    assertThat(page).contains("own-page", engineer.toString()).containsPattern(TIME);
  }

  @Test
  void anOwnerCannotReadTheLogInAnotherWay() {
    boolean otherwise =
        WORLD.as(
            DatabaseRole.MANAGER_API,
            ours,
            owner,
            jdbc ->
                jdbc.sql(
                        """
                        select has_column_privilege('audit.entry', 'leaf', 'select')
                               or has_table_privilege('audit.leaf', 'select')
                        """)
                    .query((row, _) -> row.getBoolean(1))
                    .single());

    assertThat(otherwise).isFalse();
  }

  @Test
  void daysBeforeAndAfterAreALinkAway() {
    var page = PAGES.get("/log?day=2031-01-01", asOwner);
    var today = LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);

    assertThat(page.body())
        .contains("Nothing that is shown here happened on this day.", "/log?day=" + today);
    assertThat(PAGES.get("/log", asOwner).body()).doesNotContain("rel=\"prev\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "%2B999999999-12-31", "-0001-01-01", "2026-02-31", "2026-1-1"})
  void aDayThatIsNoneIsNotFound(String day) {
    assertThat(PAGES.get("/log?day=" + day, asOwner).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0000-01-01", "9999-12-31"})
  void aDayFarAwayIsEmpty(String day) {
    assertThat(PAGES.get("/log?day=" + day, asOwner).statusCode()).isEqualTo(200);
  }

  private static LocalDate today() {
    return LocalDate.ofInstant(CLOCK.instant(), ZoneOffset.UTC);
  }

  private void did(UUID person, String action, LocalDate day) {
    append(action, leaf(action, person, day + "T12:00:00.000000Z"));
  }

  private String leaf(String action, UUID actor, String at) {
    return """
    {"action":"%s","actor":"%s","actor_kind":"person","at":"%s","org":"%s","outcome":"done",\
    "target":"own-page","uid":"%s","v":1}\
    """
        .formatted(action, actor, at, ours, UUID.randomUUID());
  }

  private void becameManager(UUID person) {
    WORLD
        .superuser()
        .sql("update identity.person set role = 'manager' where id = :id")
        .param("id", person)
        .update();
    append(
        "member.changed",
        leaf("member.changed", owner, CLOCK.instant().toString())
            .replace("own-page", person.toString())
            .replace("\"target\"", "\"role\":\"manager\",\"target\""));
  }

  private void append(String action, String leaf) {
    WORLD
        .superuser()
        .sql(
            """
            insert into audit.entry (entry_uid, org_id, action, leaf)
            values (gen_random_uuid(), :org, :action, :leaf)
            """)
        .param("org", ours)
        .param("action", action)
        .param("leaf", leaf.getBytes(UTF_8))
        .update();
  }

  /// Takes a guard out of the function that managers read by, and puts it back.
  private static String whileTheLogIsReadBy(UnaryOperator<String> change, Supplier<String> work) {
    var guarded =
        WORLD
            .superuser()
            .sql("select pg_get_functiondef('audit.what_happened_on(date)'::regprocedure)")
            .query(String.class)
            .single();
    var unguarded = change.apply(guarded);
    assertThat(unguarded).isNotEqualTo(guarded);
    define(unguarded);
    try {
      return work.get();
    } finally {
      define(guarded);
    }
  }

  private static void define(String function) {
    WORLD
        .superuser()
        .sql("set sourceblind.amendment = 'test'; " + function + "; reset sourceblind.amendment")
        .update();
  }

  private static final Pattern TIME = Pattern.compile("\\d\\d:\\d\\d");

  private static String rowOf(String page, String action) {
    return java.util.Arrays.stream(page.split("<tr>", -1))
        .filter(row -> row.contains(">" + action + "<"))
        .findFirst()
        .orElse("there is no such row");
  }

  private String get(String path) {
    var answer = PAGES.get(path, asReviewer);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.headers().firstValue("Audit-Receipt")).isPresent();
    return answer.body();
  }

  private static List<Integer> indexes(String page) {
    return ROW.matcher(page).results().map(row -> Integer.parseInt(row.group(1))).toList();
  }

  private void sign() {
    new Sequencer(WORLD.database().as(DatabaseRole.AUDIT_SEQUENCER)).runOnce();
    try (var signer =
        Signer.open(
            WORLD.database().as(DatabaseRole.AUDIT_SIGNER),
            SEED,
            folder.resolve("memory"),
            LOGS,
            CLOCK)) {
      signer.runOnce();
    }
  }

  private Pass session(UUID person) {
    return Pass.session(WORLD.secret(ours, person, CredentialKind.SESSION));
  }

  private Pass token(UUID person) {
    return Pass.token(WORLD.secret(ours, person, CredentialKind.API));
  }
}
