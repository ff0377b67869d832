// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/// What is around every page: where one can go, and the address of the style sheet.
@ControllerAdvice
class Frame {
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
    return principal == null ? List.of(HOW) : List.of(placeOf(principal.role()), HOW);
  }

  private static Place placeOf(Role role) {
    return switch (role) {
      case ENGINEER -> new Place("/me", "Your page");
      case MANAGER -> new Place("/teams", "Teams");
      case REVIEWER -> new Place("/trust", "Controls");
      case BILLING -> new Place("/seats", "Seats");
    };
  }
}
