// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.audit.Actor;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SessionCookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// In by a link that works once, and out again.
@Controller
class SignIn {
  private static final Duration SESSION = Duration.ofHours(12);

  private final Credentials credentials;

  SignIn(Credentials credentials) {
    this.credentials = credentials;
  }

  /// Opening the link uses nothing up: mail scanners and previews open links too.
  @GetMapping("/sign-in")
  String ask(@RequestParam(required = false) @Nullable String token, Model model) {
    model.addAttribute("token", token);
    return "sign-in";
  }

  @PostMapping("/sign-in")
  ModelAndView enter(
      @RequestParam(defaultValue = "") String token,
      HttpServletRequest request,
      HttpServletResponse response) {
    var principal = credentials.open(token, CredentialKind.SIGN_IN_LINK);
    if (principal == null) {
      return new ModelAndView("sign-in-failed", HttpStatus.FORBIDDEN);
    }
    var session =
        credentials.mint(
            principal.organization(),
            principal.person(),
            CredentialKind.SESSION,
            "browser",
            SESSION,
            Actor.person(principal.person()));
    response.addHeader(
        HttpHeaders.SET_COOKIE, SessionCookie.of(session, SESSION, request).toString());
    return new ModelAndView("redirect:/");
  }

  @PostMapping("/sign-out")
  String leave(
      @AuthenticationPrincipal Principal principal,
      HttpServletRequest request,
      HttpServletResponse response) {
    credentials.revoke(
        principal.organization(), principal.credential(), Actor.person(principal.person()));
    response.addHeader(HttpHeaders.SET_COOKIE, SessionCookie.forgotten(request).toString());
    return "redirect:/sign-in";
  }

  /// Everybody's way to the page of their role.
  @GetMapping("/")
  String home(@AuthenticationPrincipal Principal principal) {
    return switch (principal.role()) {
      case ENGINEER -> "redirect:/me";
      case MANAGER -> "redirect:/teams";
      case REVIEWER -> "redirect:/trust";
      case BILLING -> "redirect:/seats";
    };
  }
}
