// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import com.sun.net.httpserver.HttpServer;
import io.sourceblind.capture.Capture;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.source.Refs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Kills the agent with -9 at random while calls flow through files and hooks, and holds what a
/// server was sent against what happened.
final class AgentDrill {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int FILES = 5;
  private static final int LONGEST_LIFE_MS = 2_500;

  private final Path home;
  private final int kills;
  private final int calls;
  private final Random random;
  private final Refs refs = new Refs(new byte[Refs.KEY_BYTES]);
  private final Map<String, JsonNode> stored = new ConcurrentHashMap<>();
  private final AtomicLong resent = new AtomicLong();
  private final Set<String> happened = ConcurrentHashMap.newKeySet();

  /// What came of it.
  ///
  /// @param whileItRan kills of an agent that had begun to work
  /// @param lost calls of which no record or not every record arrived
  /// @param twice calls of which more than one record of a kind arrived
  /// @param hookMs by how much the answer to a hook takes longer than one to nothing, in the middle
  /// @param resent events the server had already, by their id
  record Result(
      int kills,
      int whileItRan,
      int events,
      int lost,
      int twice,
      int merged,
      long resent,
      double hookMs) {}

  AgentDrill(Path home, int kills, int events, long seed) {
    this.home = home;
    this.kills = kills;
    // A call is two events: the tool's and the command's.
    this.calls = events / 2;
    this.random = new Random(seed);
  }

  public static void main(String[] args) throws Exception {
    int kills = Integer.parseInt(args[1]);
    Result result =
        new AgentDrill(Path.of(args[0]), kills, Integer.parseInt(args[2]), 20_261_122).run();
    System.out.println("value agent_kills " + result.kills());
    System.out.println("value kills_while_it_ran " + result.whileItRan());
    System.out.println("value events_flowed " + result.events());
    System.out.println("value calls_lost " + result.lost());
    System.out.println("value calls_told_twice " + result.twice());
    System.out.println("value calls_timed_by_hook " + result.merged());
    System.out.println("value events_resent_and_known " + result.resent());
    System.out.printf("value hook_over_empty_round_trip_ms %.2f%n", result.hookMs());
    System.out.println("value planted_loss_found " + planted(List.of(), "a"));
    System.out.println(
        "value planted_copy_found " + planted(List.of(event("a", 1), event("a", 2)), "a"));
  }

  /// The judge must see what it is there to see.
  private static int planted(List<JsonNode> events, String call) {
    Refs refs = new Refs(new byte[Refs.KEY_BYTES]);
    Counts counts = judge(events, Set.of(call), refs);
    return counts.lost() + counts.twice() > 0 ? 1 : 0;
  }

  private static JsonNode event(String call, int id) {
    return JSON.readTree(
        "{\"event_id\":\"%d\",\"kind\":\"tool.completed\",\"call_ref\":\"%s\"}"
            .formatted(id, new Refs(new byte[Refs.KEY_BYTES]).of("call", call).hex()));
  }

  Result run() throws Exception {
    Path capture = home.resolve("capture");
    HttpServer server = server();
    try {
      enrol(server, capture);
      AgentKeys keys = AgentKeys.of(new CaptureFolder(capture), random);
      Process agent = start(capture);
      awaitStart(agent, 1);
      int starts = 0;
      Thread work = Thread.ofPlatform().start(() -> work(keys));
      int killed = 0;
      int whileItRan = 0;
      while (killed < kills) {
        // Every other life is ended wherever it stands, which is often before it has begun.
        if (killed % 2 == 0) {
          awaitStart(agent, starts + 1);
          whileItRan++;
        }
        if (!agent.waitFor(random.nextInt(LONGEST_LIFE_MS), TimeUnit.MILLISECONDS)) {
          agent.destroyForcibly().waitFor();
        }
        killed++;
        starts = starts();
        agent = start(capture);
      }
      work.join();
      settle(agent, keys);
      double hookMs = beyondAnEmptyRoundTrip(keys);
      agent.destroyForcibly().waitFor();
      Counts counts = judge(List.copyOf(stored.values()), happened, refs);
      return new Result(
          killed,
          whileItRan,
          happened.size() * 2,
          counts.lost(),
          counts.twice(),
          counts.merged(),
          resent.get(),
          hookMs);
    } finally {
      server.stop(0);
    }
  }

