// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import java.util.List;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/// Puts the checks of this package in front of every handler.
@Configuration(proxyBeanMethods = false)
class WebDoors implements WebMvcConfigurer {
  private final Readings readings;

  WebDoors(Readings readings) {
    this.readings = readings;
  }

  @Override
  public void addInterceptors(InterceptorRegistry registry) {
    registry.addInterceptor(new KnownParameters()).excludePathPatterns(ErrorPages.PATH);
  }

  @Override
  public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
    resolvers.add(readings);
  }
}
