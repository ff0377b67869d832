// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.sourceblind.events.Tool;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/// Takes what hooks and exporters of logs bring, on this machine's loopback address and from
/// whoever knows the token only. An answer has no body, so no tool can take it for advice.
final class Listener implements AutoCloseable {

  private static final int MOST_BYTES = 16 * 1024 * 1024;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final byte[] authorization;

  /// What is done with what comes.
  interface Ear {
    /// A hook fired; what is wrong with it is our affair, not the tool's.
    void hook(Tool tool, String event, byte[] payload) throws IOException;

    /// Logs came as OTLP.
    void logs(byte[] protobuf) throws IOException;
  }

  /// @param port 0 for any
  Listener(int port, String token, Ear ear) throws IOException {
    this.authorization = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
    InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
    this.http = HttpServer.create(new InetSocketAddress(loopback, port), 64);
    http.setExecutor(threads);
    http.createContext("/hook/", exchange -> answer(exchange, body -> hook(exchange, body, ear)));
    http.createContext(
        "/v1/logs",
        exchange -> {
          if (isProtobuf(exchange)) {
            answer(exchange, ear::logs);
          } else {
            close(exchange, 415);
          }
        });
    http.createContext("/", exchange -> close(exchange, 404));
    http.start();
  }

  int port() {
    return http.getAddress().getPort();
  }

  private interface Work {
    void with(byte[] body) throws IOException;
  }

  private void answer(HttpExchange exchange, Work work) throws IOException {
    int status = refusal(exchange);
    if (status == 0) {
      byte[] body = exchange.getRequestBody().readNBytes(MOST_BYTES + 1);
      status = body.length > MOST_BYTES ? 413 : 200;
      if (status == 200) {
        try {
          work.with(body);
        } catch (IOException full) {
          // The tool cannot help it; the session's file still tells what happened.
          status = 503;
        }
      }
    }
    close(exchange, status);
  }

  private int refusal(HttpExchange exchange) {
    List<String> given = exchange.getRequestHeaders().getOrDefault("Authorization", List.of());
    boolean known =
        given.size() == 1
            && MessageDigest.isEqual(
                authorization, given.getFirst().getBytes(StandardCharsets.UTF_8));
    if (!known) {
      return 401;
    }
    // A page in the engineer's browser has no business here, even if it learned the token.
    if (exchange.getRequestHeaders().containsKey("Origin")) {
      return 403;
    }
    return exchange.getRequestMethod().equals("POST") ? 0 : 405;
  }

  /// What is packed or JSON could only be lost.
  private static boolean isProtobuf(HttpExchange exchange) {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    String packing = exchange.getRequestHeaders().getFirst("Content-Encoding");
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith("application/x-protobuf")
        && (packing == null || packing.equalsIgnoreCase("identity"));
  }

  private static void hook(HttpExchange exchange, byte[] body, Ear ear) throws IOException {
    String[] parts = exchange.getRequestURI().getPath().split("/", -1);
    Tool tool = parts.length > 2 ? toolOf(parts[2]) : null;
    if (tool != null) {
      ear.hook(tool, parts.length > 3 ? parts[3] : "", body);
    }
  }

  private static @Nullable Tool toolOf(String word) {
    Optional<Tool> tool =
        List.of(Tool.values()).stream()
            .filter(one -> one.word().equals(word.replace('-', '_').toLowerCase(Locale.ROOT)))
            .findFirst();
    return tool.orElse(null);
  }

  private static void close(HttpExchange exchange, int status) throws IOException {
    try (exchange) {
      exchange.sendResponseHeaders(status, -1);
    }
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }
}
