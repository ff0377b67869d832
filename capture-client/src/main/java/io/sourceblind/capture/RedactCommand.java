// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.command.CommandSkeleton;
import io.sourceblind.capture.redact.Redactor;
import io.sourceblind.capture.source.CappedLines;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
    name = "redact",
    mixinStandardHelpOptions = true,
    description =
        "Redacts texts as the upload does: JSON lines {\"id\",\"text\"} in, the same out. No network.",
    footer = {"", "Example: capture redact < prompts.jsonl"})
final class RedactCommand implements Callable<Integer> {

  private static final JsonMapper JSON = JsonMapper.builder().build();

  private static final int LONGEST_LINE = 16 * 1024 * 1024;

  private final Surroundings surroundings;

  @Option(
      names = "--commands",
      description = "The texts are shell commands; what stays of them is written")
  private boolean commands;

  RedactCommand(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  @Override
  public Integer call() throws IOException {
    Redactor redactor = Redactor.standard();
    CappedLines in = new CappedLines(surroundings.in(), LONGEST_LINE);
    PrintStream out = surroundings.out();
    long line = 0;
    long wrong = 0;
    CappedLines.Found found = in.next();
    while (found != null) {
      line++;
      byte[] bytes = found.bytes();
      String text = bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
      if (bytes == null) {
        wrong++;
        surroundings
            .err()
            .println("Line " + line + " is longer than 16 MiB; nothing was written for it.");
      } else if (!text.isBlank()) {
        String answer = answer(text, redactor);
        if (answer == null) {
          wrong++;
          surroundings
              .err()
              .println(
                  "Line "
                      + line
                      + " is no JSON object with the texts id and text; nothing was written for it.");
        } else {
          out.println(answer);
        }
      }
      found = in.next();
    }
    out.flush();
    return wrong == 0 ? Capture.DONE : Capture.FAILED;
  }

  private @Nullable String answer(String json, Redactor redactor) {
    JsonNode node;
    try {
      node = JSON.readTree(json);
    } catch (JacksonException _) {
      return null;
    }
    JsonNode id = node.get("id");
    JsonNode text = node.get("text");
    if (id == null || !id.isString() || text == null || !text.isString()) {
      return null;
    }
    Map<String, String> answer = new LinkedHashMap<>();
    answer.put("id", id.asString());
    answer.put(
        "text",
        commands ? residue(text.asString()) : redactor.redact(text.asString()).prose().text());
    return JSON.writeValueAsString(answer);
  }

  private static String residue(String command) {
    return io.sourceblind.capture.command.CommandLine.parse(command).commands().stream()
        .map(CommandSkeleton::line)
        .collect(Collectors.joining("\n"));
  }
}
