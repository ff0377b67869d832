// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.BearerFilter;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.SessionFilter;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authorization.AuthorizationDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.AccessDeniedHandlerImpl;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;

/// The two filter chains: programs with a token, browsers with a cookie. Both are made from
/// [Route], and both end in no.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityChains {
  static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self';"
          + " base-uri 'none'; frame-ancestors 'none'";

  /// The pages that ask a browser for a passkey run one script, and no other page runs any.
  private static final Set<String> PAGES_OF_PASSKEYS =
      Set.of(
          "/sign-in",
          "/sign-in/password",
          "/sign-in/code",
          "/sign-in/passkey",
          "/confirm",
          "/confirm/password",
          "/confirm/code",
          "/confirm/passkey",
          "/account/passkeys");

  private static final AccessDeniedHandlerImpl REFUSED = new AccessDeniedHandlerImpl();

  @Bean
  @Order(1)
  SecurityFilterChain programs(HttpSecurity http, Credentials credentials) {
    http.securityMatcher("/v1/**", "/scim/**");
    return chain(
        http,
        true,
        new BearerFilter(credentials, CredentialKind.API),
        (_, response, _) -> {
          response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
          response.sendError(HttpStatus.UNAUTHORIZED.value());
        });
  }

  @Bean
  @Order(2)
  SecurityFilterChain browsers(HttpSecurity http, Credentials credentials) {
    http.addFilterBefore(new SameOriginPosts(), UsernamePasswordAuthenticationFilter.class);
    return chain(
        http,
        false,
        new SessionFilter(credentials),
        (request, response, _) -> response.sendRedirect(Onward.signInFor(request)));
  }

  private static void refuse(
      HttpServletRequest request, HttpServletResponse response, AccessDeniedException denied)
      throws IOException, ServletException {
    var why =
        denied instanceof AuthorizationDeniedException decided
            ? decided.getAuthorizationResult()
            : null;
    switch (why) {
      case Who.NotComplete _ -> response.sendRedirect("/second-factor");
      case Who.NotFresh _ -> response.sendRedirect(Onward.confirmFor(request));
      case null, default -> REFUSED.handle(request, response, denied);
    }
  }

  private static void policy(HttpServletRequest request, HttpServletResponse response) {
    // What an error page is asked for with is still the page that was asked for.
    response.setHeader(
        "Content-Security-Policy",
        PAGES_OF_PASSKEYS.contains(request.getRequestURI())
            ? CONTENT_SECURITY_POLICY + "; script-src 'self'"
            : CONTENT_SECURITY_POLICY);
  }

  private static SecurityFilterChain chain(
      HttpSecurity http, boolean api, Filter credential, AuthenticationEntryPoint unknown) {
    http.authorizeHttpRequests(rules -> {
      // The answer to a refusal; a client cannot ask for it.
      rules.dispatcherTypeMatchers(DispatcherType.ERROR).permitAll();
      Route.ofApi(api)
          .forEach(route ->
              rules.requestMatchers(route.method(), route.pattern()).access(route.who().manager()));
      rules.anyRequest().denyAll();
    });
    http.addFilterBefore(credential, UsernamePasswordAuthenticationFilter.class);
    http.exceptionHandling(refusals ->
        refusals.authenticationEntryPoint(unknown).accessDeniedHandler(SecurityChains::refuse));
    http.sessionManagement(
        sessions -> sessions.sessionCreationPolicy(SessionCreationPolicy.STATELESS));
    http.requestCache(cache -> cache.disable());
    http.logout(logout -> logout.disable());
    // SameOriginPosts and a SameSite cookie do this without a token in every form.
    http.csrf(csrf -> csrf.disable());
    http.headers(headers ->
        headers
            .addHeaderWriter(SecurityChains::policy)
            .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
            .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
            .crossOriginResourcePolicy(
                policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
            .permissionsPolicyHeader(
                policy -> policy.policy("camera=(), geolocation=(), microphone=(), payment=()")));
    return http.build();
  }
}
