// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Which providers the organizations of this installation may choose. Without any, nothing is ever
/// asked of a language model.
///
/// @param key what their keys are sealed with; needed as soon as there is a provider
@ConfigurationProperties("narrator")
record NarratorSettings(
    @DefaultValue("") String key,
    @Nullable Provider anthropic,
    @Nullable Provider openaiCompatible) {

  /// @param url where it is, up to `/v1` and without it: the operator's choice and no
  ///   organization's
  /// @param models those that may be chosen
  record Provider(@DefaultValue("") String url, @DefaultValue List<String> models) {
    private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

    /// @throws IllegalArgumentException if a key would go there unprotected
    URI address(String name) {
      URI address;
      try {
        address = URI.create(url.replaceAll("/+$", ""));
      } catch (IllegalArgumentException _) {
        throw new IllegalArgumentException("narrator.%s.url is no address".formatted(name));
      }
      var host = address.getHost();
      var safe = "https".equals(address.getScheme());
      var near = "http".equals(address.getScheme()) && THIS_MACHINE.contains(String.valueOf(host));
      if (host == null || !(safe || near) || address.getUserInfo() != null) {
        throw new IllegalArgumentException(
            "narrator.%s.url is not https; http is for a server on this machine".formatted(name));
      }
      if (models.isEmpty()) {
        throw new IllegalArgumentException(
            "narrator.%s.models is empty; name those that may be chosen".formatted(name));
      }
      return address;
    }
  }

  Map<Writer, Provider> providers() {
    var providers = new EnumMap<Writer, Provider>(Writer.class);
    if (anthropic != null && !anthropic.url().isBlank()) {
      providers.put(Writer.ANTHROPIC, anthropic);
    }
    if (openaiCompatible != null && !openaiCompatible.url().isBlank()) {
      providers.put(Writer.OPENAI_COMPATIBLE, openaiCompatible);
    }
    return providers;
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "NarratorSettings[]";
  }
}
