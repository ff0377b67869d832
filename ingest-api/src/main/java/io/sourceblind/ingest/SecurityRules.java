// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.identity.BearerFilter;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AnonymousAuthenticationFilter;
import org.springframework.security.web.firewall.RequestRejectedHandler;

/// What a device may do: send events and read how to capture. Nobody else may do anything.
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
class SecurityRules {
  private static final String A_DEVICE = "CRED_" + CredentialKind.DEVICE.name();

  @Bean
  SecurityFilterChain devicesOnly(HttpSecurity http, Credentials credentials) throws Exception {
    return http.sessionManagement(
            session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS))
        // A token in a header is not sent by a browser on somebody else's behalf.
        .csrf(AbstractHttpConfigurer::disable)
        .httpBasic(AbstractHttpConfigurer::disable)
        .formLogin(AbstractHttpConfigurer::disable)
        .logout(AbstractHttpConfigurer::disable)
        .requestCache(AbstractHttpConfigurer::disable)
        .addFilterBefore(
            new BearerFilter(credentials, CredentialKind.DEVICE),
            AnonymousAuthenticationFilter.class)
        .addFilterBefore(new ProblemFilter(), BearerFilter.class)
        .exceptionHandling(refusals ->
            refusals
                .authenticationEntryPoint((_, response, _) ->
                    Problem.of(HttpServletResponse.SC_UNAUTHORIZED).writeTo(response, null))
                .accessDeniedHandler((_, response, _) ->
                    Problem.of(HttpServletResponse.SC_FORBIDDEN).writeTo(response, null)))
        .authorizeHttpRequests(requests ->
            requests
                .dispatcherTypeMatchers(DispatcherType.ERROR)
                .permitAll()
                .requestMatchers(HttpMethod.GET, "/actuator/health")
                .permitAll()
                .requestMatchers(HttpMethod.POST, "/v1/events")
                .hasAuthority(A_DEVICE)
                .requestMatchers(HttpMethod.GET, "/v1/enrolment", "/v1/contract")
                .hasAuthority(A_DEVICE)
                .anyRequest()
                .denyAll())
        .build();
  }

  @Bean
  RequestRejectedHandler malformedAddresses() {
    return (_, response, _) ->
        Problem.of(HttpServletResponse.SC_BAD_REQUEST).writeTo(response, null);
  }
}
