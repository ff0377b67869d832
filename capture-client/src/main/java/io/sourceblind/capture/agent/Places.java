// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Where AI tools write their sessions down. Tools that write into the project itself (aider,
/// SpecStory) are followed where the engineer names the folder.
public final class Places {

  /// By which tools are told that their folders are elsewhere.
  private static final List<String> VARIABLES =
      List.of("CLAUDE_CONFIG_DIR", "CODEX_HOME", "GEMINI_CLI_HOME");

  private Places() {}

  /// What of an environment says where tools keep their sessions, for an agent that is started
  /// without it.
  public static Map<String, String> named(Map<String, String> environment) {
    Map<String, String> named = new TreeMap<>(environment);
    named.keySet().retainAll(VARIABLES);
    return named;
  }

  /// The folders of every tool, whether they are there yet or not.
  public static List<Path> of(Path home, Map<String, String> environment) {
    List<Path> places = new ArrayList<>();
    places.add(
        named(environment, "CLAUDE_CONFIG_DIR", home.resolve(".claude")).resolve("projects"));
    Path codex = named(environment, "CODEX_HOME", home.resolve(".codex"));
    places.add(codex.resolve("sessions"));
    // What Gemini calls its home is where its folder lies, not the folder.
    places.add(named(environment, "GEMINI_CLI_HOME", home).resolve(".gemini/tmp"));
    for (String place :
        List.of(
            ".cursor/projects",
            ".copilot/session-state",
            ".config/Code/User/workspaceStorage",
            "Library/Application Support/Code/User/workspaceStorage",
            ".local/share/opencode",
            ".windsurf/transcripts",
            ".local/share/amp/threads",
            ".local/share/goose/sessions",
            ".factory/sessions",
            ".pi/agent/sessions")) {
      places.add(home.resolve(place));
    }
    return places;
  }

  private static Path named(Map<String, String> environment, String variable, Path otherwise) {
    String value = environment.get(variable);
    return value == null || value.isBlank() ? otherwise : Path.of(value);
  }
}
