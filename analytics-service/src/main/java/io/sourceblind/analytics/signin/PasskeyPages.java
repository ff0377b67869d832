// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Onward;
import io.sourceblind.identity.Passkeys;
import io.sourceblind.identity.Passkeys.Entry;
import io.sourceblind.identity.Post;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SignIns;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where somebody comes in with a passkey, confirms with one, adds one and takes one away.
@Controller
class PasskeyPages {
  private static final String PAGE = "redirect:/account/passkeys";

  private final Passkeys passkeys;
  private final PasskeyForms forms;
  private final SignIns signIns;
  private final Post post;

  PasskeyPages(Passkeys passkeys, PasskeyForms forms, SignIns signIns, Post post) {
    this.passkeys = passkeys;
    this.forms = forms;
    this.signIns = signIns;
    this.post = post;
  }

  /// A passkey of one's own.
  record Row(UUID id, String name, String since, String lastUsed) {
    static Row of(Passkeys.Held held) {
      return new Row(
          held.id(), held.label(), Account.Row.at(held.since()), Account.Row.at(held.lastUsed()));
    }
  }

  @PostMapping("/sign-in/passkey")
  ModelAndView signIn(
      @RequestParam(defaultValue = "") String answer,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request,
      HttpServletResponse response) {
    var entry =
        passkeys.signIn(
            answer,
            forms.browserOf(request),
            Visitor.callerOf(request),
            Visitor.nameOf(request),
            Visitor.SESSION);
    return switch (entry) {
      case Entry.In(var session) -> {
        Visitor.keepSignedIn(session, request, response);
        yield new ModelAndView("redirect:" + Onward.to(to));
      }
      case Entry.Elsewhere _ -> SignIn.elsewhere(to);
      case Entry.Refused _ ->
          again(
              SignIn.refused("sign-in", "This passkey does not fit, or the page was too old."),
              to,
              request);
      case Entry.Wait(var left) -> again(SignIn.wait("sign-in", left, response), to, request);
    };
  }

  @PostMapping("/confirm/passkey")
  ModelAndView confirm(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String answer,
      @RequestParam(defaultValue = "/") String to,
      HttpServletRequest request) {
    return passkeys.confirm(principal, answer, Visitor.callerOf(request))
        ? new ModelAndView("redirect:" + Onward.to(to))
        : SignIn.refused("confirm", "That was not it.")
            .addObject("to", Onward.to(to))
            .addObject("mail", post.delivers())
            .addObject("passkey", forms.toConfirm(principal));
  }

  @GetMapping("/account/passkeys")
  ModelAndView page(@AuthenticationPrincipal Principal principal) {
    return page(principal, HttpStatus.OK);
  }

  @PostMapping("/account/passkeys")
  ModelAndView add(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String label,
      @RequestParam(defaultValue = "") String answer) {
    return passkeys
        .enrol(principal, label, answer)
        .map(fault -> page(principal, HttpStatus.BAD_REQUEST).addObject("fault", fault))
        .orElseGet(() -> new ModelAndView(PAGE));
  }

  @PostMapping("/account/passkeys/{passkey}/rename")
  ModelAndView rename(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String passkey,
      @RequestParam(defaultValue = "") String label) {
    var id = Ids.of(passkey);
    if (passkeys.heldBy(principal).stream().noneMatch(held -> held.id().equals(id))) {
      throw new NotFound();
    }
    return passkeys
        .rename(principal, id, label)
        .map(fault -> page(principal, HttpStatus.BAD_REQUEST).addObject("fault", fault))
        .orElseGet(() -> new ModelAndView(PAGE));
  }

  @PostMapping("/account/passkeys/{passkey}/remove")
  String remove(@AuthenticationPrincipal Principal principal, @PathVariable String passkey) {
    if (!passkeys.remove(principal, Ids.of(passkey))) {
      throw new NotFound();
    }
    return PAGE;
  }

  private ModelAndView again(ModelAndView page, String to, HttpServletRequest request) {
    return page.addObject("to", Onward.to(to))
        .addObject("mail", post.delivers())
        .addObject("passkey", forms.toSignInAgain(request));
  }

  private ModelAndView page(Principal principal, HttpStatus status) {
    List<Row> held = passkeys.heldBy(principal).stream().map(Row::of).toList();
    return new ModelAndView("passkeys", status)
        .addObject("held", held)
        .addObject("email", signIns.addressOf(principal))
        .addObject("person", principal.person())
        .addObject("passkey", forms.toEnrol(principal));
  }
}
