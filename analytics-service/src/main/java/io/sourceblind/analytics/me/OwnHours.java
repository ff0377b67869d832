// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.http.ResponseCookie;

/// When somebody means to work. It is kept in a cookie of their own browser and nowhere else, so no
/// table can tell who works at night.
///
/// @param from the hour it begins, 0 to 23
/// @param to the hour it ends, 1 to 24; before `from`, it ends the next day
/// @param days `weekdays`, or `all`
record OwnHours(int from, int to, String days, ZoneId zone) {
  /// Places and none of the old abbreviations.
  static final Set<String> ZONES =
      ZoneId.getAvailableZoneIds().stream()
          .filter(zone ->
              zone.matches("(Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/.+"))
          .collect(TreeSet::new, Set::add, Set::addAll);

  private static final String COOKIE = "own-hours";
  private static final Duration KEPT = Duration.ofDays(400);
  private static final List<String> DAYS = List.of("weekdays", "all");
  private static final Set<DayOfWeek> WEEKEND = Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
  private static final Pattern HOUR = Pattern.compile("[0-9]{1,2}");

  /// What somebody has entered, or nothing if it is no such thing.
  static Optional<OwnHours> of(String from, String to, String days, String zone) {
    if (!HOUR.matcher(from).matches()
        || !HOUR.matcher(to).matches()
        || !DAYS.contains(days)
        || !ZONES.contains(zone)) {
      return Optional.empty();
    }
    var begin = Integer.parseInt(from);
    var end = Integer.parseInt(to);
    return begin > 23 || end < 1 || end > 24 || begin == end
        ? Optional.empty()
        : Optional.of(new OwnHours(begin, end, days, ZoneId.of(zone)));
  }

  static Optional<OwnHours> in(HttpServletRequest request) {
    return Stream.ofNullable(request.getCookies())
        .flatMap(Arrays::stream)
        .filter(cookie -> cookie.getName().equals(COOKIE))
        .map(Cookie::getValue)
        .map(value -> value.split("\\.", -1))
        .filter(parts -> parts.length == 4)
        .flatMap(parts -> of(parts[0], parts[1], parts[2], parts[3]).stream())
        .findFirst();
  }

  ResponseCookie cookie(HttpServletRequest request) {
    return cookie("%d.%d.%s.%s".formatted(from, to, days, zone), KEPT, request);
  }

  static ResponseCookie forgotten(HttpServletRequest request) {
    return cookie("", Duration.ZERO, request);
  }

  private static ResponseCookie cookie(String value, Duration kept, HttpServletRequest request) {
    return ResponseCookie.from(COOKIE, value)
        .secure(request.isSecure())
        .httpOnly(true)
        .sameSite("Strict")
        .path("/me")
        .maxAge(kept)
        .build();
  }

  boolean cover(Instant instant) {
    var local = instant.atZone(zone);
    var hour = local.getHour();
    var isInside = from < to ? from <= hour && hour < to : hour >= from || hour < to;
    // The hours after midnight belong to the day on which they began.
    var day = from >= to && hour < to ? local.minusDays(1) : local;
    return isInside && (days.equals("all") || !WEEKEND.contains(day.getDayOfWeek()));
  }
}
