// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Receipts;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Role;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Gives a handler its [Reading]: as whom, in which database role, under which name in the log.
public final class Readings implements HandlerMethodArgumentResolver {
  private final Map<Role, TenantDatabase> databases;
  private final AuditLog audit;
  private final Receipts receipts;
  private final Clock clock;

  /// @param databases the door of each role; all of one login that can read nothing raw but one's
  ///   own
  public Readings(
      Map<Role, TenantDatabase> databases, AuditLog audit, Receipts receipts, Clock clock) {
    this.databases = Map.copyOf(databases);
    this.audit = audit;
    this.receipts = receipts;
    this.clock = clock;
  }

  @Override
  public boolean supportsParameter(MethodParameter parameter) {
    return parameter.getParameterType().equals(Reading.class);
  }

  @Override
  public Reading resolveArgument(
      MethodParameter parameter,
      @Nullable ModelAndViewContainer container,
      NativeWebRequest request,
      @Nullable WebDataBinderFactory binders) {
    var authentication =
        Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication());
    var principal = (Principal) Objects.requireNonNull(authentication.getPrincipal());
    var route = KnownParameters.routeOf(request);
    return new Reading(
        principal,
        Objects.requireNonNull(databases.get(route.reads(principal.role()))),
        audit,
        receipts,
        clock,
        route,
        Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class)));
  }
}
