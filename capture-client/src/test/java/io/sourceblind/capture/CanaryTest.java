// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Outbox;
import io.sourceblind.capture.redact.Guard;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CaptureProfile;
import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.PathMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Nothing that stands in a field which must never leave is found in any byte of the outbox.
class CanaryTest {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int SHORTEST = 12;

  @TempDir Path temporary;

  @Test
  void nothingOfOurSamplesLeaves() throws IOException {
    for (String name : List.of("shop.jsonl", "subagents/agent-a1b2c3.jsonl")) {
      assertThat(leaks(Samples.ours(name), outboxOf(Samples.ours(name)))).as(name).isEmpty();
    }
  }

  @Test
  void noWordOfOursThatSaysCanaryLeaves() throws IOException {
    String outbox =
        outboxOf(Samples.ours("shop.jsonl"))
            + outboxOf(Samples.ours("subagents/agent-a1b2c3.jsonl"));

    assertThat(outbox.toLowerCase(java.util.Locale.ROOT))
        .doesNotContain("canary")
        .doesNotContain("someone");
  }

  @Test
  void nothingOfRealSessionsLeaves() throws IOException {
    Path real = Samples.real().orElse(null);
    assumeTrue(
        real != null,
        "There are no real sessions here; name their folder with -Dsourceblind.shared");
    int files = 0;
    try (var all = Files.walk(java.util.Objects.requireNonNull(real))) {
      for (Path file : all.filter(path -> path.toString().endsWith(".jsonl")).sorted().toList()) {
        assertThat(leaks(file, outboxOf(file))).as(String.valueOf(file.getFileName())).isEmpty();
        files++;
      }
    }
    assertThat(files).isPositive();
  }

  /// The twin: a client that let one field through would be found out.
  @Test
  void aLeakWouldBeFound() throws IOException {
    Path file = Samples.ours("shop.jsonl");
    String honest = outboxOf(file);

    for (String leaked :
        List.of(
            "return canaryOldString;",
            "class Basket { canaryOriginalFile }",
            "canary task description",
            "[INFO] canaryStdoutLine")) {
      String json = JSON.writeValueAsString(leaked);
      assertThat(leaks(file, honest + "{\"path\":" + json + "}\n")).as(leaked).isNotEmpty();
    }
  }

  /// What the guards of the redactor keep back stands in no byte of the outbox, and what they let
  /// through does.
  @Test
  void nothingThatAGuardKeepsBackLeaves() throws IOException {
    Redactor whole = Redactor.standard();

    for (Guard guard : Guard.all()) {
      assertThat(outboxOf(prompt(guard), whole)).as(guard.name()).contains(onTheWire(guard.left()));
    }
  }

  /// The twin: with the projection off, the model off, or any one scanner off, it is found out.
  @ParameterizedTest
  @MethodSource("io.sourceblind.capture.redact.Guard#all")
  void withoutAnyOneGuardItWouldBeFound(Guard guard) throws IOException {
    assertThat(outboxOf(prompt(guard), guard.off())).doesNotContain(onTheWire(guard.left()));
  }

  private static String onTheWire(String prose) {
    return "\"text\":" + JSON.writeValueAsString(prose);
  }

  private Path prompt(Guard guard) throws IOException {
    String row = Files.readString(Samples.ours("shop.jsonl")).split("\n", 2)[0];
    ObjectNode typed = (ObjectNode) JSON.readTree(row);
    ((ObjectNode) typed.get("message")).put("content", guard.text());
    return Files.writeString(temporary.resolve(guard.name() + ".jsonl"), typed + "\n");
  }

  private String outboxOf(Path file) throws IOException {
    return outboxOf(file, Redactor.standard());
  }

  private String outboxOf(Path file, Redactor redactor) throws IOException {
    CaptureFolder folder = new CaptureFolder(Files.createTempDirectory(temporary, "home"));
    List<CapturedEvent> events = new ArrayList<>();
    Samples.reader(CaptureProfile.PROSE, PathMode.RELATIVE, redactor).read(file, events::add);
    try (Outbox outbox = Outbox.open(folder, pause -> {})) {
      outbox.add(events);
    }
    StringBuilder bytes = new StringBuilder();
    try (var all = Files.list(folder.path())) {
      for (Path kept : all.sorted().toList()) {
        bytes.append(Files.readString(kept));
      }
    }
    return bytes.toString();
  }

  private static Set<String> leaks(Path file, String outbox) throws IOException {
    Set<String> secrets = secretsOf(file);
    // What an engineer typed may leave as far as the redactor lets it; its sentences can recur.
    Set<String> found = new HashSet<>();
    String unquoted =
        outbox
            .replace("\\\"", "\"")
            .replace("\\n", "\n")
            .replace("\\t", "\t")
            .replace("\\\\", "\\");
    for (String secret : secrets) {
      if (outbox.contains(secret) || unquoted.contains(secret)) {
        found.add(secret);
      }
    }
    return found;
  }

