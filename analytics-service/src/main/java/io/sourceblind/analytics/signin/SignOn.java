// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Onward;
import io.sourceblind.audit.Actor;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SignIns;
import io.sourceblind.identity.SignOns;
import io.sourceblind.identity.SignOns.Answer;
import io.sourceblind.identity.SignOns.End;
import io.sourceblind.identity.SignOns.Posted;
import io.sourceblind.identity.SignOns.Start;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;
import org.springframework.web.servlet.view.RedirectView;

/// In by the identity provider of one's organization: on the way there, and back.
@Controller
class SignOn {
  private final SignOns signOns;
  private final SignIns signIns;
  private final Credentials credentials;

  SignOn(SignOns signOns, SignIns signIns, Credentials credentials) {
    this.signOns = signOns;
    this.signIns = signIns;
    this.credentials = credentials;
  }

  @GetMapping("/sign-in/sso")
  String ask(@RequestParam(defaultValue = "/") String to, Model model) {
    model.addAttribute("to", Onward.to(to));
    return "sign-on";
  }

  @PostMapping("/sign-in/sso")
  ModelAndView begin(
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    return begin(email, to, false, request, response);
  }

  /// Somebody who is in asks their provider to ask them again.
  @PostMapping("/confirm/sso")
  ModelAndView beginAgain(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    return begin(signIns.addressOf(principal), to, true, request, response);
  }

  @GetMapping(SignOns.PLACE + "{provider}")
  ModelAndView back(
      @PathVariable String provider,
      @RequestParam(defaultValue = "") String code,
      @RequestParam(defaultValue = "") String state,
      @RequestParam(required = false) @Nullable String iss,
      @AuthenticationPrincipal @Nullable Principal before,
      HttpServletRequest request,
      HttpServletResponse response) {
    var kept = Visitor.tripIn(request);
    Visitor.forgetTrip(request, response);
    var end =
        signOns.finish(
            // Nobody is told whether there is such an organization.
            SignIn.idOf(provider),
            kept,
            new Answer(code, state, iss),
            pagesOf(request),
            Visitor.nameOf(request),
            Visitor.SESSION,
            Visitor.callerOf(request));
    return switch (end) {
      case End.In(var session, var onward) -> {
        if (before != null) {
          credentials.revoke(
              before.organization(), before.credential(), Actor.person(before.person()));
        }
        Visitor.keepSignedIn(session, request, response);
        yield new ModelAndView("redirect:" + Onward.to(onward));
      }
      // The same for every address, down to the foot of the page.
      case End.Refused(var why) ->
          SignIn.refused("sign-on-failed", why).addObject("here", "/sign-in/sso");
    };
  }

  /// A provider's page posts here, so no cookie comes along that says which browser this is. What
  /// it brings is kept until the browser that began comes for it, which the next step leads it to.
  @PostMapping(SignOns.PLACE + "{provider}")
  ModelAndView posted(
      @PathVariable String provider,
      @RequestParam(name = "SAMLResponse", defaultValue = "") String response,
      @RequestParam(name = "RelayState", defaultValue = "") String state,
      HttpServletRequest request,
      HttpServletResponse answer) {
    var place = SignIn.idOf(provider);
    var posted = signOns.post(place, response, state, Visitor.callerOf(request));
    return switch (posted) {
      case Posted.Kept(var kept) -> seeOther(SignOns.PLACE + place + "?state=" + kept);
      case Posted.Refused(var why) ->
          SignIn.refused("sign-on-failed", why).addObject("here", "/sign-in/sso");
      case Posted.Wait(var left) ->
          SignIn.wait("sign-on", left, answer)
              .addObject("to", "/")
              .addObject("here", "/sign-in/sso");
    };
  }

  private static ModelAndView seeOther(String address) {
    var view = new RedirectView(address);
    view.setStatusCode(HttpStatus.SEE_OTHER);
    return new ModelAndView(view);
  }

  private ModelAndView begin(
      String email,
      String to,
      boolean again,
      HttpServletRequest request,
      HttpServletResponse response) {
    var start =
        signOns.begin(email, Onward.to(to), again, pagesOf(request), Visitor.callerOf(request));
    return switch (start) {
      case Start.GoOn(var address, var secret) -> {
        Visitor.keepTrip(secret, request, response);
        // A form may not lead away from here (form-action), a page may.
        response.setHeader("Refresh", "0;url=" + address);
        yield new ModelAndView("sign-on-begun")
            .addObject("host", address.getHost())
            .addObject("address", address.toString());
      }
      case Start.NotOffered _ ->
          page("No organization here signs in with a provider for this domain.", to);
      case Start.Unreachable(var why) -> page(why, to);
      case Start.Wait(var left) ->
          SignIn.wait("sign-on", left, response).addObject("to", Onward.to(to));
    };
  }

  private static ModelAndView page(String fault, String to) {
    return SignIn.refused("sign-on", fault).addObject("to", Onward.to(to));
  }

  private static String pagesOf(HttpServletRequest request) {
    return ServletUriComponentsBuilder.fromContextPath(request).toUriString();
  }
}
