// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.audit.Actor;
import io.sourceblind.identity.DisplayName;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Principal;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// The teams of an organization, and what holds for all its members.
@Controller
class TeamsAndPolicy {
  private final Organizations organizations;

  TeamsAndPolicy(Organizations organizations) {
    this.organizations = organizations;
  }

  @GetMapping("/admin/teams")
  String teams(Reading reading, Model model) {
    model.addAttribute(
        "teams", reading.read("teams", jdbc -> Members.teams(jdbc, reading.organization())));
    return "admin-teams";
  }

  @PostMapping("/admin/teams")
  ModelAndView add(
      @AuthenticationPrincipal Principal principal, @RequestParam(defaultValue = "") String name) {
    var team = name.strip();
    if (!DisplayName.isFit(team)) {
      return MemberPages.fault("A team's name has 1 to 80 characters.");
    }
    try {
      organizations.addTeam(principal.organization(), team, Actor.person(principal.person()));
    } catch (DuplicateKeyException _) {
      return MemberPages.fault("There is a team of this name already.");
    }
    return new ModelAndView("redirect:/admin/teams");
  }

  @GetMapping("/admin/policy")
  String policy(@AuthenticationPrincipal Principal principal, Reading reading, Model model) {
    reading.record("policy.read", "policy");
    model.addAttribute("policy", organizations.policyOf(principal));
    return "policy";
  }

  @PostMapping("/admin/policy")
  ModelAndView change(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String days,
      @RequestParam(defaultValue = "") String profile,
      @RequestParam(defaultValue = "") String paths,
      @RequestParam(defaultValue = "") String factor) {
    Organizations.Policy policy;
    try {
      policy =
          new Organizations.Policy(
              Integer.parseInt(days), profile, paths, factor.equals("required"));
    } catch (NumberFormatException _) {
      return MemberPages.fault("Days are a whole number from 1 to 90.");
    } catch (IllegalArgumentException wrong) {
      return MemberPages.fault(String.valueOf(wrong.getMessage()) + ".");
    }
    organizations.changePolicy(principal, policy);
    return new ModelAndView("redirect:/admin/policy");
  }
}
