// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.db.Login;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// From an empty database to an owner at work: the operator's command as its own process, and the
/// link that it prints at the running service.
class FirstOrganizationIT {
  private static final World WORLD = new World(Clock.systemUTC());
  private static final Pages PAGES = Pages.over(WORLD);

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void theOperatorsLinkMakesTheFirstOwnerWhoInvitesTheRest() throws Exception {
    var printed = run("--name", "First Works", "--owner", "first@example.com");
    var link = printed.strip().substring(PAGES.url().length());

    var offer = PAGES.get(link, Pass.none());
    var joined =
        PAGES.post(
            "/invitation",
            Map.of("token", link.replaceAll(".*token=", ""), "name", "First Owner"),
            Pass.none());
    var cookie = joined.headers().firstValue("Set-Cookie").orElseThrow();
    var session = new Pass("Cookie", cookie.substring(0, cookie.indexOf(';')));

    assertThat(printed.lines()).hasSize(1);
    assertThat(offer.body()).contains("First Works", "first@example.com", "owner");
    assertThat(PAGES.get("/admin/members", session).body()).contains("First Owner");
    assertThat(PAGES.get(link, Pass.none()).statusCode()).isEqualTo(403);
  }

  private static String run(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.sourceblind.identity.OperatorCommands",
                "new-organization",
                "--pages",
                PAGES.url()));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
    process.environment().put("DATABASE_URL", WORLD.database().url());
    process
        .environment()
        .put("IDENTITY_DATABASE_PASSWORD", WORLD.database().password(Login.IDENTITY));
    process.environment().put("IDENTITY_PEPPER", WORLD.pepper());
    var running = process.start();
    var out = new String(running.getInputStream().readAllBytes(), UTF_8);
    assertThat(running.waitFor()).isZero();
    return out;
  }
}
