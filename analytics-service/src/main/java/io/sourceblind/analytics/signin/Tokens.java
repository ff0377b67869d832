// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.DisplayName;
import io.sourceblind.identity.Minted;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Scope;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// The tokens with which somebody's programs come in: each ends by itself, and is shown once.
@Controller
class Tokens {
  private static final Pattern DAYS = Pattern.compile("[1-9][0-9]{0,2}");
  private static final int LONGEST_DAYS = 365;
  private static final Duration AFTER_ROTATION = Duration.ofDays(90);
  private static final Duration OVERLAP = Duration.ofDays(1);

  private final Credentials credentials;

  Tokens(Credentials credentials) {
    this.credentials = credentials;
  }

  @GetMapping("/account/tokens")
  ModelAndView page(@AuthenticationPrincipal Principal principal, Reading reading) {
    reading.record("tokens.read", "own-tokens");
    return page(principal, HttpStatus.OK);
  }

  @PostMapping("/account/tokens")
  ModelAndView mint(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String label,
      @RequestParam(defaultValue = "") String days,
      @RequestParam(defaultValue = "") String scope) {
    var name = label.strip();
    if (!DisplayName.isFit(name)) {
      return page(principal, HttpStatus.BAD_REQUEST)
          .addObject("fault", "A token has a name of 1 to 80 characters.");
    }
    if (!DAYS.matcher(days).matches() || Integer.parseInt(days) > LONGEST_DAYS) {
      return page(principal, HttpStatus.BAD_REQUEST)
          .addObject("fault", "A token is good for 1 to 365 days.");
    }
    var narrowed =
        Scope.of(principal.role()).filter(known -> known.word().equals(scope)).findFirst();
    if (narrowed.isEmpty() && !scope.isEmpty()) {
      return page(principal, HttpStatus.BAD_REQUEST)
          .addObject("fault", "A token is good for one of the things in the list.");
    }
    return shown(
        principal,
        credentials.mintToken(
            principal, narrowed.orElse(null), name, Duration.ofDays(Integer.parseInt(days))));
  }

  @PostMapping("/account/tokens/{token}/rotate")
  ModelAndView rotate(@AuthenticationPrincipal Principal principal, @PathVariable String token) {
    return shown(
        principal,
        credentials
            .rotate(principal, Ids.of(token), AFTER_ROTATION, OVERLAP)
            .orElseThrow(NotFound::new));
  }

  private ModelAndView shown(Principal principal, Minted minted) {
    return page(principal, HttpStatus.OK).addObject("secret", minted.secret());
  }

  private ModelAndView page(Principal principal, HttpStatus status) {
    List<Account.Row> tokens =
        credentials.heldBy(principal).stream()
            .filter(held -> held.kind() == CredentialKind.API)
            .map(held -> Account.Row.of(held, principal.credential()))
            .toList();
    return new ModelAndView("tokens", status)
        .addObject("tokens", tokens)
        .addObject("scopes", Scope.of(principal.role()).map(Scope::word).toList());
  }
}
