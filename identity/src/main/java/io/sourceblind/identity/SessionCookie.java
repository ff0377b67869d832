// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseCookie;
import org.springframework.web.util.WebUtils;

/// The cookie that keeps somebody signed in: `__Host-session`, which a browser takes only over TLS
/// and for this host alone. Somebody who tries the product on their own machine has no TLS; there,
/// and nowhere else, it is called `session`.
public final class SessionCookie {
  private static final String NAME = "__Host-session";
  private static final String NAME_WITHOUT_TLS = "session";
  private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

  private SessionCookie() {}

  /// The cookie to set when somebody has signed in.
  ///
  /// @throws IllegalStateException over plain http from another machine
  public static ResponseCookie of(Minted session, Duration validFor, HttpServletRequest request) {
    return cookie(session.secret(), validFor, request);
  }

  /// The cookie to set when somebody signs out.
  public static ResponseCookie forgotten(HttpServletRequest request) {
    return cookie("", Duration.ZERO, request);
  }

  static @Nullable String in(HttpServletRequest request) {
    var name = name(request);
    var cookie = name == null ? null : WebUtils.getCookie(request, name);
    return cookie == null ? null : cookie.getValue();
  }

  private static ResponseCookie cookie(
      String value, Duration validFor, HttpServletRequest request) {
    var name = name(request);
    if (name == null) {
      throw new IllegalStateException("A session needs https; only on localhost http will do");
    }
    return ResponseCookie.from(name, value)
        .secure(request.isSecure())
        .httpOnly(true)
        .sameSite("Lax")
        .path("/")
        .maxAge(validFor)
        .build();
  }

  private static @Nullable String name(HttpServletRequest request) {
    if (request.isSecure()) {
      return NAME;
    }
    // The address alone would also fit a proxy on this machine that serves the world over TLS.
    return LOOPBACK.contains(request.getServerName()) ? NAME_WITHOUT_TLS : null;
  }
}
