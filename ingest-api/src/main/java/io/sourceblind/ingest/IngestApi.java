// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;

/// The service that takes events in.
@SpringBootApplication(exclude = UserDetailsServiceAutoConfiguration.class)
@EnableConfigurationProperties(IngestSettings.class)
public class IngestApi {

  /// Starts the service with the settings of `ingest-api.yml` and the environment.
  public static void main(String[] args) {
    new SpringApplicationBuilder(IngestApi.class)
        .properties("spring.config.name=ingest-api")
        .run(args);
  }
}
