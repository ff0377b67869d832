// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The ingest API as it runs, over a database that a test, a bench or an attack has made.
final class RunningApi implements AutoCloseable {
  private static final String PEPPER =
      Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));

  private final ConfigurableApplicationContext service;

  private RunningApi(ConfigurableApplicationContext service) {
    this.service = service;
  }

  /// Somebody with a device.
  record Engineer(Tenant tenant, String token) {}

  /// @param settings further ones, as `name=value`
  static RunningApi over(EmbeddedDatabase database, String... settings) {
    var arguments = new ArrayList<String>();
    database
        .propertiesFor(Login.INGEST)
        .forEach((key, value) -> arguments.add("--" + key + "=" + value));
    arguments.addAll(
        List.of(
            "--spring.config.name=ingest-api",
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--identity.pepper=" + PEPPER));
    for (var setting : settings) {
      arguments.add("--" + setting);
    }
    return new RunningApi(
        new SpringApplicationBuilder(IngestApi.class)
            .bannerMode(Banner.Mode.OFF)
            .run(arguments.toArray(String[]::new)));
  }

  /// Makes an organization with one engineer, whose device any API here knows.
  static Engineer enrol(EmbeddedDatabase database) {
    var clock = Clock.systemUTC();
    var audit = new AuditLog(clock);
    var by = Actor.job("test");
    var identity = database.as(DatabaseRole.IDENTITY_API);
    var organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    var organization = organizations.create("An organization", by);
    var person =
        organizations.addPerson(
            organization,
            null,
            "An Engineer",
            "engineer@example.com",
            Role.ENGINEER,
            LocalDate.now(clock),
            by);
    var token =
        new Credentials(identity, Pepper.of(PEPPER), audit, clock)
            .mint(organization, person, CredentialKind.DEVICE, "test", Duration.ofDays(1), by)
            .secret();
    return new Engineer(new Tenant(organization, person), token);
  }

  String url() {
    var server = ((WebServerApplicationContext) service).getWebServer();
    return "http://127.0.0.1:" + Objects.requireNonNull(server).getPort();
  }

  URI events() {
    return URI.create(url() + "/v1/events");
  }

  @Override
  public void close() {
    service.close();
  }
}
