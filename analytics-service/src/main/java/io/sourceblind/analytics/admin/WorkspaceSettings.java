// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.DisplayName;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Workspaces;
import io.sourceblind.identity.Workspaces.Level;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// Which workspaces there are, and who belongs to them. Their keys are on a page of their own, for
/// whoever belongs there.
@Controller
class WorkspaceSettings {
  private final Workspaces workspaces;

  WorkspaceSettings(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  @GetMapping("/admin/workspaces")
  ModelAndView page(@AuthenticationPrincipal Principal principal, Reading reading) {
    var members = reading.read("workspaces", jdbc -> Members.all(jdbc, reading.organization()));
    return new ModelAndView("admin-workspaces")
        .addObject("workspaces", workspaces.all(principal))
        .addObject("members", members)
        .addObject("levels", Stream.of(Level.values()).map(Level::word).toList());
  }

  @PostMapping("/admin/workspaces")
  ModelAndView make(
      @AuthenticationPrincipal Principal principal, @RequestParam(defaultValue = "") String name) {
    var fit = name.strip();
    if (!DisplayName.isFit(fit)) {
      return unfit();
    }
    workspaces.make(principal, fit);
    return done(true);
  }

  @PostMapping("/admin/workspaces/{workspace}/rename")
  ModelAndView rename(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String workspace,
      @RequestParam(defaultValue = "") String name) {
    var id = open(principal, workspace);
    var fit = name.strip();
    return DisplayName.isFit(fit) ? done(workspaces.rename(principal, id, fit)) : unfit();
  }

  @PostMapping("/admin/workspaces/{workspace}/close")
  ModelAndView close(@AuthenticationPrincipal Principal principal, @PathVariable String workspace) {
    return done(workspaces.close(principal, Ids.of(workspace)));
  }

  @PostMapping("/admin/workspaces/{workspace}/members")
  ModelAndView put(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String workspace,
      @RequestParam(defaultValue = "") String person,
      @RequestParam(defaultValue = "") String level) {
    var id = open(principal, workspace);
    var chosen = Stream.of(Level.values()).filter(known -> known.word().equals(level)).findFirst();
    if (person.isEmpty() || chosen.isEmpty()) {
      return MemberPages.fault("Choose a member, and manager or reviewer.");
    }
    return done(workspaces.put(principal, id, Ids.of(person), chosen.get()));
  }

  @PostMapping("/admin/workspaces/{workspace}/members/remove")
  ModelAndView takeOut(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String workspace,
      @RequestParam(defaultValue = "") String person) {
    var id = open(principal, workspace);
    if (person.isEmpty()) {
      return MemberPages.fault("Choose a member.");
    }
    return done(workspaces.takeOut(principal, id, Ids.of(person)));
  }

  @ExceptionHandler(DuplicateKeyException.class)
  ModelAndView taken() {
    return MemberPages.fault("There is an open workspace of this name already.");
  }

  /// Asked first, so that a missing one and somebody else's get one answer whatever else is sent.
  private UUID open(Principal principal, String workspace) {
    var id = Ids.of(workspace);
    if (!workspaces.isOpen(principal, id)) {
      throw new NotFound();
    }
    return id;
  }

  private static ModelAndView done(boolean there) {
    if (!there) {
      throw new NotFound();
    }
    return new ModelAndView("redirect:/admin/workspaces");
  }

  private static ModelAndView unfit() {
    return MemberPages.fault("A workspace's name has 1 to 80 characters.");
  }
}
