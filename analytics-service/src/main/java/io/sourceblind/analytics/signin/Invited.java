// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Invitations;
import io.sourceblind.identity.Invitations.Answer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Locale;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where an invitation is accepted. Opening the link uses nothing up.
@Controller
class Invited {
  private final Invitations invitations;

  Invited(Invitations invitations) {
    this.invitations = invitations;
  }

  @GetMapping("/invitation")
  ModelAndView page(@RequestParam(defaultValue = "") String token) {
    return page(token, "", HttpStatus.OK);
  }

  @PostMapping("/invitation")
  ModelAndView accept(
      @RequestParam(defaultValue = "") String token,
      @RequestParam(defaultValue = "") String name,
      @RequestParam(defaultValue = "") String password,
      HttpServletRequest request,
      HttpServletResponse response) {
    return switch (invitations.accept(
        token, name, password, Visitor.nameOf(request), Visitor.SESSION)) {
      case Answer.Joined(var session) -> {
        Visitor.keepSignedIn(session, request, response);
        yield new ModelAndView("redirect:/");
      }
      case Answer.JoinedElsewhere _ -> new ModelAndView("redirect:/sign-in/sso");
      case Answer.Gone _ -> gone();
      case Answer.Wrong(var fault) ->
          page(token, name, HttpStatus.BAD_REQUEST).addObject("fault", fault);
    };
  }

  private ModelAndView page(String token, String name, HttpStatus status) {
    return invitations
        .offerOf(token)
        .map(offer ->
            new ModelAndView("invitation", status)
                .addObject("token", token)
                .addObject("name", name)
                .addObject("offer", offer)
                .addObject("role", offer.role().name().toLowerCase(Locale.ROOT)))
        .orElseGet(Invited::gone);
  }

  private static ModelAndView gone() {
    return new ModelAndView("invitation-gone", HttpStatus.FORBIDDEN);
  }
}
