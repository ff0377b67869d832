// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.allinone.demo.Demo;
import io.sourceblind.capture.Capture;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.identity.Role;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// From session logs to a team page, through every real part.
class EventJourneyIT {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Pattern LINK = Pattern.compile("href=\"(/teams/[0-9a-f-]{36})\"");

  private static final Pattern CODE = Pattern.compile("[A-Z]{4}-[A-Z]{4}");

  @TempDir static Path folder;

  private static AllInOne all;
  private static Demo.Access access;

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    all = new AllInOne(AllInOne.Ports.from(0), Files.createDirectories(folder.resolve("demo")));
    access = all.start();
  }

  @AfterAll
  static void stop() {
    all.close();
  }

  @Test
  void aManagerSeesReleasedTeamNumbersAndNobody() throws Exception {
    var browser = signedIn(Role.MANAGER);
    var people = everybody();

    var teams = get(browser, "/teams").body();
    var pages = LINK.matcher(teams).results().map(link -> link.group(1)).distinct().toList();

    assertThat(pages).hasSize(3);
    for (var page : pages) {
      var html = get(browser, page).body();
      assertThat(html).contains("<svg").contains("about ").contains("You see teams, never people");
      assertThat(people).noneMatch(html::contains);
    }
    assertThat(pages).anyMatch(page -> bodyOf(browser, page).contains("Hidden: too few people"));
    assertThat(get(browser, "/me").body())
        .contains("Nothing of yours is held.")
        .doesNotContain("/me/sessions/");
  }

  @Test
  void anEngineerSeesTheirOwnSessionsAndNoTeamList() throws Exception {
    var browser = signedIn(Role.ENGINEER);

    var own = get(browser, "/me");

    assertThat(own.statusCode()).isEqualTo(200);
    assertThat(own.body()).contains("/me/sessions/").contains("days");
    assertThat(get(browser, "/teams").statusCode()).isIn(403, 404);
  }

  @Test
  void anImportedSessionAppearsOnTheEngineersOwnPage() throws Exception {
    var browser = signedIn(Role.ENGINEER);
    var before = storedOf(access.people().get(Role.ENGINEER));
    var log =
        Files.writeString(
            folder.resolve("one.jsonl"),
            """
            {"type":"user","sessionId":"journey","uuid":"u1","cwd":"/home/dev/app","timestamp":"2020-01-02T03:04:05.678Z","version":"2.1.34","message":{"role":"user","content":"Why is the upload slow on Mondays?"}}
            """);

    var imported = capture("import", "--as-if-today", log.toString());

    assertThat(imported).contains("Read 1 file");
    assertThat(storedOf(access.people().get(Role.ENGINEER))).isGreaterThan(before);
    assertThat(get(browser, "/me").body()).contains(", 03:04");
  }

  @Test
  void realSessionsComeInWholeAndNothingOfTheirSourceIsAnywhere() throws Exception {
    var real = shared().map(path -> path.resolve("fixtures/claude-code")).orElse(null);
    assumeTrue(
        real != null && Files.isDirectory(real),
        "There are no real sessions here; name their folder with -Dsourceblind.shared");

    var output = capture("import", "--as-if-today", real.toString());

    assertThat(output).doesNotContain("refused");
    var canaries = canariesOf(real);
    assertThat(canaries).hasSizeGreaterThan(5_000);
    var everything = dump() + EmbeddedDatabase.serverLog() + output;
    var windows = windows(everything);
    var found =
        canaries.stream()
            .filter(canary -> windows.contains(canary.substring(0, 12).hashCode()))
            .filter(everything::contains)
            .toList();
    assertThat(found).isEmpty();
    // The twin: the same search finds a canary that is there.
    var planted = canaries.iterator().next();
    assertThat(windows(everything + planted)).contains(planted.substring(0, 12).hashCode());
  }

  @Test
  void readsAndReleasesAreInTheAuditLog() throws Exception {
    get(signedIn(Role.MANAGER), "/teams");

    var actions =
        JdbcClient.create(all.database().superuser())
            .sql("select distinct action from audit.entry")
            .query(String.class)
            .set();

    assertThat(actions)
        .contains(
            "teams.read",
            "cells.released",
            "credential.minted",
            "enrolment.read",
            "schema.amended");
  }

  @Test
  void theLogIsPutInOrderAndSigned() throws Exception {
    var organization = access.organization();
    var superuser = JdbcClient.create(all.database().superuser());

    await()
        .atMost(Duration.ofMinutes(1))
        .until(() ->
            superuser
                .sql("select exists (select from audit.checkpoint where org_id = :org)")
                .param("org", organization)
                .query(Boolean.class)
                .single());

    assertThat(
            superuser
                .sql("select note from audit.checkpoint where org_id = :org limit 1")
                .param("org", organization)
                .query((row, _) -> row.getString(1))
                .single())
        .startsWith("localhost/org/" + organization + "\n");
  }

  @Test
  void aSignInLinkOpensOnce() throws Exception {
    var link = "/sign-in?token=" + access.signIn().get(Role.BILLING);
    var first = signedIn(Role.BILLING);

    assertThat(get(first, "/").statusCode()).isEqualTo(200);
    var again = post(browser(), link);
    assertThat(again.statusCode()).isNotEqualTo(302);
    assertThat(again.headers().firstValue("set-cookie")).isEmpty();
  }

  @Test
  void theCommandLineIsSignedInThroughABrowserAndThenSends() throws Exception {
    var browser = signedIn(Role.ENGINEER);
    var home = folder.resolve("signed-in").toString();
    var output = new ByteArrayOutputStream();
    var stream = new PrintStream(output, true, UTF_8);
    var login =
        CompletableFuture.supplyAsync(() ->
            Capture.run(
                InputStream.nullInputStream(),
                stream,
                stream,
                "login",
                "--home",
                home,
                "--server",
                all.pagesUrl(),
                "--ingest",
                all.apiUrl()));
    await().atMost(Duration.ofSeconds(30)).until(() -> output.toString(UTF_8).contains("code "));
    var shown = CODE.matcher(output.toString(UTF_8));
    assertThat(shown.find()).isTrue();

    var question = post(browser, "/device?user_code=" + shown.group());
    var answer = post(browser, "/device/decided?decision=yes&user_code=" + shown.group());

    assertThat(question.body()).contains("Is this your machine?", shown.group());
    assertThat(answer.body()).contains("Your command line is connected");
    assertThat(login.get(60, TimeUnit.SECONDS)).as(output.toString(UTF_8)).isZero();
    var before = storedOf(access.people().get(Role.ENGINEER));
    var log =
        Files.writeString(
            folder.resolve("signed-in.jsonl"),
            """
            {"type":"user","sessionId":"by-login","uuid":"u9","cwd":"/home/dev/app","timestamp":"2020-01-02T03:04:05.678Z","version":"2.1.34","message":{"role":"user","content":"Why is the upload slow on Mondays?"}}
            """);
    run("import", "--home", home, "--as-if-today", log.toString());
    assertThat(storedOf(access.people().get(Role.ENGINEER))).isGreaterThan(before);
    assertThat(get(browser, "/account").body()).contains("Command line");
  }

  @Test
  void anApiTokenOpensWhatItsRoleMaySee() throws Exception {
    var manager = apiGet("/v1/teams", access.tokens().get(Role.MANAGER));
    var engineer = apiGet("/v1/teams", access.tokens().get(Role.ENGINEER));
    var nobody = apiGet("/v1/teams", "sbk_000000000000000000000000000000000000");

    assertThat(manager.statusCode()).isEqualTo(200);
    assertThat(engineer.statusCode()).isEqualTo(403);
    assertThat(nobody.statusCode()).isEqualTo(401);
  }

  @Test
  void aReviewerGetsTheCapacityCertificate() throws Exception {
    var answer = apiGet("/v1/proof/capacity", access.tokens().get(Role.REVIEWER));

    assertThat(answer.statusCode()).isEqualTo(200);
    var capacity = JSON.readTree(answer.body());
    assertThat(capacity.path("kinds").size()).isEqualTo(15);
    assertThat(capacity.path("columns").size()).isGreaterThan(100);
    assertThat(apiGet("/v1/proof/capacity", access.tokens().get(Role.MANAGER)).statusCode())
        .isEqualTo(403);
  }

  @Test
  void aReviewerGetsWhatWasLeftOut() throws Exception {
    var answer = apiGet("/v1/proof/left-out", access.tokens().get(Role.REVIEWER));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(JSON.readTree(answer.body()).path("left_out").isArray()).isTrue();
    assertThat(apiGet("/v1/proof/left-out", access.tokens().get(Role.ENGINEER)).statusCode())
        .isEqualTo(403);
  }

  private static HttpClient browser() {
    return HttpClient.newBuilder()
        .cookieHandler(new CookieManager())
        .followRedirects(HttpClient.Redirect.NORMAL)
        .build();
  }

  /// Each link opens once, so whoever signs in first keeps the session for the others.
  private static final Map<Role, HttpClient> SESSIONS = new EnumMap<>(Role.class);

  private static synchronized HttpClient signedIn(Role role) throws Exception {
    var known = SESSIONS.get(role);
    if (known != null) {
      return known;
    }
    var browser = browser();
    var answer = post(browser, "/sign-in?token=" + access.signIn().get(role));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    SESSIONS.put(role, browser);
    return browser;
  }

  private static HttpResponse<String> post(HttpClient browser, String path) throws Exception {
    var question = path.indexOf('?');
    return browser.send(
        HttpRequest.newBuilder(URI.create(all.pagesUrl() + path.substring(0, question)))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(path.substring(question + 1)))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> get(HttpClient browser, String path) throws Exception {
    return browser.send(
        HttpRequest.newBuilder(URI.create(all.pagesUrl() + path)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String bodyOf(HttpClient browser, String path) {
    try {
      return get(browser, path).body();
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  private static HttpResponse<String> apiGet(String path, @Nullable String token) throws Exception {
    return browser()
        .send(
            HttpRequest.newBuilder(URI.create(all.pagesUrl() + path))
                .header("Authorization", "Bearer " + token)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /// Runs the client as the demo engineer and gives back all that it prints.
  private static String capture(String... args) throws IOException {
    var home = folder.resolve("client").toString();
    var token = Files.writeString(folder.resolve("token"), access.device());
    run("enroll", "--home", home, "--server", all.apiUrl(), "--token-file", token.toString());
    var command = Stream.concat(Stream.of(args[0], "--home", home), Stream.of(args).skip(1));
    return run(command.toArray(String[]::new));
  }

  private static String run(String... args) {
    var output = new ByteArrayOutputStream();
    var stream = new PrintStream(output, true, UTF_8);
    var code = Capture.run(InputStream.nullInputStream(), stream, stream, args);
    assertThat(code).as(output.toString(UTF_8)).isZero();
    return output.toString(UTF_8);
  }

  private static long storedOf(@Nullable UUID person) {
    return JdbcClient.create(all.database().superuser())
        .sql("select count(*) from capture.event where person_id = :person")
        .param("person", person)
        .query(Long.class)
        .single();
  }

  private static List<String> everybody() {
    return JdbcClient.create(all.database().superuser())
        .sql(
            """
            select id::text from identity.person
             union select name::text from identity.person
             union select email::text from identity.person
            """)
        .query(String.class)
        .list()
        .stream()
        .map(String::valueOf)
        .toList();
  }

  /// Every row of every table of ours: what a dump of the database would hold.
  private static String dump() {
    var jdbc = JdbcClient.create(all.database().superuser());
    var tables =
        jdbc.sql(
                """
                select format('%I.%I', schemaname, tablename) from pg_tables
                 where schemaname not in ('pg_catalog', 'information_schema')
                   and tablename not like 'event\\_%'
                """)
            .query(String.class)
            .list();
    var dump = new StringBuilder();
    for (var table : tables) {
      jdbc.sql("select t::text from %s t".formatted(table))
          .query(String.class)
          .list()
          .forEach(row -> dump.append(row).append('\n'));
    }
    return dump.toString();
  }

  private static Set<Integer> windows(String text) {
    var windows = new HashSet<Integer>();
    for (var start = 0; start + 12 <= text.length(); start++) {
      windows.add(text.substring(start, start + 12).hashCode());
    }
    return windows;
  }

  /// Lines that only source, output or a tool's own words have: with a sign that prose has not.
  private static Set<String> canariesOf(Path sessions) throws IOException {
    var canaries = new HashSet<String>();
    try (var files = Files.walk(sessions)) {
      for (var file : files.filter(path -> path.toString().endsWith(".jsonl")).toList()) {
        for (var line : new String(Files.readAllBytes(file), UTF_8).split("\n", -1)) {
          try {
            collect(JSON.readTree(line), canaries);
          } catch (JacksonException _) {
            // A line that is no JSON holds no field that could leak.
          }
        }
      }
    }
    return canaries;
  }

  private static void collect(JsonNode node, Set<String> canaries) {
    if (node.isString()) {
      for (var line : node.stringValue().split("\n", -1)) {
        var canary = line.strip();
        if (canary.length() >= 12 && canary.matches(".*[(){};=<>$|\\\\].*")) {
          canaries.add(canary);
        }
      }
    }
    node.forEach(child -> collect(child, canaries));
  }

  private static Optional<Path> shared() {
    var given = System.getProperty("sourceblind.shared");
    if (given != null) {
      return Optional.of(Path.of(given));
    }
    for (var at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared"))) {
        return Optional.of(at.resolve("shared"));
      }
    }
    return Optional.empty();
  }
}
