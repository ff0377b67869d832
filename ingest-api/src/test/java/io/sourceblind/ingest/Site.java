// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.EmbeddedDatabase;
import io.sourceblind.db.Login;
import io.sourceblind.db.Tenant;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.Minted;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Pepper;
import io.sourceblind.identity.Role;
import io.sourceblind.ingest.allowlist.Allowlist;
import io.sourceblind.ingest.allowlist.Trees;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The service as it runs, over a database of its own with two organizations in it.
final class Site implements AutoCloseable {
  static final String NDJSON = "application/x-ndjson";
  private static final Actor OPERATOR = Actor.operator("test");
  private static final String PEPPER =
      Base64.getEncoder().encodeToString(new SecureRandom().generateSeed(32));

  final EmbeddedDatabase database = EmbeddedDatabase.fresh();
  final Allowlist allowlist = Allowlist.load(Clock.systemUTC());
  final Member ours;
  final Member theirs;

  private final ConfigurableApplicationContext service;
  private final HttpClient http = HttpClient.newHttpClient();
  private final Credentials credentials;
  private final Organizations organizations;

  /// Somebody with a device.
  record Member(UUID organization, UUID person, String token) {
    Tenant tenant() {
      return new Tenant(organization, person);
    }
  }

  Site(String... settings) {
    var clock = Clock.systemUTC();
    var audit = new AuditLog(clock);
    var identity = database.as(DatabaseRole.IDENTITY_API);
    organizations = new Organizations(identity, audit, new SecureRandom(), clock);
    credentials = new Credentials(identity, Pepper.of(PEPPER), audit, clock);
    ours = member("Ours");
    theirs = member("Theirs");
    service = start(database, settings);
  }

  static ConfigurableApplicationContext start(EmbeddedDatabase database, String... settings) {
    var properties = new HashMap<String, Object>(database.propertiesFor(Login.INGEST));
    properties.put("spring.config.name", "ingest-api");
    properties.put("server.port", 0);
    properties.put("server.address", "127.0.0.1");
    properties.put("identity.pepper", PEPPER);
    Arrays.stream(settings)
        .map(setting -> setting.split("=", 2))
        .forEach(setting -> properties.put(setting[0], setting[1]));
    var arguments =
        properties.entrySet().stream()
            .map(property -> "--" + property.getKey() + "=" + property.getValue())
            .toArray(String[]::new);
    return new SpringApplicationBuilder(IngestApi.class).registerShutdownHook(false).run(arguments);
  }

  Member member(String name) {
    var organization = organizations.create(name, OPERATOR);
    return colleague(organization);
  }

  Member colleague(UUID organization) {
    var person =
        organizations.addPerson(
            organization,
            null,
            "Somebody",
            UUID.randomUUID() + "@example.com",
            Role.ENGINEER,
            LocalDate.EPOCH,
            OPERATOR);
    return new Member(
        organization,
        person,
        mint(organization, person, CredentialKind.DEVICE, Duration.ofDays(1)).secret());
  }

  Minted mint(UUID organization, UUID person, CredentialKind kind, Duration validFor) {
    return credentials.mint(organization, person, kind, "test", validFor, OPERATOR);
  }

  void revoke(UUID organization, UUID credential) {
    credentials.revoke(organization, credential, OPERATOR);
  }

  <T> T part(Class<T> type) {
    return service.getBean(type);
  }

  /// Returns once a batch stands in front of a lock on the events: from here on it is under way.
  void awaitABatchThatWaits() {
    var jdbc = JdbcClient.create(database.superuser());
    await()
        .until(() ->
            jdbc.sql(
                    """
                    select exists (
                      select from pg_locks
                       where not granted and relation = 'capture.event'::regclass)
                    """)
                .query(Boolean.class)
                .single());
  }

  /// Returns once the service takes no more connections: its graceful end has begun.
  void awaitAClosedDoor() {
    var port = port();
    await()
        .until(() -> {
          try (var _ = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return false;
          } catch (ConnectException _) {
            return true;
          }
        });
  }

  int port() {
    return Objects.requireNonNull(((WebServerApplicationContext) service).getWebServer()).getPort();
  }

  /// Sends lines of JSON, as they are.
  HttpResponse<String> send(String token, String body) {
    return send(token, body.getBytes(UTF_8), Map.of("Content-Type", NDJSON));
  }

  HttpResponse<String> send(String token, byte[] body, Map<String, String> headers) {
    return exchange(
        "POST", "/v1/events", token, HttpRequest.BodyPublishers.ofByteArray(body), headers);
  }

  HttpResponse<String> get(String path, String token) {
    return exchange("GET", path, token, HttpRequest.BodyPublishers.noBody(), Map.of());
  }

  HttpResponse<String> exchange(
      String method,
      String path,
      String token,
      HttpRequest.BodyPublisher body,
      Map<String, String> headers) {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .method(method, body);
    headers.forEach(request::header);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try {
      return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(stopped);
    }
  }

  /// A good event of now.
  ObjectNode event(String kind) {
    return Trees.needed(allowlist, kind, now());
  }

  static Instant now() {
    return Clock.systemUTC().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  static String lines(List<? extends JsonNode> events) {
    return events.stream().map(JsonNode::toString).collect(Collectors.joining("\n", "", "\n"));
  }

  static JsonNode json(HttpResponse<String> response) {
    return JsonMapper.shared().readTree(response.body());
  }

  /// What became of each event.
  static List<String> verdicts(HttpResponse<String> response) {
    return json(response)
        .path("events")
        .valueStream()
        .map(event ->
            event.path("reason").isMissingNode()
                ? event.path("verdict").asString()
                : "%s %s %s"
                    .formatted(
                        event.path("verdict").asString(),
                        event.path("field").asString(),
                        event.path("reason").asString()))
        .toList();
  }

  static byte[] gzip(byte[] plain) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(plain);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return packed.toByteArray();
  }

  JdbcClient superuser() {
    return JdbcClient.create(database.superuser());
  }

  long stored() {
    return superuser().sql("select count(*) from capture.event").query(Long.class).single();
  }

  void stopService() {
    service.close();
  }

  @Override
  public void close() {
    service.close();
    http.close();
    database.close();
  }
}
