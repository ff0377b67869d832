// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sourceblind.analytics.narrator.Narrator.Claim;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A provider on this machine, in a process of its own. How it behaves is in the address: under
/// `/ok` it says what it was told to say, under `/reset` it hangs up, and so on.
final class StubProvider implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Process process;
  private final String address;
  private final HttpClient client = HttpClient.newHttpClient();

  private StubProvider(Process process, String address) {
    this.process = process;
    this.address = address;
  }

  static StubProvider start() {
    try {
      var process =
          new ProcessBuilder(
                  Path.of(String.valueOf(System.getProperty("java.home")), "bin", "java")
                      .toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-Xmx64m",
                  "-cp",
                  String.valueOf(System.getProperty("java.class.path")),
                  StubProvider.class.getName())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      var said = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
      return new StubProvider(process, Objects.requireNonNull(said.readLine()));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /// Where it behaves so.
  String address(String behaviour) {
    return address + "/" + behaviour;
  }

  /// What a model says that claims this.
  static String answer(List<Claim> claims) {
    return JSON.writeValueAsString(Map.of("sentences", claims));
  }

  /// What it says from now on, and forgets what it was asked.
  void say(String words) {
    send(HttpRequest.newBuilder(URI.create(address + "/say")).PUT(BodyPublishers.ofString(words)));
  }

  /// The bodies that it was sent, each as it came.
  List<JsonNode> asked() {
    return JSON.readTree(send(HttpRequest.newBuilder(URI.create(address + "/asked")).GET()))
        .valueStream()
        .toList();
  }

  private String send(HttpRequest.Builder request) {
    try {
      return client.send(request.build(), BodyHandlers.ofString()).body();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  @Override
  public void close() {
    process.destroy();
  }

  static void main() throws IOException {
    new Server().start();
    // It ends with whoever started it, however that one ends.
    while (System.in.read() >= 0) {}
    System.exit(0);
  }

  /// The other process.
  private static final class Server {
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final AtomicInteger tries = new AtomicInteger();
    private final CountDownLatch never = new CountDownLatch(1);
    private volatile String words = "";

    void start() throws IOException {
      var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/", this::answer);
      server.start();
      System.out.println("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void answer(HttpExchange exchange) throws IOException {
      var path = exchange.getRequestURI().getPath().split("/", 3);
      var body = new String(exchange.getRequestBody().readAllBytes(), UTF_8);
      switch (path[1]) {
        case "say" -> {
          words = body;
          asked.clear();
          tries.set(0);
          send(exchange, 200, "");
        }
        case "asked" -> send(exchange, 200, "[" + String.join(",", asked) + "]");
        default -> {
          var headers =
              Stream.of("x-api-key", "authorization", "anthropic-version")
                  .filter(exchange.getRequestHeaders()::containsKey)
                  .map(name ->
                      "\"%s\":\"%s\"".formatted(name, exchange.getRequestHeaders().getFirst(name)))
                  .toList();
          asked.add(
              "{\"path\":\"/%s\",\"headers\":{%s},\"body\":%s}"
                  .formatted(path[2], String.join(",", headers), body));
          behave(exchange, path[1], path[2]);
        }
      }
    }

    private void behave(HttpExchange exchange, String behaviour, String dialect)
        throws IOException {
      var first = tries.incrementAndGet() == 1;
      switch (behaviour) {
        case "ok" -> send(exchange, 200, whole(dialect, true));
        case "refusal" -> send(exchange, 200, whole(dialect, false));
        case "broken" -> send(exchange, 200, "{\"content\":[{\"text\":");
        case "key" -> send(exchange, 401, "{}");
        case "busy" -> {
          exchange.getResponseHeaders().set("Retry-After", "1");
          send(exchange, first ? 429 : 200, first ? "{}" : whole(dialect, true));
        }
        case "down" -> send(exchange, 500, "{}");
        case "overloaded" -> send(exchange, first ? 529 : 200, first ? "{}" : whole(dialect, true));
        case "slow" -> {
          try {
            if (!never.await(45, TimeUnit.SECONDS)) {
              send(exchange, 200, whole(dialect, true));
            }
          } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
          }
        }
        case "reset" -> {
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write("{\"content\"".getBytes(UTF_8));
          exchange.getResponseBody().flush();
          throw new IOException("Hung up, as it was told to");
        }
        case "huge" -> send(exchange, 200, "\"" + "x".repeat(5 * 1024 * 1024) + "\"");
        case "moved" -> {
          exchange
              .getResponseHeaders()
              .set(
                  "Location",
                  "http://localhost:%d/ok/%s"
                      .formatted(exchange.getLocalAddress().getPort(), dialect));
          send(exchange, 307, "");
        }
        default -> send(exchange, 404, "{}");
      }
    }

    private String whole(String dialect, boolean willing) {
      var said = JSON.writeValueAsString(willing ? words : "");
      return dialect.endsWith("messages")
          ? """
          {"content":[{"type":"text","text":%s}],"stop_reason":"%s",
           "usage":{"input_tokens":900,"output_tokens":100}}
          """
              .formatted(said, willing ? "end_turn" : "refusal")
          : """
          {"choices":[{"message":{"content":%s},"finish_reason":"%s"}],
           "usage":{"prompt_tokens":900,"completion_tokens":100}}
          """
              .formatted(said, willing ? "stop" : "content_filter");
    }

    private static void send(HttpExchange exchange, int status, String body) throws IOException {
      var bytes = body.getBytes(UTF_8);
      exchange.getResponseHeaders().set("Connection", "close");
      exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
      if (bytes.length > 0) {
        exchange.getResponseBody().write(bytes);
      }
      exchange.close();
    }
  }
}
