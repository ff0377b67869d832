// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives a refusal that a filter left without words its [Problem].
final class ProblemFilter extends OncePerRequestFilter {
  private static final int FIRST_REFUSAL = 400;

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    chain.doFilter(request, response);
    if (response.getStatus() >= FIRST_REFUSAL && response.getContentType() == null) {
      Problem.of(response.getStatus()).writeTo(response, null);
    }
  }
}
