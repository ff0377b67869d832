// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.security.web.servlet.util.matcher.PathPatternRequestMatcher;
import org.springframework.security.web.util.matcher.RequestMatcher;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses a change that another site asks for: a browser says where a form was, and a program that
/// is no browser carries no cookie that it was not given.
final class SameOriginPosts extends OncePerRequestFilter {
  /// A provider's page posts what it says of somebody; no cookie of ours comes along.
  private final RequestMatcher fromProviders =
      PathPatternRequestMatcher.withDefaults()
          .matcher(Route.SIGN_ON_POSTED.method(), Route.SIGN_ON_POSTED.pattern());

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    if (request.getMethod().equals(HttpMethod.POST.name())
        && comesFromElsewhere(request)
        && !fromProviders.matches(request)) {
      response.sendError(HttpStatus.FORBIDDEN.value());
      return;
    }
    chain.doFilter(request, response);
  }

  private static boolean comesFromElsewhere(HttpServletRequest request) {
    var site = request.getHeader("Sec-Fetch-Site");
    if (site != null) {
      return !site.equals("same-origin");
    }
    // A browser too old to say the site, or without TLS: our own forms send no origin either.
    return request.getHeader("Origin") != null;
  }
}
