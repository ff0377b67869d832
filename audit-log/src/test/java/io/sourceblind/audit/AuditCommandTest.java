// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditCommandTest {
  private static final Map<String, String> SETTINGS =
      Map.of(
          "AUDIT_LOG_NAME", "audit.example.com",
          "AUDIT_SIGNER_KEY", "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A=",
          "AUDIT_FORWARD_TO", "127.0.0.1:6514",
          "AUDIT_FORWARD_ORGANIZATION", "something-secret");

  private record Ended(int code, String output, String error) {}

  @Test
  void theKeyOfALogIsOneLine() {
    var organization = UUID.randomUUID();

    var ended = run(SETTINGS, "key", organization.toString());

    assertThat(ended.code()).isZero();
    assertThat(ended.output())
        .matches(
            "audit\\.example\\.com/org/" + organization + "\\+[0-9a-f]{8}\\+[A-Za-z0-9+/=]+\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "epoch", "forward"})
  void anIdThatIsNoneIsRefusedWithoutRepeatingIt(String command) {
    var ended =
        switch (command) {
          case "key" -> run(SETTINGS, "key", "something-secret");
          case "epoch" -> run(SETTINGS, "epoch", "something-secret", "backup-restored");
          default -> run(SETTINGS, "forward");
        };

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.error())
        .contains("is not the id of an organization")
        .doesNotContain("something-secret");
  }

  @Test
  void aPortThatIsNoneIsRefusedWithoutRepeatingIt() {
    var ended = run(Map.of("AUDIT_FORWARD_TO", "siem.example.com:70000"), "forward");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.error()).contains("AUDIT_FORWARD_TO is not").doesNotContain("70000");
  }

  private static Ended run(Map<String, String> environment, String... arguments) {
    var output = new ByteArrayOutputStream();
    var error = new ByteArrayOutputStream();
    var code =
        AuditCommand.run(
            environment,
            Clock.systemUTC(),
            new PrintStream(output, true, UTF_8),
            new PrintStream(error, true, UTF_8),
            arguments);
    return new Ended(code, output.toString(UTF_8), error.toString(UTF_8));
  }
}
