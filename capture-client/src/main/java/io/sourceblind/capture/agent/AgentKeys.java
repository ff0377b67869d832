// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// By what tools reach the agent: its port and a token of this user, both in a file that only this
/// user can read. They stay the same, because they stand in the settings of tools.
///
/// @param port where it listens
/// @param token what a hook must bring
public record AgentKeys(int port, String token) {

  static final String FILE = "agent-token";

  /// Between the ports that the system gives to connections and those of known services.
  private static final int LOWEST_PORT = 20_000;

  private static final int PORTS = 10_000;

  /// What was chosen before, or a new choice.
  public static AgentKeys of(CaptureFolder folder, RandomGenerator random) throws IOException {
    AgentKeys known = known(folder);
    if (known != null) {
      return known;
    }
    byte[] bytes = new byte[32];
    random.nextBytes(bytes);
    AgentKeys fresh =
        new AgentKeys(LOWEST_PORT + random.nextInt(PORTS), HexFormat.of().formatHex(bytes));
    folder.replace(FILE, fresh.port() + " " + fresh.token() + "\n");
    return fresh;
  }

  /// What was chosen before, or null.
  public static @Nullable AgentKeys known(CaptureFolder folder) throws IOException {
    String text = folder.text(FILE);
    if (text == null) {
      return null;
    }
    String[] words = text.strip().split(" ", -1);
    if (words.length != 2 || !words[0].matches("[0-9]{1,5}") || !words[1].matches("[0-9a-f]{64}")) {
      throw new IOException("agent-token cannot be read");
    }
    return new AgentKeys(Integer.parseInt(words[0]), words[1]);
  }

  /// The token stays out of every message.
  @Override
  public String toString() {
    return "AgentKeys of port " + port;
  }
}
