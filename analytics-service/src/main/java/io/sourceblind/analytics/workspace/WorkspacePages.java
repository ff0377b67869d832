// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.workspace;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.DisplayName;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Scope;
import io.sourceblind.identity.Workspaces;
import io.sourceblind.identity.Workspaces.Level;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;

/// The workspaces somebody belongs to, and the keys of each.
@Controller
class WorkspacePages {
  private static final Pattern DAYS = Pattern.compile("[1-9][0-9]{0,2}");
  private static final int LONGEST_DAYS = 365;
  private static final Duration AFTER_ROTATION = Duration.ofDays(90);
  private static final Duration OVERLAP = Duration.ofDays(1);
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Workspaces workspaces;

  WorkspacePages(Workspaces workspaces) {
    this.workspaces = workspaces;
  }

  /// A key as its workspace sees it.
  record Row(
      UUID id,
      String name,
      String scope,
      String madeBy,
      boolean makerLeft,
      String since,
      String lastUsed,
      String until,
      boolean replaced) {
    static Row of(Workspaces.Key key) {
      return new Row(
          key.id(),
          key.label(),
          key.scope().word(),
          key.madeBy(),
          key.makerLeft(),
          DAY.format(key.since()),
          on(key.lastUsed()),
          DAY.format(key.until()),
          key.replaced());
    }

    private static String on(@Nullable LocalDate day) {
      return day == null ? "never" : DAY.format(day);
    }
  }

  @GetMapping("/workspaces")
  String all(@AuthenticationPrincipal Principal principal, Reading reading, Model model) {
    reading.record("workspaces.read", "own-workspaces");
    model.addAttribute("workspaces", workspaces.of(principal));
    return "workspaces";
  }

  @GetMapping("/workspaces/{workspace}")
  ModelAndView one(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String workspace,
      Reading reading) {
    var found = find(principal, Ids.of(workspace));
    reading.record("workspace.read", "workspace:" + found.id());
    return page(principal, found, HttpStatus.OK);
  }

  @PostMapping("/workspaces/{workspace}/keys")
  ModelAndView mint(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String workspace,
      @RequestParam(defaultValue = "") String label,
      @RequestParam(defaultValue = "") String days,
      @RequestParam(defaultValue = "") String scope) {
    var found = find(principal, Ids.of(workspace));
    if (found.level() != Level.MANAGER) {
      return fault(
          principal, found, HttpStatus.FORBIDDEN, "Managers of a workspace make its keys.");
    }
    var name = label.strip();
    if (!DisplayName.isFit(name)) {
      return fault(
          principal, found, HttpStatus.BAD_REQUEST, "A key has a name of 1 to 80 characters.");
    }
    if (!DAYS.matcher(days).matches() || Integer.parseInt(days) > LONGEST_DAYS) {
      return fault(principal, found, HttpStatus.BAD_REQUEST, "A key is good for 1 to 365 days.");
    }
    var goodFor =
        Workspaces.scopesFor(principal).filter(known -> known.word().equals(scope)).findFirst();
    if (goodFor.isEmpty()) {
      return fault(
          principal,
          found,
          HttpStatus.BAD_REQUEST,
          "A key is good for one of the things in the list.");
    }
    return workspaces
        .mint(principal, found.id(), goodFor.get(), name, Duration.ofDays(Integer.parseInt(days)))
        .map(minted -> page(principal, found, HttpStatus.OK).addObject("secret", minted.secret()))
        .orElseThrow(NotFound::new);
  }

  @PostMapping("/workspaces/keys/{key}/rotate")
  ModelAndView rotate(@AuthenticationPrincipal Principal principal, @PathVariable String key) {
    try {
      var rotated =
          workspaces
              .rotate(principal, Ids.of(key), AFTER_ROTATION, OVERLAP)
              .orElseThrow(NotFound::new);
      return page(principal, find(principal, rotated.workspace()), HttpStatus.OK)
          .addObject("secret", rotated.next().secret());
    } catch (Workspaces.ReadsMore _) {
      return new ModelAndView("fault", HttpStatus.FORBIDDEN)
          .addObject(
              "fault",
              "This key reads what you do not read. Somebody who does can give it a successor.");
    }
  }

  @PostMapping("/workspaces/keys/{key}/end")
  String end(@AuthenticationPrincipal Principal principal, @PathVariable String key) {
    return "redirect:/workspaces/"
        + workspaces.end(principal, Ids.of(key)).orElseThrow(NotFound::new);
  }

  private Workspaces.Workspace find(Principal principal, UUID workspace) {
    return workspaces.of(principal, workspace).orElseThrow(NotFound::new);
  }

  private ModelAndView fault(
      Principal principal, Workspaces.Workspace found, HttpStatus status, String fault) {
    return page(principal, found, status).addObject("fault", fault);
  }

  private ModelAndView page(Principal principal, Workspaces.Workspace found, HttpStatus status) {
    List<Row> keys = workspaces.keysOf(principal, found.id()).stream().map(Row::of).toList();
    return new ModelAndView("workspace", status)
        .addObject("workspace", found)
        .addObject("manages", found.level() == Level.MANAGER)
        .addObject("keys", keys)
        .addObject("scopes", Workspaces.scopesFor(principal).map(Scope::word).toList());
  }
}
