// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockHttpServletRequest;

class OwnHoursTest {

  @Test
  void anHourIsOneWhereSomebodyIs() {
    var hours = OwnHours.of("9", "17", "weekdays", "Europe/Berlin").orElseThrow();

    // In Berlin these are 8:59, 9:00, 16:59 and 17:00 of a Wednesday in winter.
    assertThat(hours.cover(Instant.parse("2026-11-18T07:59:59Z"))).isFalse();
    assertThat(hours.cover(Instant.parse("2026-11-18T08:00:00Z"))).isTrue();
    assertThat(hours.cover(Instant.parse("2026-11-18T15:59:59Z"))).isTrue();
    assertThat(hours.cover(Instant.parse("2026-11-18T16:00:00Z"))).isFalse();
    // In summer a clock there shows one hour more.
    assertThat(hours.cover(Instant.parse("2026-07-15T07:00:00Z"))).isTrue();
  }

  @Test
  void aWeekendIsOutsideUnlessEveryDayCounts() {
    var sunday = Instant.parse("2026-11-22T10:00:00Z");

    assertThat(OwnHours.of("9", "17", "weekdays", "Europe/Berlin").orElseThrow().cover(sunday))
        .isFalse();
    assertThat(OwnHours.of("9", "17", "all", "Europe/Berlin").orElseThrow().cover(sunday)).isTrue();
  }

  @Test
  void aNightBelongsToTheDayOnWhichItBegan() {
    var hours = OwnHours.of("22", "6", "weekdays", "Europe/Berlin").orElseThrow();

    assertThat(hours.cover(Instant.parse("2026-11-20T22:00:00Z"))).isTrue();
    // Saturday, 3:00: still Friday's night.
    assertThat(hours.cover(Instant.parse("2026-11-21T02:00:00Z"))).isTrue();
    // Monday, 3:00: Sunday's.
    assertThat(hours.cover(Instant.parse("2026-11-23T02:00:00Z"))).isFalse();
    assertThat(hours.cover(Instant.parse("2026-11-20T12:00:00Z"))).isFalse();
  }

  @Test
  void whatIsNoHoursIsRefused() {
    assertThat(OwnHours.of("9", "9", "all", "Europe/Berlin")).isEmpty();
    assertThat(OwnHours.of("24", "9", "all", "Europe/Berlin")).isEmpty();
    assertThat(OwnHours.of("9", "25", "all", "Europe/Berlin")).isEmpty();
    assertThat(OwnHours.of("-1", "9", "all", "Europe/Berlin")).isEmpty();
    assertThat(OwnHours.of("9", "17", "some", "Europe/Berlin")).isEmpty();
    assertThat(OwnHours.of("9", "17", "all", "Europe/Berlin\r\nSet-Cookie: a=b")).isEmpty();
  }

  @Test
  void theirCookieGoesToTheirOwnPageOnlyAndComesBackTheSame() {
    var hours = OwnHours.of("22", "6", "all", "America/Argentina/Buenos_Aires");
    var request = new MockHttpServletRequest();
    var cookie = hours.orElseThrow().cookie(request);
    request.setCookies(new jakarta.servlet.http.Cookie(cookie.getName(), cookie.getValue()));

    assertThat(cookie.toString()).contains("Path=/me;", "HttpOnly", "SameSite=Strict");
    assertThat(OwnHours.in(request)).isEqualTo(hours);
    request.setCookies(new jakarta.servlet.http.Cookie(cookie.getName(), "9.17.all"));
    assertThat(OwnHours.in(request)).isEqualTo(Optional.empty());
  }
}