  private static Set<String> secretsOf(Path file) throws IOException {
    Set<String> secrets = new HashSet<>();
    Set<String> allowed = new LinkedHashSet<>();
    String root = "";
    String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    for (String line : text.split("\n", -1)) {
      JsonNode row;
      try {
        row = JSON.readTree(line);
      } catch (JacksonException _) {
        continue;
      }
      if (!row.isObject()) {
        continue;
      }
      String type = row.path("type").asString("");
      root = root.isEmpty() ? row.path("cwd").asString("") : root;
      pathsBelow(root, row, allowed);
      for (String name : row.propertyNames()) {
        switch (name) {
          case "toolUseResult",
              "planContent",
              "todos",
              "slug",
              "summary",
              "customTitle",
              "aiTitle",
              "agentName",
              "lastPrompt",
              "data",
              "attachment",
              "hookInfos",
              "prUrl",
              "prRepository",
              "content",
              "error",
              "payload",
              "gitBranch",
              "cwd" ->
              collect(row.get(name), name, secrets);
          case "message" -> message(row, type, secrets, allowed);
          default -> {}
        }
      }
    }
    secrets.removeAll(allowed);
    // What was typed as well, perhaps as part of a longer line, is the redactor's affair.
    String typed = String.join(" ", allowed).replaceAll("\\s+", " ");
    secrets.removeIf(secret -> typed.contains(secret.replaceAll("\\s+", " ")));
    return secrets;
  }

  /// Below the project's root a path may leave, and a listing some tool printed may name it, too.
  private static void pathsBelow(String root, JsonNode row, Set<String> allowed) {
    for (JsonNode block : row.path("message").path("content")) {
      String path = block.path("input").path("file_path").asString("");
      if (!root.isEmpty() && path.startsWith(root + "/")) {
        String below = path.substring(root.length() + 1);
        allowed.add(below);
        for (int slash = below.indexOf('/'); slash >= 0; slash = below.indexOf('/', slash + 1)) {
          // A command run further down prints the rest of it.
          allowed.add(below.substring(slash + 1));
        }
      }
    }
  }

  private static void message(JsonNode row, String type, Set<String> secrets, Set<String> allowed) {
    JsonNode content = row.path("message").path("content");
    if (type.equals("assistant")) {
      for (JsonNode block : content) {
        collect(block.get("text"), "text", secrets);
        collect(block.get("thinking"), "thinking", secrets);
        collect(block.get("signature"), "signature", secrets);
        collect(block.get("input"), "input", secrets);
      }
    } else if (content.isString()) {
      allowed.addAll(pieces(content.asString()));
    } else {
      for (JsonNode block : content) {
        if (block.path("type").asString("").equals("text")) {
          allowed.addAll(pieces(block.path("text").asString("")));
        } else {
          collect(block.get("content"), "content", secrets);
          collect(block.get("source"), "source", secrets);
        }
      }
    }
  }

  /// Whole strings and each line of them; words the wire itself is made of are no secrets.
  private static void collect(
      @org.jspecify.annotations.Nullable JsonNode node, String name, Set<String> secrets) {
    if (node == null) {
      return;
    }
    if (node.isString()) {
      boolean bookkeeping =
          Set.of(
                  "id",
                  "uuid",
                  "agentId",
                  "type",
                  "timestamp",
                  "model",
                  "resolvedModel",
                  "name",
                  "tool_use_id",
                  "sessionId",
                  "version",
                  "subagent_type",
                  "role",
                  "requestId",
                  "status",
                  "stop_reason",
                  "hookEvent")
              .contains(name);
      boolean path =
          Set.of(
                  "file_path",
                  "filePath",
                  "notebook_path",
                  "path",
                  "filename",
                  "filenames",
                  "displayPath")
              .contains(name);
      if (!bookkeeping && !path) {
        secrets.addAll(pieces(node.asString()));
      } else if (path && node.asString().startsWith("/") && node.asString().length() >= SHORTEST) {
        // Below the project a path may leave; with what stands before it, never.
        secrets.add(node.asString());
      }
    } else if (node.isObject()) {
      for (String field : node.propertyNames()) {
        collect(node.get(field), field, secrets);
      }
    } else if (node.isArray()) {
      for (JsonNode element : node) {
        collect(element, name, secrets);
      }
    }
  }

  private static List<String> pieces(String text) {
    List<String> pieces = new ArrayList<>();
    for (String line : (text + "\n" + text.strip()).split("\n", -1)) {
      String piece = line.strip();
      if (piece.length() >= SHORTEST && !isWireWord(piece)) {
        pieces.add(piece);
      }
    }
    return pieces;
  }

  private static boolean isWireWord(String piece) {
    return piece.matches("[a-z]+(?:[-_][a-z]+)*|claude-[a-z0-9.-]+|[A-Z][A-Za-z]+");
  }
}
