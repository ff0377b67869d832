// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// What is around every page: where one can go, and the address of the style sheet.
@ControllerAdvice
class Frame {
  private static final Place TEAMS = new Place("/teams", "Teams");
  private static final Place ORGANIZATION = new Place("/organization", "Organization");
  private static final Place MEMBERS = new Place("/admin/members", "Members");
  private static final Place POLICY = new Place("/admin/policy", "Policy");
  private static final Place DOORS = new Place("/trust/doors", "Doors");
  private static final Place ACCOUNT = new Place("/account", "Account");
  private static final Place HOW = new Place("/how-it-works", "How it works");

  private final String styleSheet;

  Frame(StyleSheet styleSheet) {
    this.styleSheet = styleSheet.address();
  }

  record Place(String address, String name) {}

  @ModelAttribute("styleSheet")
  String styleSheet() {
    return styleSheet;
  }

  @ModelAttribute("here")
  String here(HttpServletRequest request) {
    return request.getRequestURI();
  }

  @ModelAttribute("signedIn")
  boolean signedIn(@AuthenticationPrincipal @Nullable Principal principal) {
    return principal != null;
  }

  @ModelAttribute("places")
  List<Place> places(@AuthenticationPrincipal @Nullable Principal principal) {
    return principal == null
        ? List.of(HOW)
        : Stream.concat(placesOf(principal.role()), Stream.of(ACCOUNT, HOW)).toList();
  }

  private static Stream<Place> placesOf(Role role) {
    return switch (role) {
      case ENGINEER -> Stream.of(new Place("/me", "Your page"));
      case MANAGER -> Stream.of(TEAMS, ORGANIZATION);
      case OWNER ->
          Stream.of(
              TEAMS,
              ORGANIZATION,
              MEMBERS,
              POLICY,
              new Place("/log", "Log"),
              new Place("/data", "Data"));
      case REVIEWER ->
          Stream.of(new Place("/trust", "Controls"), DOORS, new Place("/audit", "Audit log"));
      case BILLING -> Stream.of(new Place("/seats", "Seats"));
    };
  }
}
