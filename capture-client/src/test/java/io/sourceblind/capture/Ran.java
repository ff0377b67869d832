// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import io.sourceblind.capture.outbox.Uploader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Random;

/// What a command of the client said, and how it ended.
record Ran(int code, String out, String err) {

  /// Runs a command for a user with that home, whose terminal this is not.
  static Ran capture(
      String in,
      Map<String, String> environment,
      Path home,
      Clock clock,
      Uploader.Sleeper sleeper,
      String... args) {
    return capture(in, environment, home, clock, sleeper, false, args);
  }

  static Ran capture(
      String in,
      Map<String, String> environment,
      Path home,
      Clock clock,
      Uploader.Sleeper sleeper,
      boolean terminal,
      String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Surroundings surroundings =
        new Surroundings(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            home.toString(),
            clock,
            sleeper,
            new Random(5),
            () -> terminal);
    int code = Capture.run(surroundings, args);
    return new Ran(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
