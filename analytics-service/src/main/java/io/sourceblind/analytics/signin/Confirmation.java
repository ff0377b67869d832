// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Onward;
import io.sourceblind.identity.Caller;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Post;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SignIns;
import io.sourceblind.identity.SignIns.Entry;
import io.sourceblind.identity.SignOnSettings;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Who is signed in for a while proves again who they are, before something that cannot be undone.
@Controller
class Confirmation {
  private final Credentials credentials;
  private final SignIns signIns;
  private final SignOnSettings settings;
  private final Post post;

  private final PasskeyForms passkeys;

  Confirmation(
      Credentials credentials,
      SignIns signIns,
      SignOnSettings settings,
      Post post,
      PasskeyForms passkeys) {
    this.credentials = credentials;
    this.signIns = signIns;
    this.settings = settings;
    this.post = post;
    this.passkeys = passkeys;
  }

  @ModelAttribute("passkey")
  PasskeyForms.@Nullable Form passkey(@AuthenticationPrincipal Principal principal) {
    return passkeys.toConfirm(principal);
  }

  @ModelAttribute("provider")
  boolean provider(@AuthenticationPrincipal @Nullable Principal principal) {
    return principal != null && settings.of(principal).isPresent();
  }

  @ModelAttribute("mail")
  boolean mail() {
    return post.delivers();
  }

  @GetMapping("/confirm")
  String ask(@RequestParam(defaultValue = "/") String to, Model model) {
    model.addAttribute("to", Onward.to(to));
    return "confirm";
  }

  @PostMapping("/confirm/password")
  ModelAndView withPassword(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String password,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    var entry = signIns.withPassword(signIns.addressOf(principal), password, callerOf(request));
    return decided(entry, principal, to, response, SignIn.refused("confirm", "That was not it."));
  }

  @PostMapping("/confirm/code")
  ModelAndView mailCode(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request) {
    var asked =
        post.delivers() ? signIns.mailCode(signIns.addressOf(principal), callerOf(request)) : null;
    return asked == null
        ? SignIn.refused("confirm", "No code can be sent now. Please try again later.")
            .addObject("to", Onward.to(to))
        : codePage(asked, to, HttpStatus.OK);
  }

  @PostMapping("/confirm/code/entered")
  ModelAndView withCode(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String asked,
      @RequestParam(defaultValue = "") String code,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    var id = SignIn.idOf(asked);
    var entry = signIns.withCode(id, code, signIns.addressOf(principal), callerOf(request));
    return decided(
        entry,
        principal,
        to,
        response,
        codePage(id, to, HttpStatus.FORBIDDEN).addObject("fault", "This code does not fit."));
  }

  private ModelAndView decided(
      Entry entry,
      Principal principal,
      String to,
      HttpServletResponse response,
      ModelAndView refusal) {
    return switch (entry) {
      case Entry.In in when in.person().equals(principal.person()) -> confirmed(principal, to);
      case Entry.Wait(var left) ->
          SignIn.wait("confirm", left, response).addObject("to", Onward.to(to));
      // They came in by their organization's provider; a code shows as well that it is still them.
      case Entry.Elsewhere(var person) when person.equals(principal.person()) ->
          confirmed(principal, to);
      case Entry.In _, Entry.Elsewhere _, Entry.Refused _ -> refusal.addObject("to", Onward.to(to));
    };
  }

  private ModelAndView confirmed(Principal principal, String to) {
    credentials.refreshProof(principal);
    return new ModelAndView("redirect:" + Onward.to(to));
  }

  private static ModelAndView codePage(UUID asked, String to, HttpStatus status) {
    return new ModelAndView("confirm-code", status)
        .addObject("asked", asked)
        .addObject("to", Onward.to(to));
  }

  private static Caller callerOf(HttpServletRequest request) {
    return Visitor.callerOf(request);
  }
}
