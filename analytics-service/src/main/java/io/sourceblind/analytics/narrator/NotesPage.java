// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Principal;
import java.util.Map;
import java.util.regex.Pattern;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Where an organization says who writes its notes.
@Controller
class NotesPage {
  private static final Pattern KEY = Pattern.compile("[!-~]{8,512}");
  private static final Pattern TOKENS = Pattern.compile("[0-9]{4,9}");

  private final Narrations narrations;
  private final Providers providers;

  NotesPage(Narrations narrations, Providers providers) {
    this.narrations = narrations;
    this.providers = providers;
  }

  @GetMapping("/admin/notes")
  String notes(@AuthenticationPrincipal Principal principal, Reading reading, Model model) {
    reading.record("policy.read", "notes");
    narrations.of(principal).ifPresent(set -> model.addAttribute("narration", set));
    model.addAttribute("choices", providers.choices());
    return "notes";
  }

  @PostMapping("/admin/notes")
  ModelAndView change(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String writer,
      @RequestParam(defaultValue = "") String key,
      @RequestParam(defaultValue = "") String tokens) {
    if (writer.equals(Writer.RULES.sqlName())) {
      narrations.dismiss(principal);
      return new ModelAndView("redirect:/admin/notes");
    }
    var choice =
        providers.choices().stream().filter(offered -> offered.value().equals(writer)).findFirst();
    if (choice.isEmpty()) {
      return fault("Who writes is one of those that this installation offers.");
    }
    if (!KEY.matcher(key).matches()) {
      return fault("A key has 8 to 512 characters and no space.");
    }
    if (!TOKENS.matcher(tokens).matches()
        || Integer.parseInt(tokens) < 1000
        || Integer.parseInt(tokens) > 100_000_000) {
      return fault("Tokens a day are a whole number from 1000 to 100000000.");
    }
    narrations.hire(principal, choice.get(), key, Integer.parseInt(tokens));
    return new ModelAndView("redirect:/admin/notes");
  }

  private static ModelAndView fault(String message) {
    return new ModelAndView("fault", Map.of("fault", message), HttpStatus.BAD_REQUEST);
  }
}
