// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.nayuki.qrcodegen.QrCode;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SecondFactors;
import io.sourceblind.identity.SecondFactors.Tried;
import io.sourceblind.identity.SignIns;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where a second factor is added, shown and taken away. Somebody who still owes one sees this page
/// and no other.
@Controller
class SecondFactorPages {
  private static final int QUIET_ZONE = 4;

  private final SecondFactors factors;
  private final SignIns signIns;

  SecondFactorPages(SecondFactors factors, SignIns signIns) {
    this.factors = factors;
    this.signIns = signIns;
  }

  @GetMapping("/second-factor")
  ModelAndView page(@AuthenticationPrincipal Principal principal) {
    return page(principal, HttpStatus.OK);
  }

  @PostMapping("/second-factor")
  ModelAndView show(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String code,
      HttpServletRequest request,
      HttpServletResponse response) {
    var browser = signIns.browserOf(principal, Visitor.callerOf(request));
    return switch (factors.tryCode(principal, code, browser)) {
      case Tried.Right _ -> new ModelAndView("redirect:/");
      case Tried.Wrong _ ->
          page(principal, HttpStatus.FORBIDDEN)
              .addObject(
                  "fault", "This code does not fit. Each code works once, for half a minute.");
      case Tried.Wait(var left) ->
          SignIn.wait("second-factor", left, response).addObject("state", "asked");
    };
  }

  @PostMapping("/second-factor/begin")
  ModelAndView begin(@AuthenticationPrincipal Principal principal) {
    return factors
        .begin(principal)
        .map(key ->
            page(principal, HttpStatus.OK)
                .addObject("state", "begun")
                .addObject("key", key)
                .addObject("picture", pathOf(QrCode.encodeText(key.address(), QrCode.Ecc.MEDIUM)))
                .addObject(
                    "size",
                    QrCode.encodeText(key.address(), QrCode.Ecc.MEDIUM).size + 2 * QUIET_ZONE))
        .orElseGet(() -> page(principal, HttpStatus.BAD_REQUEST));
  }

  @PostMapping("/second-factor/remove")
  String remove(@AuthenticationPrincipal Principal principal) {
    factors.remove(principal, principal.person());
    return "redirect:/account";
  }

  private ModelAndView page(Principal principal, HttpStatus status) {
    var enrolled = factors.isEnrolled(principal);
    var state = enrolled ? principal.complete() ? "on" : "asked" : "off";
    return new ModelAndView("second-factor", status)
        .addObject("state", state)
        .addObject("owed", !principal.complete());
  }

  /// The dark squares, as a path of an SVG picture.
  private static String pathOf(QrCode code) {
    var path = new StringBuilder();
    for (var y = 0; y < code.size; y++) {
      for (var x = 0; x < code.size; x++) {
        if (code.getModule(x, y)) {
          path.append('M').append(x + QUIET_ZONE).append(' ').append(y + QUIET_ZONE);
          path.append("h1v1h-1z");
        }
      }
    }
    return path.toString();
  }
}
