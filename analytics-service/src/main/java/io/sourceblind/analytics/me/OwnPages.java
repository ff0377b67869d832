// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.chart.Timeline;
import io.sourceblind.analytics.deletion.RetentionHealth;
import io.sourceblind.analytics.trust.Panel;
import io.sourceblind.analytics.week.IsoWeek;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import tools.jackson.databind.json.JsonMapper;

/// What an engineer sees, and nobody else can.
@Controller
class OwnPages {
  private static final int WEEKS = 13;
  private static final int DAYS = 14;

  /// Far enough back for an epoch that is over and due.
  private static final int WEEKS_COUNTED_IN = 9;

  private static final int PERIODS_SHOWN = 4;
  private static final Pattern PAGE = Pattern.compile("[1-9][0-9]{0,4}");

  private final RetentionHealth retention;
  private final Clock clock;
  private final JsonMapper json;

  OwnPages(RetentionHealth retention, Clock clock, JsonMapper json) {
    this.retention = retention;
    this.clock = clock;
    this.json = json;
  }

  private record Everything(
      List<OwnWeeks.Chapter> chapters,
      List<OwnSessions.Session> sessions,
      List<Timeline.Bar> timeline,
      Held held,
      CountedIn countedIn,
      Panel panel) {}

  @GetMapping("/me")
  String page(Reading reading, HttpServletRequest request, Model model) {
    var hours = OwnHours.in(request);
    var today = LocalDate.ofInstant(clock.instant(), UTC);
    var days = today.minusDays(DAYS - 1L).datesUntil(today.plusDays(1)).toList();
    var all =
        reading.read(
            "own-page",
            jdbc ->
                new Everything(
                    OwnWeeks.of(
                        jdbc,
                        reading.organization(),
                        IsoWeek.running(clock).andBefore(WEEKS),
                        hours),
                    OwnSessions.page(jdbc, reading.organization(), 1),
                    OwnSessions.since(jdbc, reading.organization(), days.getFirst()),
                    Held.of(jdbc, reading.organization(), clock),
                    CountedIn.of(
                        jdbc,
                        reading.organization(),
                        IsoWeek.lastDue(clock).minus(WEEKS_COUNTED_IN - 1),
                        IsoWeek.lastDue(clock),
                        PERIODS_SHOWN),
                    Panel.of(jdbc, reading.organization(), clock)));
    model.addAttribute("chapters", all.chapters());
    model.addAttribute("sessions", all.sessions().stream().limit(6).toList());
    model.addAttribute(
        "timeline",
        new Timeline("Your sessions of the last two weeks, by day and hour", days, all.timeline())
            .draw("timeline"));
    model.addAttribute("hours", hours.orElse(null));
    model.addAttribute("zones", OwnHours.ZONES);
    model.addAttribute("held", all.held());
    model.addAttribute("countedIn", all.countedIn());
    model.addAttribute("panel", all.panel());
    model.addAttribute("daysLate", retention.daysLate());
    return "me";
  }

  @PostMapping("/me/hours")
  ModelAndView hours(
      @RequestParam(defaultValue = "") String from,
      @RequestParam(defaultValue = "") String to,
      @RequestParam(defaultValue = "") String days,
      @RequestParam(defaultValue = "") String zone,
      HttpServletRequest request,
      HttpServletResponse response) {
    var hours = OwnHours.of(from, to, days, zone);
    if (hours.isEmpty()) {
      return new ModelAndView("fault", HttpStatus.BAD_REQUEST)
          .addObject("fault", "Hours begin at 0 to 23 and end at another of 1 to 24.")
          .addObject("back", "/me");
    }
    response.addHeader(HttpHeaders.SET_COOKIE, hours.get().cookie(request).toString());
    return new ModelAndView("redirect:/me");
  }

  @PostMapping("/me/hours/forget")
  String forgetHours(HttpServletRequest request, HttpServletResponse response) {
    response.addHeader(HttpHeaders.SET_COOKIE, OwnHours.forgotten(request).toString());
    return "redirect:/me";
  }

  @GetMapping("/me/sessions")
  String sessions(@RequestParam(defaultValue = "1") String page, Reading reading, Model model) {
    var number = pageNumber(page);
    var found =
        reading.read(
            "own-sessions", jdbc -> OwnSessions.page(jdbc, reading.organization(), number));
    model.addAttribute("sessions", found.stream().limit(OwnSessions.PAGE).toList());
    pages(model, number, found.size() > OwnSessions.PAGE);
    return "sessions";
  }

  @GetMapping("/me/sessions/{session}")
  String session(
      @PathVariable String session,
      @RequestParam(defaultValue = "1") String page,
      Reading reading,
      Model model) {
    var id = Ids.of(session);
    var number = pageNumber(page);
    var found =
        reading.read(
            "own-session",
            jdbc -> StoredEvent.page(jdbc, json, reading.organization(), id, number));
    if (found.isEmpty()) {
      throw new NotFound();
    }
    model.addAttribute("session", id);
    model.addAttribute("events", found.stream().limit(StoredEvent.PAGE).toList());
    pages(model, number, found.size() > StoredEvent.PAGE);
    return "session";
  }

  private static void pages(Model model, int number, boolean more) {
    model.addAttribute("page", number);
    model.addAttribute("previous", number > 1 ? number - 1 : null);
    model.addAttribute("next", more ? number + 1 : null);
  }

  private static int pageNumber(String text) {
    if (!PAGE.matcher(text).matches()) {
      throw new NotFound();
    }
    return Integer.parseInt(text);
  }
}
