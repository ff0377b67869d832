// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Invitations;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Post;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.SecondFactors;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// Who is a member, and who is asked to become one.
@Controller
class MemberPages {
  private static final String PAGE = "redirect:/admin/members";
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final Organizations organizations;
  private final Invitations invitations;
  private final SecondFactors factors;
  private final Post post;

  MemberPages(
      Organizations organizations, Invitations invitations, SecondFactors factors, Post post) {
    this.organizations = organizations;
    this.invitations = invitations;
    this.factors = factors;
    this.post = post;
  }

  /// Somebody who is asked in.
  record Asked(UUID id, String email, String role, String until) {
    static Asked of(Invitations.Open open) {
      return new Asked(open.id(), open.email(), wordOf(open.role()), DAY.format(open.until()));
    }
  }

  private record Everybody(List<Members.Member> members, List<Members.Team> teams) {}

  @GetMapping("/admin/members")
  ModelAndView page(@AuthenticationPrincipal Principal principal, Reading reading) {
    var everybody =
        reading.read(
            "members",
            jdbc ->
                new Everybody(
                    Members.all(jdbc, reading.organization()),
                    Members.teams(jdbc, reading.organization())));
    List<Asked> asked = invitations.standing(principal).stream().map(Asked::of).toList();
    return new ModelAndView("members")
        .addObject("members", everybody.members())
        .addObject("teams", everybody.teams())
        .addObject("roles", Stream.of(Role.values()).map(MemberPages::wordOf).toList())
        .addObject("asked", asked)
        .addObject("factored", factors.enrolled(principal))
        .addObject("mail", post.delivers())
        .addObject("self", principal.person());
  }

  @PostMapping("/admin/members/invite")
  ModelAndView invite(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String email,
      @RequestParam(defaultValue = "") String role,
      @RequestParam(defaultValue = "") String team,
      HttpServletRequest request) {
    if (!post.delivers()) {
      return fault("An invitation needs a mail server, and none is set.");
    }
    var pages = ServletUriComponentsBuilder.fromContextPath(request).toUriString();
    return invitations
        .invite(principal, email, roleOf(role), teamOf(team), pages)
        .map(MemberPages::fault)
        .orElseGet(() -> new ModelAndView(PAGE));
  }

  @PostMapping("/admin/members/invitations/{invitation}/withdraw")
  String withdraw(@AuthenticationPrincipal Principal principal, @PathVariable String invitation) {
    if (!invitations.withdraw(principal, Ids.of(invitation))) {
      throw new NotFound();
    }
    return PAGE;
  }

  @PostMapping("/admin/members/{member}/change")
  String change(
      @AuthenticationPrincipal Principal principal,
      @PathVariable String member,
      @RequestParam(defaultValue = "") String role,
      @RequestParam(defaultValue = "") String team) {
    organizations.changeMember(principal, Ids.of(member), roleOf(role), teamOf(team));
    return PAGE;
  }

  @PostMapping("/admin/members/{member}/remove")
  String remove(@AuthenticationPrincipal Principal principal, @PathVariable String member) {
    organizations.removeMember(principal, Ids.of(member));
    return PAGE;
  }

  /// For somebody who has lost theirs.
  @PostMapping("/admin/members/{factor}/second-factor/remove")
  String removeFactor(@AuthenticationPrincipal Principal principal, @PathVariable String factor) {
    if (!factors.remove(principal, Ids.of(factor))) {
      throw new NotFound();
    }
    return PAGE;
  }

  /// No member, or no team like that here: nobody is told which, or whether elsewhere.
  @ExceptionHandler({Organizations.NoSuchMember.class, DataIntegrityViolationException.class})
  void nothingHere(HttpServletResponse response) throws IOException {
    response.sendError(HttpStatus.NOT_FOUND.value());
  }

  @ExceptionHandler(Organizations.NobodyWouldOwn.class)
  ModelAndView lastOwner(Organizations.NobodyWouldOwn last) {
    return fault(String.valueOf(last.getMessage()) + ".");
  }

  static ModelAndView fault(String fault) {
    return new ModelAndView("fault", HttpStatus.BAD_REQUEST).addObject("fault", fault);
  }

  private static String wordOf(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }

  private static Role roleOf(String word) {
    return Stream.of(Role.values())
        .filter(role -> wordOf(role).equals(word))
        .findFirst()
        .orElseThrow(NotFound::new);
  }

  private static @Nullable UUID teamOf(String id) {
    return id.isEmpty() ? null : Ids.of(id);
  }
}
