// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets in whoever sends `Authorization: Bearer` with a good secret of one kind, as a [Principal]
/// with the authorities `ROLE_<role>` and `CRED_<kind>`.
public final class BearerFilter extends OncePerRequestFilter {
  private static final String SCHEME = "Bearer ";

  private final Door door;

  public BearerFilter(Credentials credentials, CredentialKind kind) {
    this.door = new Door(credentials, kind);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      if (!door.admit(header.substring(SCHEME.length()).strip(), request, response)) {
        return;
      }
    }
    chain.doFilter(request, response);
  }
}
