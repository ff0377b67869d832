// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.stream.Stream;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.security.web.context.SecurityContextRepository;
import org.springframework.transaction.TransactionException;

/// Lets in whoever shows a good credential of one kind, for the length of one request.
final class Door {
  private final Credentials credentials;
  private final CredentialKind kind;
  // So that the dispatch to an error page still knows who asked. There is no session to keep it in.
  private final SecurityContextRepository request = new RequestAttributeSecurityContextRepository();

  Door(Credentials credentials, CredentialKind kind) {
    this.credentials = credentials;
    this.kind = kind;
  }

  /// Whether the request may go on. Without a good credential it goes on as nobody's, and the rules
  /// of the chain refuse it; when nobody can tell, it ends here.
  boolean admit(String presented, HttpServletRequest asked, HttpServletResponse answer) {
    Principal principal;
    var scopes = List.<Scope>of();
    try {
      principal = credentials.open(presented, kind);
      if (principal != null && kind == CredentialKind.API) {
        scopes = credentials.scopesOf(principal);
      }
      var program =
          principal == null && kind == CredentialKind.API ? credentials.openKey(presented) : null;
      if (program != null) {
        principal = program.principal();
        scopes = List.of(program.scope());
      }
    } catch (DataAccessException | TransactionException _) {
      answer.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
      answer.setHeader("Retry-After", "5");
      return false;
    }
    if (principal != null) {
      var authorities =
          Stream.concat(
                  Stream.of("ROLE_" + principal.role().name(), "CRED_" + kind.name()),
                  scopes.stream().map(scope -> "SCOPE_" + scope.name()))
              .map(SimpleGrantedAuthority::new)
              .toList();
      var authentication = new PreAuthenticatedAuthenticationToken(principal, "", authorities);
      var context = SecurityContextHolder.createEmptyContext();
      context.setAuthentication(authentication);
      SecurityContextHolder.setContext(context);
      request.saveContext(context, asked, answer);
    }
    return true;
  }
}
