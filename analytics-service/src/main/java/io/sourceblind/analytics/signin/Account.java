// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.SignIns;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where somebody sees what lets them in, and ends it.
@Controller
class Account {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Credentials credentials;
  private final SignIns signIns;

  Account(Credentials credentials, SignIns signIns) {
    this.credentials = credentials;
    this.signIns = signIns;
  }

  /// One thing that lets its owner in.
  record Row(
      UUID id,
      String what,
      String name,
      String since,
      String lastUsed,
      String until,
      boolean here,
      boolean replaced,
      @Nullable String scope) {
    static Row of(Credentials.Held held, UUID current) {
      return new Row(
          held.id(),
          whatIs(held.kind()),
          held.label(),
          TIME.format(held.since()),
          at(held.lastUsed()),
          TIME.format(held.until()),
          held.id().equals(current),
          held.replaced(),
          held.scope() == null ? null : held.scope().word());
    }

    static String at(@Nullable Instant time) {
      return time == null ? "never" : TIME.format(time);
    }

    private static String whatIs(CredentialKind kind) {
      return switch (kind) {
        case SESSION -> "Browser";
        case DEVICE, REFRESH -> "Command line";
        case API -> "API token";
        case SIGN_IN_LINK -> "Link";
      };
    }
  }

  @GetMapping("/account")
  ModelAndView page(@AuthenticationPrincipal Principal principal) {
    return page(principal, HttpStatus.OK);
  }

  @PostMapping("/account/password")
  ModelAndView newPassword(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String password) {
    return signIns
        .changePassword(principal, password, credentials)
        .map(fault -> page(principal, HttpStatus.BAD_REQUEST).addObject("fault", fault))
        .orElseGet(
            () -> page(principal, HttpStatus.OK).addObject("done", "That is your password now."));
  }

  @PostMapping("/account/held/{held}/end")
  String end(@AuthenticationPrincipal Principal principal, @PathVariable String held) {
    if (!credentials.end(principal, Ids.of(held))) {
      throw new NotFound();
    }
    return "redirect:/account";
  }

  @PostMapping("/account/end-others")
  String endOthers(@AuthenticationPrincipal Principal principal) {
    credentials.endOtherSessions(principal);
    return "redirect:/account";
  }

  private ModelAndView page(Principal principal, HttpStatus status) {
    List<Row> held =
        credentials.heldBy(principal).stream()
            .map(one -> Row.of(one, principal.credential()))
            .toList();
    return new ModelAndView("account", status)
        .addObject("held", held)
        .addObject("programs", principal.role() != Role.BILLING)
        .addObject("email", signIns.addressOf(principal));
  }
}