  private HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/v1/enrolment",
        exchange -> {
          byte[] body =
              ("{\"organization\":\"0199c0de-0000-7000-8000-000000000001\",\"ref_key\":\""
                      + Base64.getEncoder().encodeToString(new byte[Refs.KEY_BYTES])
                      + "\",\"capture_profile\":\"prose\",\"path_policy\":\"relative\"}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/v1/contract",
        exchange -> {
          byte[] body =
              "{\"allowlist\":\"%1$s\",\"database\":\"%1$s\"}"
                  .formatted("0".repeat(64))
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.createContext(
        "/v1/events",
        exchange -> {
          List<String> verdicts = new ArrayList<>();
          for (String line :
              new String(
                      new GZIPInputStream(exchange.getRequestBody()).readAllBytes(),
                      StandardCharsets.UTF_8)
                  .lines()
                  .toList()) {
            JsonNode event = JSON.readTree(line);
            String id = event.get("event_id").asString();
            boolean known = stored.putIfAbsent(id, event) != null;
            resent.addAndGet(known ? 1 : 0);
            verdicts.add(
                "{\"event_id\":\"%s\",\"verdict\":\"%s\"}"
                    .formatted(id, known ? "duplicate" : "accepted"));
          }
          byte[] body =
              ("{\"events\":[" + String.join(",", verdicts) + "],\"dropped_fields\":0}")
                  .getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    return server;
  }

  private static void enrol(HttpServer server, Path capture) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(said, true, StandardCharsets.UTF_8);
    int code =
        Capture.run(
            new ByteArrayInputStream("sbd_drill\n".getBytes(StandardCharsets.UTF_8)),
            out,
            out,
            "enroll",
            "--server",
            "http://127.0.0.1:" + server.getAddress().getPort(),
            "--home",
            capture.toString());
    if (code != 0) {
      throw new IllegalStateException(said.toString(StandardCharsets.UTF_8));
    }
  }

  private Process start(Path capture) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx256m",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-Duser.home=" + home,
            "-cp",
            System.getProperty("java.class.path"),
            "io.sourceblind.capture.Capture",
            "agent",
            "--home",
            capture.toString())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("agent.log").toFile()))
        .start();
  }

  /// What happens before the agent was ever there is not its business, so the work waits for it.
  private void awaitStart(Process agent, int count) throws IOException, InterruptedException {
    while (starts() < count) {
      if (agent.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(Files.readString(home.resolve("agent.log")));
      }
    }
  }

  private int starts() throws IOException {
    return (int)
        Files.readString(home.resolve("agent.log"))
            .lines()
            .filter(line -> line.startsWith("The agent runs"))
            .count();
  }

  /// Calls through files, with and without their hooks, and some through hooks alone.
  private void work(AgentKeys keys) {
    Duration pause =
        Duration.ofNanos((long) kills * LONGEST_LIFE_MS / 2 * 1_000_000 / Math.max(1, calls));
    Random own = new Random(7);
    try (HttpClient http = client()) {
      Path folder = Files.createDirectories(home.resolve(".claude/projects/shop"));
      for (int i = 0; i < calls; i++) {
        String id = "call-" + i;
        happened.add(id);
        if (i % 10 == 9) {
          while (!hook(http, keys, Rows.hook("hooked", id, 5))) {
            Thread.sleep(20);
          }
        } else {
          String session = "session-" + i % FILES;
          Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
          Path file = folder.resolve(session + ".jsonl");
          String rows = Rows.call(session, now, id) + Rows.result(session, now, id);
          int half = own.nextInt(rows.length());
          append(file, rows.substring(0, half));
          if (i % 2 == 0) {
            hook(http, keys, Rows.hook(session, id, 77_777));
          }
          append(file, rows.substring(half));
        }
        Thread.sleep(pause);
      }
    } catch (IOException | InterruptedException broken) {
      throw new IllegalStateException("The work could not be done", broken);
    }
  }

  private static HttpClient client() {
    return HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /// Whether the agent took it; a dead one takes nothing, and the tool goes on.
  private static boolean hook(HttpClient http, AgentKeys keys, String payload)
      throws InterruptedException {
    try {
      return http.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + keys.port() + "/hook/claude_code/x"))
                      .header("Authorization", "Bearer " + keys.token())
                      .timeout(Duration.ofSeconds(5))
                      .POST(HttpRequest.BodyPublishers.ofString(payload))
                      .build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException dead) {
      return false;
    }
  }

  /// Lets the last agent catch up: until nothing new came for a while.
  private void settle(Process agent, AgentKeys keys) throws InterruptedException {
    try (HttpClient http = client()) {
      Instant end = Instant.now().plusSeconds(120);
      int before = -1;
      int still = 0;
      while (still < 8 && Instant.now().isBefore(end) && agent.isAlive()) {
        hook(http, keys, Rows.ended("hooked"));
        Thread.sleep(2_000);
        still = stored.size() == before ? still + 1 : 0;
        before = stored.size();
      }
    }
  }

  /// What a tool waits for beyond the way to the agent and back: the middle of many, side by side.
  private double beyondAnEmptyRoundTrip(AgentKeys keys) throws IOException, InterruptedException {
    List<Double> hooks = new ArrayList<>();
    List<Double> empty = new ArrayList<>();
    try (HttpClient http = client()) {
      for (int i = 0; i < 400; i++) {
        long start = System.nanoTime();
        hook(http, keys, Rows.hook("timed", "timed-" + i, 5));
        long middle = System.nanoTime();
        http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + keys.port() + "/nothing"))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build(),
            HttpResponse.BodyHandlers.discarding());
        hooks.add((middle - start) / 1e6);
        empty.add((System.nanoTime() - middle) / 1e6);
      }
    }
    hooks.sort(null);
    empty.sort(null);
    return hooks.get(200) - empty.get(200);
  }

  private record Counts(int lost, int twice, int merged) {}

  private static Counts judge(List<JsonNode> events, Set<String> happened, Refs refs) {
    Map<String, Set<String>> tools = new TreeMap<>();
    Map<String, Set<String>> commands = new TreeMap<>();
    int merged = 0;
    for (JsonNode event : events) {
      String kind = event.get("kind").asString();
      if (kind.equals("tool.completed") || kind.equals("command.executed")) {
        (kind.equals("tool.completed") ? tools : commands)
            .computeIfAbsent(event.get("call_ref").asString(), _ -> new TreeSet<>())
            .add(event.get("event_id").asString());
        JsonNode took = event.get("duration_ms");
        merged += kind.equals("tool.completed") && took != null && took.asInt() == 77_777 ? 1 : 0;
      }
    }
    int lost = 0;
    int twice = 0;
    for (String id : happened) {
      String ref = refs.of("call", id).hex();
      int told = tools.getOrDefault(ref, Set.of()).size();
      int ran = commands.getOrDefault(ref, Set.of()).size();
      lost += told == 0 || ran == 0 ? 1 : 0;
      twice += told > 1 || ran > 1 ? 1 : 0;
    }
    return new Counts(lost, twice, merged);
  }
}
