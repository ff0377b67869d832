// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.RequestMappingInfoHandlerMapping;

/// Stops the boot if a handler has no line in [Route], or a line has no handler.
@Component
class RoutesAreComplete implements SmartInitializingSingleton {
  private final List<RequestMappingInfoHandlerMapping> mappings;

  RoutesAreComplete(List<RequestMappingInfoHandlerMapping> mappings) {
    this.mappings = mappings;
  }

  @Override
  public void afterSingletonsInstantiated() {
    demand(
        mappings.stream()
            .flatMap(mapping -> mapping.getHandlerMethods().keySet().stream())
            .flatMap(RoutesAreComplete::doorsOf)
            .collect(Collectors.toSet()),
        Stream.of(Route.values())
            .map(route -> route.method() + " " + route.pattern())
            .collect(Collectors.toSet()));
  }

  static void demand(Set<String> handlers, Set<String> routes) {
    var open = minus(handlers, routes);
    if (!open.isEmpty()) {
      throw new IllegalStateException("These handlers have no line in Route: " + open);
    }
    var missing = minus(routes, handlers);
    if (!missing.isEmpty()) {
      throw new IllegalStateException("These lines of Route have no handler: " + missing);
    }
  }

  static Stream<String> doorsOf(RequestMappingInfo handler) {
    if (handler.getPatternValues().equals(Set.of(ErrorPages.PATH))) {
      // Only the container goes there; a client is denied.
      return Stream.empty();
    }
    var methods = handler.getMethodsCondition().getMethods();
    return handler.getPatternValues().stream()
        .flatMap(pattern ->
            methods.isEmpty()
                ? Stream.of("any method " + pattern)
                : methods.stream().map(method -> method + " " + pattern));
  }

  private static Set<String> minus(Collection<String> all, Collection<String> some) {
    var rest = new TreeSet<>(all);
    rest.removeAll(some);
    return rest;
  }
}
