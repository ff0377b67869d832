// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.web.util.UriComponentsBuilder;

/// Where somebody goes on who had to say first who they are. Only pages of ours are gone on to.
public final class Onward {
  // The longer one first where one begins like another.
  private static final List<String> PAGES =
      List.of(
          "/account/tokens",
          "/account/passkeys",
          "/account",
          "/second-factor",
          "/admin/members",
          "/admin/teams",
          "/admin/policy",
          "/admin/sign-on",
          "/admin/notes",
          "/me/deletion",
          "/data");
  private static final Pattern DEVICE = Pattern.compile("/device(\\?user_code=[A-Za-z-]{1,16})?");

  private Onward() {}

  /// The page that was asked for, or the start page for any that is not ours.
  public static String to(@Nullable String asked) {
    return asked != null && (PAGES.contains(asked) || DEVICE.matcher(asked).matches())
        ? asked
        : "/";
  }

  static String signInFor(HttpServletRequest request) {
    var query = request.getQueryString();
    var asked = query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query;
    return with("/sign-in", to(asked));
  }

  static String confirmFor(HttpServletRequest request) {
    var page =
        PAGES.stream()
            .filter(known ->
                request.getRequestURI().equals(known)
                    || request.getRequestURI().startsWith(known + "/"))
            .findFirst();
    return with("/confirm", page.orElse("/"));
  }

  private static String with(String page, String to) {
    return to.equals("/")
        ? page
        : UriComponentsBuilder.fromPath(page)
            .queryParam("to", "{to}")
            .encode()
            .buildAndExpand(to)
            .toUriString();
  }
}
