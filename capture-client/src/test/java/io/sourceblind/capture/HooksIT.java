// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class HooksIT {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final String WITH_COMMENTS =
      """
      {
          // the model of the team
          "model": "opus",
          "hooks": {
              /* ours since spring */
              "PostToolUse": [
                  { "matcher": "Edit", "hooks": [{ "type": "command", "command": "make format" }] }, // keep
              ],
          },
          "env": { "A": "1" }
      }
      """;

  @TempDir Path temporary;

  private Ran capture(String... args) {
    return Ran.capture("", Map.of(), temporary, Samples.CLOCK, pause -> {}, args);
  }

  private Path claude(String settings) throws IOException {
    Path file = Files.createDirectories(temporary.resolve(".claude")).resolve("settings.json");
    return Files.writeString(file, settings);
  }

  private CaptureFolder folder() {
    return new CaptureFolder(temporary.resolve(".sourceblind"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"claude-code", "codex", "gemini-cli", "cursor", "copilot-cli", "droid"})
  void whereThereWereNoSettingsOursAreMadeAndGoAgain(String tool) throws IOException {
    Ran ran = capture("hooks", "install", "--tool", tool);

    assertThat(ran.code()).isZero();
    List<Path> files = filesBeside();
    assertThat(files).hasSize(1);
    JsonNode settings = JSON.readTree(Files.readString(files.get(0)));
    assertThat(settings.get("hooks").size()).isGreaterThanOrEqualTo(4);
    assertThat(settings.propertyNames()).isSubsetOf("hooks", "version");
    assertThat(capture("hooks", "status", "--tool", tool).out()).contains("hooks are in.");
    capture("hooks", "uninstall", "--tool", tool);
    assertThat(filesBeside()).isEmpty();
    assertThat(capture("hooks", "status", "--tool", tool).out()).contains("no hooks");
  }

  private List<Path> filesBeside() throws IOException {
    try (var all = Files.walk(temporary)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> !file.startsWith(folder().path()))
          .toList();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{ }\n",
        "{\"model\":\"opus\"}",
        "{\r\n\t\"model\": \"opus\"\r\n}\r\n",
        "{\n  \"hooks\": {}\n}\n",
        "{\n  \"hooks\": { \"PostToolUse\": [] }\n}\n",
        "// a note\n{\n  \"a\": [1, 2,], // more\n}\n// end",
        WITH_COMMENTS
      })
  void whatNobodyChangedSinceIsAgainWhatItWasByteForByte(String settings) throws IOException {
    Path file = claude(settings);

    assertThat(capture("hooks", "install", "--tool", "claude-code").code()).isZero();
    String installed = Files.readString(file);
    Ran again = capture("hooks", "install", "--tool", "claude-code");

    assertThat(installed).isNotEqualTo(settings);
    assertThat(again.out()).contains("nothing to do");
    assertThat(Files.readString(file)).isEqualTo(installed);
    assertThat(capture("hooks", "uninstall", "--tool", "claude-code").code()).isZero();
    assertThat(Files.readString(file)).isEqualTo(settings);
  }

  @Test
  void whatSomebodyChangedSinceStaysAndOnlyOursGoes() throws IOException {
    Path file = claude(WITH_COMMENTS);
    capture("hooks", "install", "--tool", "claude-code");
    String changed = Files.readString(file).replace("\"opus\"", "\"sonnet\"");
    Files.writeString(file, changed);

    capture("hooks", "uninstall", "--tool", "claude-code");

    assertThat(Files.readString(file)).isEqualTo(WITH_COMMENTS.replace("\"opus\"", "\"sonnet\""));
  }

  @Test
  void theHooksOfOthersStayWhereTheyAreAndOursComeBehind() throws IOException {
    Path file = claude(WITH_COMMENTS);

    capture("hooks", "install", "--tool", "claude-code");

    assertThat(Files.readString(file))
        .contains("// the model of the team")
        .contains("/* ours since spring */")
        .contains("}, // keep")
        .contains("\"args\": [\"claude_code\", \"PostToolUse\"], \"async\": true");
    assertThat(Files.readString(file).indexOf("make format"))
        .isLessThan(Files.readString(file).indexOf("\"PostToolUse\"]"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{\"a\": ", "[]", "{\"a\":1,\"a\":2}", "{\"hooks\": []}", "{} {}", "nope"})
  void aFileThatCannotBeUnderstoodIsLeftAlone(String settings) throws IOException {
    Path file = claude(settings);

    Ran ran = capture("hooks", "install", "--tool", "claude-code");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("was left alone");
    assertThat(Files.readString(file)).isEqualTo(settings);
  }

  @Test
  void aDryRunShowsOurHooksAndNothingElseAndChangesNothing() throws IOException {
    String settings = "{\"apiKey\": \"sk-of-mine\"}";
    Path file = claude(settings);

    Ran ran = capture("hooks", "install", "--tool", "claude-code", "--dry-run");

    assertThat(ran.out())
        .contains("would change")
        .contains("+ PostToolUse: {")
        .doesNotContain("sk-of-mine");
    assertThat(Files.readString(file)).isEqualTo(settings);
    assertThat(folder().path()).doesNotExist();
  }

  @Test
  void aLinkLeadsToTheSameFileAsBeforeAndThePermissionsStay() throws IOException {
    Path kept = Files.writeString(temporary.resolve("dotfiles.json"), "{\"model\":\"opus\"}\n");
    Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rw-r-----"));
    Path link = Files.createDirectories(temporary.resolve(".claude")).resolve("settings.json");
    Files.createSymbolicLink(link, kept);

    capture("hooks", "install", "--tool", "claude-code");

    assertThat(Files.isSymbolicLink(link)).isTrue();
    assertThat(Files.readString(kept)).contains("SessionEnd");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-r-----");
    capture("hooks", "uninstall", "--tool", "claude-code");
    assertThat(Files.readString(link)).isEqualTo("{\"model\":\"opus\"}\n");
  }

  @Test
  void theCopyOfTheSettingsIsForTheirUserOnly() throws IOException {
    claude("{\"env\":{\"KEY\":\"of mine\"}}");

    capture("hooks", "install", "--tool", "claude-code");

    try (var files = Files.list(folder().path())) {
      assertThat(files.filter(file -> file.toString().endsWith(".backup")).toList())
          .singleElement()
          .satisfies(file -> {
            assertThat(Files.readString(file)).isEqualTo("{\"env\":{\"KEY\":\"of mine\"}}");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
          });
    }
    Files.writeString(
        temporary.resolve(".claude/settings.json"),
        Files.readString(temporary.resolve(".claude/settings.json")) + "\n");
    capture("hooks", "uninstall", "--tool", "claude-code");
    assertThat(copies()).isEmpty();
  }

  private List<Path> copies() throws IOException {
    try (var files = Files.list(folder().path())) {
      return files.filter(file -> file.toString().endsWith(".backup")).toList();
    }
  }

  @Test
  void purgingDeletesTheCopiesAndOursStillGo() throws IOException {
    Path file = claude("{\"env\":{\"KEY\":\"of mine\"}}");
    capture("hooks", "install", "--tool", "claude-code");

    assertThat(capture("purge", "--yes").code()).isZero();

    assertThat(copies()).isEmpty();
    capture("hooks", "uninstall", "--tool", "claude-code");
    assertThat(Files.readString(file)).contains("of mine").doesNotContain("SessionEnd");
  }

  @Test
  void ofAGroupThatAlsoHoldsAHookOfTheUserOnlyOursGoes() throws IOException {
    String theirs = "{ \"type\": \"command\", \"command\": \"make format\" }";
    Path file = claude("{}");
    capture("hooks", "install", "--tool", "claude-code");
    String text = Files.readString(file);
    Files.writeString(
        file,
        text.replace(
            "\"args\": [\"claude_code\", \"PostToolUse\"], \"async\": true, \"timeout\": 10 }",
            "\"args\": [\"claude_code\", \"PostToolUse\"], \"async\": true, \"timeout\": 10 }, "
                + theirs));

    capture("hooks", "uninstall", "--tool", "claude-code");

    assertThat(JSON.readTree(Files.readString(file)))
        .isEqualTo(JSON.readTree("{\"hooks\":{\"PostToolUse\":[{\"hooks\":[" + theirs + "]}]}}"));
  }

  @Test
  void aHookOfTheUserThatOnlySpeaksOfOursStays() throws IOException {
    String theirs = "echo see " + folder().file("hook").toAbsolutePath();
    Path file =
        claude(
            "{\"hooks\":{\"PostToolUse\":[{\"hooks\":[{\"type\":\"command\",\"command\":\""
                + theirs
                + "\"}]}]}}");
    String settings = Files.readString(file);
    capture("hooks", "install", "--tool", "claude-code");
    Files.writeString(file, Files.readString(file) + "\n");

    capture("hooks", "uninstall", "--tool", "claude-code");

    assertThat(Files.readString(file)).contains(theirs).isEqualTo(settings + "\n");
  }

  @Test
  void whatStandsAboveTheHookBehindOursStays() throws IOException {
    Path file = claude("{}");
    capture("hooks", "install", "--tool", "claude-code");
    String text = Files.readString(file);
    int end = text.indexOf("}] }", text.indexOf("\"PostToolUse\"]")) + 4;
    Files.writeString(
        file, text.substring(0, end) + ",\n // mine\n { \"hooks\": [] }" + text.substring(end));

    capture("hooks", "uninstall", "--tool", "claude-code");

    assertThat(Files.readString(file)).contains("// mine").doesNotContain("claude_code");
  }

  @Test
  void ofAHomeWithAnApostropheOursGoAsWell() throws IOException {
    claude("{\"a\":1}");
    Path home = temporary.resolve("o'brien");
    Path settings = temporary.resolve(".factory/settings.json");
    Files.createDirectories(settings.getParent());
    Files.writeString(settings, "{\"a\":1}");
    capture("hooks", "install", "--tool", "droid", "--home", home.toString());
    Files.writeString(settings, Files.readString(settings) + "\n");

    capture("hooks", "uninstall", "--tool", "droid", "--home", home.toString());

    assertThat(JSON.readTree(Files.readString(settings))).isEqualTo(JSON.readTree("{\"a\":1}"));
  }

  private record Hooked(int code, String printed) {}

  private Hooked hook(String payload) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(folder().file("hook").toString(), "claude_code", "PostToolUse")
            .redirectErrorStream(true);
    builder.environment().put("CURL_HOME", temporary.resolve("curl").toString());
    Process hook = builder.start();
    hook.getOutputStream().write(payload.getBytes(StandardCharsets.UTF_8));
    hook.getOutputStream().close();
    String printed = new String(hook.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(hook.waitFor(20, TimeUnit.SECONDS)).isTrue();
    return new Hooked(hook.exitValue(), printed);
  }

  @Test
  void aHookPrintsNothingAndFailsNeverWhetherTheAgentRunsOrNot() throws Exception {
    claude("{}");
    capture("hooks", "install", "--tool", "claude-code");
    AgentKeys keys = Objects.requireNonNull(AgentKeys.known(folder()));

    Hooked alone = hook("{\"session_id\":\"s\"}");

    assertThat(alone).isEqualTo(new Hooked(0, ""));
    List<String> heard = new ArrayList<>();
    HttpServer agent =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), keys.port()), 0);
    agent.createContext(
        "/",
        exchange -> {
          heard.add(
              exchange.getRequestURI()
                  + " "
                  + exchange.getRequestHeaders().getFirst("Authorization")
                  + " "
                  + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] advice = "do something else".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(500, advice.length);
          exchange.getResponseBody().write(advice);
          exchange.close();
        });
    agent.start();
    try {
      assertThat(hook("{\"session_id\":\"s\"}")).isEqualTo(new Hooked(0, ""));
    } finally {
      agent.stop(0);
    }
    assertThat(heard)
        .containsExactly(
            "/hook/claude_code/PostToolUse Bearer " + keys.token() + " {\"session_id\":\"s\"}");
    assertThat(Files.readString(folder().file("hook"))).doesNotContain(keys.token());
  }

  private interface Between {
    void happens() throws Exception;
  }

  /// What a server of this test's user hears while the shim is as it is.
  private List<String> heard(Between between) throws Exception {
    claude("{}");
    capture("hooks", "install", "--tool", "claude-code");
    AgentKeys keys = Objects.requireNonNull(AgentKeys.known(folder()));
    List<String> heard = new ArrayList<>();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), keys.port()), 0);
    server.createContext(
        "/",
        exchange -> {
          heard.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      between.happens();
      assertThat(hook("{\"session_id\":\"s\"}")).isEqualTo(new Hooked(0, ""));
    } finally {
      server.stop(0);
    }
    return heard;
  }

  @Test
  void aListenerOfAnotherUserIsGivenNothing() throws Exception {
    assumeThat(Path.of("/proc/net/tcp")).as("This system tells whose a port is").exists();
    String own = "[ \"$user\" = " + Files.getAttribute(temporary, "unix:uid") + " ]";

    List<String> heard =
        heard(() -> {
          Path shim = folder().file("hook");
          String text = Files.readString(shim);
          assertThat(text).contains(own);
          // To the shim, we are now somebody else.
          Files.writeString(shim, text.replace(own, "[ \"$user\" = 4242 ]"));
        });

    assertThat(heard).isEmpty();
  }

  @Test
  void whatTheUserSetForCurlDoesNotHoldForAHook() throws Exception {
    Path traced = temporary.resolve("traced");
    Files.writeString(
        Files.createDirectories(temporary.resolve("curl")).resolve(".curlrc"),
        "trace-ascii = \"" + traced + "\"\n");

    List<String> heard = heard(() -> {});

    assertThat(heard).containsExactly("{\"session_id\":\"s\"}");
    assertThat(traced).doesNotExist();
  }
}
