// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoginIT {

  private static final String PENDING = "{\"error\":\"authorization_pending\"}";

  @TempDir Path temporary;
  private HttpServer http = start();
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> asked = new ArrayList<>();
  private final List<String> bearers = new ArrayList<>();
  private final List<Duration> pauses = new ArrayList<>();
  private final MovedClock clock = new MovedClock(Instant.parse("2026-11-22T00:00:00Z"));
  private String page = "";
  private String userCode = "WDJB-MJHT";

  private static HttpServer start() {
    try {
      return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException closed) {
      throw new IllegalStateException(closed);
    }
  }

  private Runnable between = () -> {};

  private Ran capture(String... args) {
    return Ran.capture(
        "",
        Map.of(),
        temporary,
        clock,
        pause -> {
          pauses.add(pause);
          clock.pass(pause);
        },
        args);
  }

  private String server() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  private Path file(String name) {
    return temporary.resolve(".sourceblind").resolve(name);
  }

  private static void answer(HttpExchange exchange, int status, String json) throws IOException {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  @BeforeEach
  void aServer() {
    page = server() + "/device";
    http.createContext(
        "/oauth2/device_authorization",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          answer(
              exchange,
              200,
              """
              {"device_code":"dc-1","user_code":"%s","verification_uri":"%s","expires_in":600,"interval":5}
              """
                  .formatted(userCode, page));
        });
    http.createContext(
        "/oauth2/token",
        exchange -> {
          asked.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          String next = answers.isEmpty() ? PENDING : answers.pop();
          between.run();
          int status = next.contains("busy") ? 503 : next.contains("error") ? 400 : 200;
          answer(exchange, status, next);
        });
    http.createContext(
        "/v1/enrolment",
        exchange -> {
          bearers.add(exchange.getRequestHeaders().getFirst("Authorization"));
          answer(
              exchange,
              200,
              """
              {"organization":"0199c0de-0000-7000-8000-000000000001","ref_key":"%s","capture_profile":"prose","path_policy":"relative"}
              """
                  .formatted(Base64.getEncoder().encodeToString(new byte[32])));
        });
    http.createContext(
        "/v1/contract",
        exchange -> {
          bearers.add(exchange.getRequestHeaders().getFirst("Authorization"));
          answer(
              exchange,
              200,
              "{\"allowlist\":\"%1$s\",\"database\":\"%1$s\"}".formatted("0".repeat(64)));
        });
    http.createContext(
        "/v1/events",
        exchange -> {
          bearers.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(401, -1);
          exchange.close();
        });
    http.start();
  }

  @AfterEach
  void theServerStops() {
    http.stop(0);
  }

  private static String tokens(int number) {
    return "{\"access_token\":\"at-%1$d\",\"refresh_token\":\"rt-%1$d\",\"token_type\":\"Bearer\",\"expires_in\":900}"
        .formatted(number);
  }

  @Test
  void whoSaysYesInTheBrowserIsSignedIn() throws IOException {
    answers.add(PENDING);
    answers.add("{\"error\":\"slow_down\"}");
    answers.add(tokens(1));

    Ran ran = capture("login", "--server", server());

    assertThat(ran.code()).isZero();
    assertThat(ran.out())
        .contains("Open " + page + " and type the code WDJB-MJHT.")
        .contains("Enrolled at")
        .doesNotContain("at-1")
        .doesNotContain("dc-1");
    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(10));
    assertThat(asked.get(0)).isEqualTo("client_id=capture");
    assertThat(asked.get(1))
        .contains("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code")
        .contains("device_code=dc-1");
    assertThat(bearers).containsOnly("Bearer at-1");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file("sign-in.json"))))
        .isEqualTo("rw-------");
    assertThat(file("device-token")).doesNotExist();
  }

  @Test
  void signingInTellsProgramsWhereAndByWhichCode() {
    answers.add(tokens(1));

    Ran ran = capture("login", "--server", server(), "--json");

    assertThat(ran.out().lines()).hasSize(2);
    assertThat(ran.out())
        .startsWith("{\"page\":\"" + page + "\",\"user_code\":\"WDJB-MJHT\"}\n")
        .contains("\"rules_accepted\":true")
        .doesNotContain("at-1");
  }

  @Test
  void whoSaysNoIsNot() {
    answers.add("{\"error\":\"access_denied\"}");

    Ran ran = capture("login", "--server", server());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("You said no");
    assertThat(file("sign-in.json")).doesNotExist();
  }

  @Test
  void aCodeThatNobodyTypesEndsByTheClock() {
    Ran ran = capture("login", "--server", server());

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("The code has ended");
    assertThat(pauses).hasSize(120);
  }

  @Test
  void aPageElsewhereAndACodeThatSteersTheTerminalAreNotShown() {
    page = "https://elsewhere.example/device";
    Ran elsewhere = capture("login", "--server", server());
    page = server() + "/device";
    userCode = "\\u001b[2J";
    Ran steering = capture("login", "--server", server());

    assertThat(elsewhere.err()).contains("no sign-in").doesNotContain("elsewhere");
    assertThat(steering.out() + steering.err()).doesNotContain("\u001b");
    assertThat(elsewhere.code()).isEqualTo(1);
    assertThat(steering.code()).isEqualTo(1);
  }

  @Test
  void aTokenThatEndsIsRenewedOnceAndTheSpentOneIsNotUsedAgain() {
    answers.add(tokens(1));
    capture("login", "--server", server());
    bearers.clear();
    capture("note", "why not");

    capture("send");
    assertThat(bearers).containsOnly("Bearer at-1");
    clock.pass(Duration.ofMinutes(15));
    answers.add(tokens(2));
    bearers.clear();
    capture("send");
    clock.pass(Duration.ofMinutes(15));
    answers.add(tokens(3));
    capture("send");

    assertThat(bearers).doesNotContain("Bearer at-1").contains("Bearer at-2", "Bearer at-3");
    assertThat(asked).filteredOn(body -> body.contains("refresh_token=rt-1")).hasSize(1);
    assertThat(asked).filteredOn(body -> body.contains("refresh_token=rt-2")).hasSize(1);
  }

  @Test
  void whoeverIsNoLongerSignedInIsToldSoAndKeepsTheQueue() {
    answers.add(tokens(1));
    capture("login", "--server", server());
    capture("note", "why not");
    clock.pass(Duration.ofMinutes(15));
    answers.add("{\"error\":\"invalid_grant\"}");

    Ran ran = capture("send");

    assertThat(ran.code()).isEqualTo(1);
    assertThat(ran.err()).contains("capture login");
    assertThat(capture("status").out()).contains("1 event is queued");
  }

  @Test
  void aServerThatIsBusyIsNotTakenForASignInThatEnded() {
    answers.add(tokens(1));
    capture("login", "--server", server());
    capture("note", "why not");
    clock.pass(Duration.ofMinutes(15));
    answers.add("busy");

    Ran ran = capture("send");
    Ran doctor = capture("doctor");

    assertThat(ran.err()).contains("answered 503").doesNotContain("no longer signed in");
    assertThat(doctor.out()).contains("server: ").contains("to mend.");
    answers.clear();
    answers.add(tokens(2));
    capture("send");
    assertThat(bearers).contains("Bearer at-2");
  }

  @Test
  void tokensThatCameBackAfterTheSignInWasReplacedAreNotKept() throws IOException {
    answers.add(tokens(1));
    capture("login", "--server", server());
    capture("note", "why not");
    clock.pass(Duration.ofMinutes(15));
    String other = Files.readString(file("sign-in.json")).replace("rt-1", "rt-9");
    between =
        () -> {
          try {
            Files.writeString(file("sign-in.json"), other);
          } catch (IOException closed) {
            throw new IllegalStateException(closed);
          }
        };
    answers.add(tokens(2));

    Ran ran = capture("send");

    assertThat(ran.err()).contains("changed meanwhile");
    assertThat(Files.readString(file("sign-in.json"))).isEqualTo(other);
  }

  @Test
  void loggingOutForgetsTheTokens() {
    answers.add(tokens(1));
    capture("login", "--server", server());

    capture("logout");

    assertThat(file("sign-in.json")).doesNotExist();
    assertThat(file("enrolment.json")).doesNotExist();
  }
}
