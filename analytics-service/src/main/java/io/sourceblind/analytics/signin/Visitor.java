// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Caller;
import io.sourceblind.identity.Minted;
import io.sourceblind.identity.SessionCookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/// The browser that a request comes from.
final class Visitor {
  static final Duration SESSION = Duration.ofHours(12);

  private static final String MARK = "known-browser";
  private static final Duration MARK_IS_KEPT = Duration.ofDays(365);
  private static final Duration TRIP_IS_KEPT = Duration.ofMinutes(10);

  // In this order: each of the first says that it is like the later ones.
  private static final List<Map.Entry<String, String>> BROWSERS =
      List.of(
          Map.entry("Edg/", "Edge"),
          Map.entry("OPR/", "Opera"),
          Map.entry("Firefox/", "Firefox"),
          Map.entry("Chrome/", "Chrome"),
          Map.entry("Safari/", "Safari"));
  private static final List<Map.Entry<String, String>> SYSTEMS =
      List.of(
          Map.entry("Android", "Android"),
          Map.entry("iPhone", "iPhone"),
          Map.entry("iPad", "iPad"),
          Map.entry("Windows", "Windows"),
          Map.entry("Mac OS X", "macOS"),
          Map.entry("Linux", "Linux"));

  private Visitor() {}

  static Caller callerOf(HttpServletRequest request) {
    return new Caller(request.getRemoteAddr(), markIn(request));
  }

  static void keepSignedIn(
      Minted session, HttpServletRequest request, HttpServletResponse response) {
    response.addHeader(
        HttpHeaders.SET_COOKIE, SessionCookie.of(session, SESSION, request).toString());
  }

  /// So that strangers who guess at an address do not slow down the browser of its owner.
  static void remember(String mark, HttpServletRequest request, HttpServletResponse response) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(MARK, mark)
            .secure(request.isSecure())
            .httpOnly(true)
            .sameSite("Strict")
            .path("/")
            .maxAge(MARK_IS_KEPT)
            .build()
            .toString());
  }

  /// What its owner will know it by, such as `Firefox on Linux`; nothing of the header itself.
  static String nameOf(HttpServletRequest request) {
    var agent = request.getHeader(HttpHeaders.USER_AGENT);
    return nameIn(BROWSERS, agent, "A browser") + " on " + nameIn(SYSTEMS, agent, "some machine");
  }

  private static String nameIn(
      List<Map.Entry<String, String>> names, @Nullable String agent, String otherwise) {
    return names.stream()
        .filter(name -> agent != null && agent.contains(name.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(otherwise);
  }

  /// What ties a way to a provider and back to this browser.
  static void keepTrip(String secret, HttpServletRequest request, HttpServletResponse response) {
    setTrip(secret, TRIP_IS_KEPT, request, response);
  }

  static void forgetTrip(HttpServletRequest request, HttpServletResponse response) {
    setTrip("", Duration.ZERO, request, response);
  }

  static @Nullable String tripIn(HttpServletRequest request) {
    return cookieIn(request, tripName(request));
  }

  private static void setTrip(
      String secret, Duration kept, HttpServletRequest request, HttpServletResponse response) {
    response.addHeader(
        HttpHeaders.SET_COOKIE,
        ResponseCookie.from(tripName(request), secret)
            .secure(request.isSecure())
            .httpOnly(true)
            // Whoever comes back comes from another site.
            .sameSite("Lax")
            .path("/")
            .maxAge(kept)
            .build()
            .toString());
  }

  private static String tripName(HttpServletRequest request) {
    return request.isSecure() ? "__Host-sign-on" : "sign-on";
  }

  private static @Nullable String markIn(HttpServletRequest request) {
    return cookieIn(request, MARK);
  }

  private static @Nullable String cookieIn(HttpServletRequest request, String name) {
    var cookie = WebUtils.getCookie(request, name);
    return cookie == null ? null : cookie.getValue();
  }
}
