// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.DeviceGrants;
import io.sourceblind.identity.DeviceGrants.Typed;
import io.sourceblind.identity.Principal;
import jakarta.servlet.http.HttpServletResponse;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where an engineer enters the code that their command line shows, and says yes or no to it.
@Controller
class DevicePages {
  private static final Pattern CODE = Pattern.compile("[A-Za-z -]{1,16}");

  private final DeviceGrants devices;

  DevicePages(DeviceGrants devices) {
    this.devices = devices;
  }

  /// Following a link enters nothing: the code stands in the field, and somebody presses a button.
  @GetMapping("/device")
  String ask(
      @RequestParam(name = "user_code", defaultValue = "") String code,
      Reading reading,
      Model model) {
    reading.record("device.read", "device-page");
    model.addAttribute("code", CODE.matcher(code).matches() ? code : "");
    return "device";
  }

  @PostMapping("/device")
  ModelAndView look(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(name = "user_code", defaultValue = "") String code,
      HttpServletResponse response) {
    return switch (devices.look(principal, code)) {
      case Typed.Known _ -> new ModelAndView("device-confirm").addObject("code", code);
      case Typed.Unknown _ -> unknown();
      case Typed.Wait(var left) -> SignIn.wait("device", left, response).addObject("code", "");
    };
  }

  @PostMapping("/device/decided")
  ModelAndView decide(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(name = "user_code", defaultValue = "") String code,
      @RequestParam(defaultValue = "no") String decision,
      HttpServletResponse response) {
    var yes = decision.equals("yes");
    return switch (devices.decide(principal, code, yes)) {
      case Typed.Known _ -> new ModelAndView("device-done").addObject("yes", yes);
      case Typed.Unknown _ -> unknown();
      case Typed.Wait(var left) -> SignIn.wait("device", left, response).addObject("code", "");
    };
  }

  private static ModelAndView unknown() {
    return new ModelAndView("device", HttpStatus.FORBIDDEN)
        .addObject("code", "")
        .addObject("fault", "No command line shows this code now. A code is good for ten minutes.");
  }
}
