// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Principal;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;

/// Where an engineer takes their data along and has it deleted.
@Controller
class OwnDeletionPages {
  private final Deletions deletions;

  OwnDeletionPages(Deletions deletions) {
    this.deletions = deletions;
  }

  @GetMapping("/me/deletion")
  String all(Reading reading, Model model) {
    model.addAttribute(
        "deletions",
        reading.read("own-deletions", jdbc -> Deletion.all(jdbc, reading.organization())));
    return "deletions-own";
  }

  @PostMapping("/me/deletion")
  String ask(@AuthenticationPrincipal Principal principal) {
    return "redirect:/me/deletion/" + deletions.ask(principal, principal.person(), false);
  }

  @GetMapping("/me/deletion/{deletion}")
  String one(@PathVariable String deletion, Reading reading, Model model) {
    var id = Ids.of(deletion);
    model.addAttribute("deletion", Deletion.read(reading, id));
    model.addAttribute("back", "/me/deletion");
    return "deletion";
  }

  @PostMapping("/me/deletion/{deletion}")
  String confirm(@PathVariable String deletion, @AuthenticationPrincipal Principal principal) {
    var id = Ids.of(deletion);
    deletions.confirm(principal, id);
    return "redirect:/me/deletion/" + id;
  }
}
