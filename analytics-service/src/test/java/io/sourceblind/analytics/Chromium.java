// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.ConsoleMessage;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.ReducedMotion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The browser that is installed on this machine, without a window.
final class Chromium implements AutoCloseable {
  private static final List<String> PLACES =
      List.of(
          "/usr/bin/chromium",
          "/usr/bin/chromium-browser",
          "/usr/bin/google-chrome",
          "/Applications/Chromium.app/Contents/MacOS/Chromium",
          "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome");

  private final Playwright playwright;
  private final Browser browser;

  Chromium() {
    playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    browser =
        playwright
            .chromium()
            .launch(
                new LaunchOptions()
                    .setExecutablePath(installed())
                    // Without its sandbox it also runs as root; it sees no page but ours.
                    .setArgs(
                        List.of(
                            "--no-sandbox",
                            "--disable-gpu",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
  }

  private static Path installed() {
    return Stream.of(PLACES)
        .flatMap(List::stream)
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException("There is no Chromium here; bin/chromium installs one"));
  }

  /// Somebody's browser, with nothing in it but how they are signed in.
  ///
  /// @param address where the pages are
  /// @param session what keeps them signed in; null for a stranger
  Visit visit(String address, @Nullable String session) {
    return visit(address, session, true);
  }

  Visit visit(String address, @Nullable String session, boolean scripts) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(address)
                .setJavaScriptEnabled(scripts)
                .setReducedMotion(ReducedMotion.REDUCE)
                .setLocale("en-GB")
                .setViewportSize(1280, 900));
    if (session != null) {
      context.addCookies(List.of(new Cookie("session", session).setUrl(address)));
    }
    return new Visit(context);
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /// What one browser sees, and what it complains of.
  static final class Visit implements AutoCloseable {
    private final BrowserContext context;
    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    private Visit(BrowserContext context) {
      this.context = context;
      context.addInitScript(
          """
          addEventListener('securitypolicyviolation', violation =>
            console.error(`refused by ${violation.violatedDirective}`));
          """);
      page = context.newPage();
      page.onConsoleMessage(message -> {
        if (message.type().equals("error") && !isTheStatusOfThePage(message)) {
          complaints.add(message.text());
        }
      });
      page.onPageError(complaints::add);
    }

    /// An error page is not found, and the console says so.
    private boolean isTheStatusOfThePage(ConsoleMessage message) {
      return message.text().startsWith("Failed to load resource")
          && message.location().startsWith(page.url());
    }

    Page page() {
      return page;
    }

    Page open(String path) {
      page.navigate(path);
      return page;
    }

    /// What the browser has complained of until now.
    List<String> complaints() {
      return List.copyOf(complaints);
    }

    @Override
    public void close() {
      context.close();
    }
  }
}
