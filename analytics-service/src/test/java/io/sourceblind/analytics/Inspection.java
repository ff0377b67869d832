// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.EmulateMediaOptions;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.Media;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.springframework.core.io.ClassPathResource;

/// What is wrong with the page that a browser has open, in words; nothing where nothing is.
final class Inspection {
  private static final String AXE = script();

  private static final String BROKEN_RULES =
      """
      async options => (await axe.run(document, options)).violations
        .map(rule => `${rule.help}, ${rule.nodes.length} times, first at ${rule.nodes[0].html}`)
      """;

  private static final Map<String, Object> ALL_RULES =
      runOnly(
          "tag", List.of("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"));

  private static final Map<String, Object> CONTRAST = runOnly("rule", List.of("color-contrast"));

  /// A4 without its margins.
  private static final int PAPER = 718;

  /// Where the keyboard can go, in the order of the document, and where it should but cannot.
  private static final String STOPS =
      """
      () => {
        const shown = element => element.checkVisibility({visibilityProperty: true});
        const words = element => `${element.tagName.toLowerCase()} "${
          (element.getAttribute('aria-label') || element.textContent || element.name || '').trim().slice(0, 40)}"`;
        const all = [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]')]
          .filter(element => shown(element) && !element.disabled);
        const controls = all.filter(element => element.matches('a, button, input, select, textarea, summary'));
        window.stops = all.filter(element => element.tabIndex >= 0);
        return [window.stops.map(words),
          controls.filter(element => element.tabIndex < 0).map(words)];
      }
      """;

  /// Which of them has the focus, and whether one sees it.
  private static final String FOCUSED =
      """
      () => {
        const focused = document.activeElement;
        const ring = style => style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
        return [window.stops.indexOf(focused),
          ring(getComputedStyle(focused)) || ring(getComputedStyle(focused, '::after')) ? 1 : 0];
      }
      """;

  private static final String TOO_WIDE =
      """
      () => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        const scrolls = element => element && element !== document.documentElement
          && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement));
        return [...document.querySelectorAll('body *')]
          .filter(element => element.getBoundingClientRect().right > width + 1 && !scrolls(element.parentElement))
          .slice(0, 5)
          .map(element => `${element.tagName.toLowerCase()} ${element.className} reaches to ${
            Math.round(element.getBoundingClientRect().right)} px`);
      }
      """;

  private static final String ON_PAPER =
      """
      () => {
        const shown = element => element.checkVisibility({visibilityProperty: true});
        const which = (selector, filter, what) => [...document.querySelectorAll(selector)]
          .filter(filter).slice(0, 3).map(element => `${element.tagName.toLowerCase()} ${what}`);
        return [
          ...which('button, nav, .skip', shown, 'is no use on paper'),
          ...which('details > :not(summary, .picture)', element => !shown(element), 'is folded away'),
          ...which('html', element => getComputedStyle(element).backgroundColor !== 'rgb(255, 255, 255)', 'is not white'),
          ...which('body:not(:has(.card))', element => !element.innerText.includes(location.pathname), 'does not say where it is from')
        ];
      }
      """;

  private Inspection() {}

  static List<String> all(Page page) {
    return Stream.of(
            rules(page), contrastInTheDark(page), narrow(page), keyboard(page), paper(page))
        .flatMap(List::stream)
        .toList();
  }

  /// What axe-core finds.
  static List<String> rules(Page page) {
    return broken(page, ALL_RULES);
  }

  /// What is hard to read where the system is set to dark.
  static List<String> contrastInTheDark(Page page) {
    page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    var found = broken(page, CONTRAST);
    page.emulateMedia(new EmulateMediaOptions().setColorScheme(ColorScheme.LIGHT));
    return found.stream().map(finding -> "in the dark: " + finding).toList();
  }

  private static List<String> broken(Page page, Map<String, Object> options) {
    if (page.evaluate("typeof axe").equals("undefined")) {
      page.evaluate(AXE);
    }
    return strings(page.evaluate(BROKEN_RULES, options));
  }

  private static Map<String, Object> runOnly(String type, List<String> values) {
    return Map.of("runOnly", Map.of("type", type, "values", values));
  }

  private static String script() {
    try {
      return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /// What does not fit on a small telephone, or at four times the size, or in a window.
  static List<String> narrow(Page page) {
    return Stream.of(320, 1_120)
        .flatMap(
            width -> atWidth(page, width).stream().map(finding -> width + " px wide: " + finding))
        .toList();
  }

  private static List<String> atWidth(Page page, int width) {
    var before = page.viewportSize();
    page.setViewportSize(width, 800);
    var found = strings(page.evaluate(TOO_WIDE));
    page.setViewportSize(before.width, before.height);
    return found;
  }

  /// What nobody gets to who has no mouse, or gets to without seeing it.
  static List<String> keyboard(Page page) {
    page.reload();
    var there = (List<?>) page.evaluate(STOPS);
    var stops = strings(there.getFirst());
    var found = new ArrayList<String>();
    strings(there.getLast()).forEach(control -> found.add("no way to " + control));
    var at = -1;
    for (var presses = 0; presses < 6 * stops.size() + 6 && at < stops.size() - 1; presses++) {
      page.keyboard().press("Tab");
      var focused = (List<?>) page.evaluate(FOCUSED);
      var now = ((Number) focused.getFirst()).intValue();
      // A field for a date has a stop for day, month and year.
      if (now == at) {
        continue;
      }
      if (now != at + 1) {
        found.add(
            "Tab goes from %s elsewhere than to %s"
                .formatted(named(stops, at), named(stops, at + 1)));
        break;
      }
      at = now;
      if (focused.getLast().equals(0)) {
        found.add("no ring around " + named(stops, at));
      }
    }
    found.addAll(skipping(page));
    return found.stream().map(finding -> "keyboard: " + finding).toList();
  }

  private static String named(List<String> stops, int at) {
    return at < 0 ? "the top" : stops.get(at);
  }

  /// The first stop leads past the menu.
  private static List<String> skipping(Page page) {
    page.reload();
    page.keyboard().press("Tab");
    var leadsOn =
        page.evaluate("(document.activeElement.getAttribute('href') || '').startsWith('#')");
    if (leadsOn.equals(false)) {
      return List.of("the first stop does not skip the menu");
    }
    page.keyboard().press("Enter");
    page.keyboard().press("Tab");
    var inside =
        page.evaluate(
            """
            document.querySelector('main').contains(document.activeElement)
              || !document.querySelector('main :is(a[href], button, input, select, summary)')
            """);
    return inside.equals(true) ? List.of() : List.of("the first stop does not skip the menu");
  }

  /// What is lost when somebody prints it.
  static List<String> paper(Page page) {
    page.emulateMedia(new EmulateMediaOptions().setMedia(Media.PRINT));
    var found =
        Stream.concat(strings(page.evaluate(ON_PAPER)).stream(), atWidth(page, PAPER).stream())
            .map(finding -> "on paper: " + finding)
            .toList();
    page.emulateMedia(new EmulateMediaOptions().setMedia(Media.SCREEN));
    return found;
  }

  private static List<String> strings(Object found) {
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }
}
