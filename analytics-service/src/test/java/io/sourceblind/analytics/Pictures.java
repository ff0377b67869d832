// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.Page.ScreenshotOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/// Takes pictures of the pages, with demonstration data: `bin/pictures`.
final class Pictures {
  private Pictures() {}

  private record Shot(String name, Role role, String address) {}

  static void main(String[] args) {
    var folder = Path.of(args[0]);
    try (var world = new World(Clock.systemUTC());
        var there = Demonstration.of(11, world, Clock.systemUTC());
        var pages = Pages.over(world);
        var chromium = new Chromium()) {
      var shots =
          List.of(
              new Shot("teams", Role.MANAGER, "/teams"),
              new Shot("team", Role.MANAGER, "/teams/" + there.team("Checkout")),
              new Shot("organization", Role.MANAGER, "/organization"),
              new Shot("members", Role.OWNER, "/admin/members"),
              new Shot("data", Role.OWNER, "/data"),
              new Shot("own-page", Role.ENGINEER, "/me"),
              new Shot("controls", Role.REVIEWER, "/trust"),
              new Shot("audit-log", Role.REVIEWER, "/audit"));
      for (var shot : shots) {
        try (var visit =
            chromium.visit(pages.url(), there.secret(shot.role(), CredentialKind.SESSION))) {
          var page = visit.open(shot.address());
          page.setViewportSize(1120, 840);
          take(page, folder, shot.name());
          page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
          take(page, folder, shot.name() + "-dark");
          page.evaluate("window.scrollTo(0, document.body.scrollHeight)");
          take(page, folder, shot.name() + "-end");
          page.evaluate("window.scrollTo(0, 0)");
          page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
          page.setViewportSize(320, 840);
          take(page, folder, shot.name() + "-320");
          page.setViewportSize(718, 1016);
          page.emulateMedia(new EmulateMediaOptions().setMedia(Media.PRINT));
          take(page, folder, shot.name() + "-print");
        }
      }
    }
  }

  private static void take(Page page, Path folder, String name) {
    page.screenshot(new ScreenshotOptions().setPath(folder.resolve(name + ".png")));
  }
}
