// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Onward;
import io.sourceblind.audit.Actor;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Post;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SessionCookie;
import io.sourceblind.identity.SignIns;
import io.sourceblind.identity.SignIns.Entry;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// In by a password, by a mailed code or by a link that works once, and out again.
@Controller
class SignIn {
  private final Credentials credentials;
  private final SignIns signIns;
  private final Post post;

  private final PasskeyForms passkeys;

  SignIn(Credentials credentials, SignIns signIns, Post post, PasskeyForms passkeys) {
    this.credentials = credentials;
    this.signIns = signIns;
    this.post = post;
    this.passkeys = passkeys;
  }

  @ModelAttribute("passkey")
  PasskeyForms.@Nullable Form passkey(HttpServletRequest request) {
    return passkeys.toSignInAgain(request);
  }

  @ModelAttribute("mail")
  boolean mail() {
    return post.delivers();
  }

  /// Opening the link uses nothing up: mail scanners and previews open links too.
  @GetMapping("/sign-in")
  String ask(
      @RequestParam(required = false) @Nullable String token,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response,
      Model model) {
    if (token == null) {
      model.addAttribute("passkey", passkeys.toSignIn(request, response));
    }
    model.addAttribute("token", token);
    model.addAttribute("to", Onward.to(to));
    return "sign-in";
  }

  @PostMapping("/sign-in")
  ModelAndView enterByLink(
      @RequestParam(defaultValue = "") String token,
      HttpServletRequest request,
      HttpServletResponse response) {
    var principal = credentials.open(token, CredentialKind.SIGN_IN_LINK);
    if (principal == null) {
      return new ModelAndView("sign-in-failed", HttpStatus.FORBIDDEN);
    }
    begin(principal.organization(), principal.person(), request, response);
    return new ModelAndView("redirect:/");
  }

  @PostMapping("/sign-in/password")
  ModelAndView enterByPassword(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String password,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    return switch (signIns.withPassword(email, password, Visitor.callerOf(request))) {
      case Entry.In in -> in(in, to, request, response);
      case Entry.Elsewhere _ -> elsewhere(to);
      case Entry.Refused _ ->
          refused("sign-in", "This address and this password do not go together.")
              .addObject("to", Onward.to(to));
      case Entry.Wait(var left) -> wait("sign-in", left, response).addObject("to", Onward.to(to));
    };
  }

  @PostMapping("/sign-in/code")
  ModelAndView mailCode(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request) {
    var asked = post.delivers() ? signIns.mailCode(email, Visitor.callerOf(request)) : null;
    if (asked == null) {
      return refused("sign-in", "No code can be sent to this address now. Please try again later.")
          .addObject("to", Onward.to(to));
    }
    return codePage(asked, email, to, HttpStatus.OK);
  }

  @PostMapping("/sign-in/code/entered")
  ModelAndView enterByCode(
      @RequestParam(defaultValue = "") String asked,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String code,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    var id = idOf(asked);
    return switch (signIns.withCode(id, code, email, Visitor.callerOf(request))) {
      case Entry.In in -> in(in, to, request, response);
      case Entry.Elsewhere _ -> elsewhere(to);
      case Entry.Refused _ ->
          codePage(id, email, to, HttpStatus.FORBIDDEN)
              .addObject(
                  "fault",
                  "This code does not fit, or not any more. A code has five tries and ten minutes.");
      case Entry.Wait(var left) -> wait("sign-in", left, response).addObject("to", Onward.to(to));
    };
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
      case MANAGER, OWNER -> "redirect:/teams";
      case REVIEWER -> "redirect:/trust";
      case BILLING -> "redirect:/seats";
    };
  }

  /// An id of another form fits no code either.
  static UUID idOf(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      return new UUID(0, 0);
    }
  }

  static ModelAndView refused(String page, String fault) {
    return new ModelAndView(page, HttpStatus.FORBIDDEN).addObject("fault", fault);
  }

  static ModelAndView wait(String page, Duration left, HttpServletResponse response) {
    response.setHeader(HttpHeaders.RETRY_AFTER, String.valueOf(left.toSeconds()));
    return new ModelAndView(page, HttpStatus.TOO_MANY_REQUESTS)
        .addObject(
            "fault",
            "There were many tries. The next one can be made in %s."
                .formatted(
                    left.toSeconds() < 120
                        ? left.toSeconds() + (left.toSeconds() == 1 ? " second" : " seconds")
                        : left.toMinutes() + " minutes"));
  }

  /// Only whoever has shown who they are is told.
  static ModelAndView elsewhere(String to) {
    return refused(
            "sign-on", "Your organization lets its people in by its own identity provider alone.")
        .addObject("to", Onward.to(to));
  }

  private static ModelAndView codePage(UUID asked, String email, String to, HttpStatus status) {
    return new ModelAndView("sign-in-code", status)
        .addObject("asked", asked)
        .addObject("email", email)
        .addObject("to", Onward.to(to));
  }

  private ModelAndView in(
      Entry.In in, String to, HttpServletRequest request, HttpServletResponse response) {
    begin(in.organization(), in.person(), request, response);
    Visitor.remember(in.browser(), request, response);
    return new ModelAndView("redirect:" + Onward.to(to));
  }

  private void begin(
      UUID organization, UUID person, HttpServletRequest request, HttpServletResponse response) {
    var session =
        credentials.mint(
            organization,
            person,
            CredentialKind.SESSION,
            Visitor.nameOf(request),
            Visitor.SESSION,
            Actor.person(person));
    Visitor.keepSignedIn(session, request, response);
  }
}
