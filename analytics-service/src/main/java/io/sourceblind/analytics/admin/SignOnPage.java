// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.admin;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Domains;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.SignOnSettings;
import io.sourceblind.identity.SignOns;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.ModelAndView;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// Where an organization says which domains are its own, and who its identity provider is.
@Controller
class SignOnPage {
  private static final String PAGE = "redirect:/admin/sign-on";

  private final SignOnSettings settings;
  private final Domains domains;

  SignOnPage(SignOnSettings settings, Domains domains) {
    this.settings = settings;
    this.domains = domains;
  }

  @GetMapping("/admin/sign-on")
  ModelAndView page(
      @AuthenticationPrincipal Principal principal, Reading reading, HttpServletRequest request) {
    reading.record("sign_on.read", "sign-on");
    return page(principal, request, null);
  }

  @PostMapping("/admin/sign-on")
  ModelAndView change(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String issuer,
      @RequestParam(defaultValue = "") String client,
      @RequestParam(defaultValue = "") String secret,
      @RequestParam(defaultValue = "") String claim,
      @RequestParam(defaultValue = "") String value,
      @RequestParam(defaultValue = "") String joins,
      @RequestParam(defaultValue = "") String required,
      @RequestParam(defaultValue = "") String factors,
      @RequestParam(name = "class", defaultValue = "") String factorClass,
      HttpServletRequest request) {
    return done(
        principal,
        request,
        settings.change(
            principal,
            new SignOnSettings.Entered(
                issuer.strip(),
                client.strip(),
                secret,
                claim.strip(),
                value.strip(),
                joins.equals("engineer"),
                required.equals("required"),
                factors.equals("theirs"),
                factorClass.strip())));
  }

  @PostMapping("/admin/sign-on/saml")
  ModelAndView changeToSaml(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String metadata,
      @RequestParam(defaultValue = "") String joins,
      @RequestParam(defaultValue = "") String required,
      @RequestParam(defaultValue = "") String factors,
      @RequestParam(name = "class", defaultValue = "") String factorClass,
      HttpServletRequest request) {
    return done(
        principal,
        request,
        settings.change(
            principal,
            new SignOnSettings.EnteredSaml(
                metadata,
                joins.equals("engineer"),
                required.equals("required"),
                factors.equals("theirs"),
                factorClass.strip()),
            pagesOf(request)));
  }

  /// What a provider wants to know of us, as a file.
  @GetMapping("/admin/sign-on/metadata.xml")
  ResponseEntity<String> metadata(
      @AuthenticationPrincipal Principal principal, Reading reading, HttpServletRequest request) {
    reading.record("sign_on.read", "sign-on");
    return ResponseEntity.ok()
        .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"sourceblind.xml\"")
        .contentType(MediaType.APPLICATION_XML)
        .body(SignOns.metadataOf(pagesOf(request), principal.organization()));
  }

  @PostMapping("/admin/sign-on/remove")
  String remove(@AuthenticationPrincipal Principal principal) {
    settings.remove(principal);
    return PAGE;
  }

  @PostMapping("/admin/sign-on/domains")
  ModelAndView claim(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String domain,
      HttpServletRequest request) {
    return done(principal, request, domains.claim(principal, domain));
  }

  @PostMapping("/admin/sign-on/domains/verify")
  ModelAndView verify(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String domain,
      HttpServletRequest request) {
    return done(principal, request, domains.verify(principal, domain));
  }

  @PostMapping("/admin/sign-on/domains/remove")
  String removeDomain(
      @AuthenticationPrincipal Principal principal,
      @RequestParam(defaultValue = "") String domain) {
    domains.remove(principal, domain);
    return PAGE;
  }

  private ModelAndView done(
      Principal principal, HttpServletRequest request, Optional<String> fault) {
    return fault.map(why -> page(principal, request, why)).orElseGet(() -> new ModelAndView(PAGE));
  }

  private ModelAndView page(
      Principal principal, HttpServletRequest request, @Nullable String fault) {
    var pages = pagesOf(request);
    var set = settings.of(principal);
    var page =
        new ModelAndView("admin-sign-on", fault == null ? HttpStatus.OK : HttpStatus.BAD_REQUEST)
            .addObject("domains", domains.of(principal))
            .addObject("redirect", SignOns.placeOf(pages, principal.organization()))
            .addObject("name", SignOns.nameOf(pages, principal.organization()))
            .addObject("longest", SignOnSettings.LONGEST_METADATA)
            .addObject("set", set.orElse(null))
            .addObject("oidc", set.filter(shown -> !shown.saml()).orElse(null))
            .addObject("saml", set.filter(SignOnSettings.Shown::saml).orElse(null));
    return fault == null ? page : page.addObject("fault", fault);
  }

  private static String pagesOf(HttpServletRequest request) {
    return ServletUriComponentsBuilder.fromContextPath(request).toUriString();
  }
}
