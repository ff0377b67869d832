// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.Clock;
import java.util.List;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// The same for an engineer's own programs.
@RestController
class OwnApi {
  private static final int WEEKS = 13;

  private final Clock clock;

  OwnApi(Clock clock) {
    this.clock = clock;
  }

  record OwnNumbers(List<OwnWeeks.OwnNumber> numbers) {}

  /// Exact, and nobody else's.
  @GetMapping("/v1/me/weeks")
  OwnNumbers weeks(Reading reading) {
    return new OwnNumbers(
        reading.read(
            "own-weeks", jdbc -> OwnWeeks.numbers(jdbc, IsoWeek.running(clock).andBefore(WEEKS))));
  }

  record Groups(List<CountedIn.Column> groups) {}

  /// The groups that one was counted in, and how many people they had.
  @GetMapping("/v1/me/counted-in")
  Groups countedIn(Reading reading) {
    var last = IsoWeek.lastDue(clock);
    return new Groups(
        reading
            .read(
                "own-groups",
                jdbc ->
                    CountedIn.of(jdbc, reading.organization(), last.minus(WEEKS - 1), last, WEEKS))
            .columns());
  }
}
