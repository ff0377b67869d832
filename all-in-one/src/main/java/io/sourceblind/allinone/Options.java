// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What was asked for on the command line.
record Options(int port, @Nullable Path runFile) {
  private static final String USAGE = "Usage: bin/up [--detach] [--import FOLDER] [--port N]";

  static Options parse(String[] args) {
    var port = 8480;
    Path runFile = null;
    for (var next = 0; next < args.length; next += 2) {
      if (next + 1 == args.length) {
        throw new IllegalArgumentException(USAGE);
      }
      switch (args[next]) {
        case "--port" -> port = port(args[next + 1]);
        case "--run-file" -> runFile = Path.of(args[next + 1]);
        default -> throw new IllegalArgumentException(USAGE);
      }
    }
    return new Options(port, runFile);
  }

  private static int port(String text) {
    if (!text.matches("[0-9]{1,5}") || Integer.parseInt(text) > 65534) {
      throw new IllegalArgumentException("--port takes a number from 0 to 65534. " + USAGE);
    }
    return Integer.parseInt(text);
  }
}
