// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// The pages with eleven weeks of four teams behind them, for looking at them while they are made.
final class DevPages {
  private DevPages() {}

  static void main(String[] args) throws InterruptedException {
    var world = new World(Clock.systemUTC());
    var demonstration = Demonstration.of(11, world, Clock.systemUTC());
    var settings = Pages.settings(world);
    settings.put("server.port", args.length > 0 ? args[0] : "8499");
    Pages.over(settings);
    for (var role : List.of(Role.values())) {
      System.out.printf(
          "%s %s %s %s%n",
          role,
          demonstration.secret(role, CredentialKind.SESSION),
          demonstration.secret(role, CredentialKind.SIGN_IN_LINK),
          demonstration.secret(role, CredentialKind.API));
    }
    System.out.println("ready");
    new CountDownLatch(1).await();
  }
}
