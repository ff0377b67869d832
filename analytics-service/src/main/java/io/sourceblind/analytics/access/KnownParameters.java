// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/// Refuses a request with a parameter that its route does not know, with one given twice, or with a
/// NUL in one, which has no place in the database's text.
final class KnownParameters implements HandlerInterceptor {

  static Route routeOf(NativeWebRequest request) {
    return routeOf(
        Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class)).getMethod(),
        request.getAttribute(
            HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
  }

  private static Route routeOf(String method, @Nullable Object pattern) {
    return Route.of(HttpMethod.valueOf(method), String.valueOf(pattern)).findFirst().orElseThrow();
  }

  @Override
  public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler)
      throws IOException {
    var route =
        routeOf(
            request.getMethod(),
            request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
    for (var parameter : request.getParameterMap().entrySet()) {
      var values = parameter.getValue();
      if (!route.parameters().contains(parameter.getKey())
          || values.length != 1
          || values[0].indexOf('\0') >= 0) {
        response.sendError(HttpStatus.BAD_REQUEST.value());
        return false;
      }
    }
    return true;
  }
}
