// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/// Lets in whoever sends a good session cookie, as a [Principal] with the authorities `ROLE_<role>`
/// and `CRED_SESSION`.
public final class SessionFilter extends OncePerRequestFilter {
  private final Door door;

  public SessionFilter(Credentials credentials) {
    this.door = new Door(credentials, CredentialKind.SESSION);
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    var presented = SessionCookie.in(request);
    if (presented != null && !door.admit(presented, request, response)) {
      return;
    }
    chain.doFilter(request, response);
  }
}
