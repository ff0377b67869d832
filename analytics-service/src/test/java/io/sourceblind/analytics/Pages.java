// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.db.Login;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

/// The running service over a [World], and a browser without comfort.
public final class Pages implements AutoCloseable {
  private final ConfigurableApplicationContext service;
  private final HttpClient client = HttpClient.newHttpClient();

  private Pages(ConfigurableApplicationContext service) {
    this.service = service;
  }

  /// Starts the service; what is in the world is rolled up and released when it is up.
  public static Pages over(World world) {
    return over(settings(world));
  }

  /// Starts the service with these settings.
  ///
  /// @param more what a test has otherwise than the service, such as a clock
  public static Pages over(Map<String, Object> settings, Class<?>... more) {
    var arguments =
        settings.entrySet().stream()
            .map(setting -> "--" + setting.getKey() + "=" + setting.getValue())
            .toArray(String[]::new);
    return new Pages(
        new SpringApplicationBuilder(AnalyticsService.class)
            .sources(more)
            .registerShutdownHook(false)
            .run(arguments));
  }

  public static Map<String, Object> settings(World world) {
    var settings = new HashMap<String, Object>(world.database().propertiesFor(Login.ANALYTICS));
    world
        .database()
        .propertiesFor(Login.RELEASER)
        .forEach((name, value) -> settings.put(name.replace("spring.", "release."), value));
    settings.put("identity.pepper", world.pepper());
    settings.put("audit.log-name", "audit.example.com");
    settings.put("audit.receipt-key", World.RECEIPT_KEY);
    settings.put("release.key", world.releaseKey());
    settings.put("spring.config.name", "analytics-service");
    settings.put("spring.main.banner-mode", "off");
    settings.put("server.port", 0);
    settings.put("server.address", "127.0.0.1");
    return settings;
  }

  /// What [#get] shows to be let in.
  public record Pass(String header, String value) {
    public static Pass session(String secret) {
      return new Pass("Cookie", "session=" + secret);
    }

    public static Pass token(String secret) {
      return new Pass("Authorization", "Bearer " + secret);
    }

    public static Pass none() {
      return new Pass("X-Nothing", "at all");
    }
  }

  public HttpResponse<String> get(String path, Pass key) {
    return send(request(path).header(key.header(), key.value()).GET());
  }

  /// The body, of which the service can hand out no more than is taken.
  public InputStream stream(String path, Pass key) {
    return send(request(path).header(key.header(), key.value()).GET(), BodyHandlers.ofInputStream())
        .body();
  }

  HttpResponse<byte[]> bytes(String path, Pass key) {
    return send(request(path).header(key.header(), key.value()).GET(), BodyHandlers.ofByteArray());
  }

  /// Asks with any method, and no body.
  public HttpResponse<String> ask(String method, String path, Pass key) {
    return send(
        request(path)
            .header(key.header(), key.value())
            .header("Sec-Fetch-Site", "same-origin")
            .method(method, BodyPublishers.noBody()));
  }

  /// The address, for a browser with more comfort.
  public String url() {
    return request("").build().uri().toString();
  }

  public HttpResponse<String> post(String path, Map<String, String> form, Pass key) {
    return send(
        form(path, form).header(key.header(), key.value()).header("Sec-Fetch-Site", "same-origin"));
  }

  HttpResponse<String> post(String path, String witnessKey, String body, Pass key) {
    return send(
        request(path)
            .header(key.header(), key.value())
            .header("Witness-Key", witnessKey)
            .header("Content-Type", "text/plain; charset=UTF-8")
            .POST(BodyPublishers.ofString(body)));
  }

  /// Asks with any method, as a program that speaks JSON.
  public HttpResponse<String> json(String method, String path, String body, Pass key) {
    return send(
        request(path)
            .header(key.header(), key.value())
            .header("Content-Type", "application/scim+json")
            .method(method, BodyPublishers.ofString(body)));
  }

  public HttpResponse<String> postFromElsewhere(
      String path, Map<String, String> form, String header, String value) {
    return send(form(path, form).header(header, value));
  }

  /// Posts a form, from another site, to an address by which only its sender calls the service.
  public HttpResponse<String> postTo(String address, Map<String, String> form) {
    var path = URI.create(address).getPath();
    return send(form(path, form).uri(URI.create(address)).header("Sec-Fetch-Site", "cross-site"));
  }

  public <T> Map<String, T> beans(Class<T> type) {
    return service.getBeansOfType(type);
  }

  @Override
  public void close() {
    service.close();
  }

  private HttpRequest.Builder form(String path, Map<String, String> form) {
    var body = new StringBuilder();
    form.forEach((name, value) ->
        body.append(name).append('=').append(URLEncoder.encode(value, UTF_8)).append('&'));
    return request(path)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(body.toString()));
  }

  private HttpRequest.Builder request(String path) {
    var server = ((WebServerApplicationContext) service).getWebServer();
    var port = server == null ? 0 : server.getPort();
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) {
    return send(request, BodyHandlers.ofString());
  }

  private <T> HttpResponse<T> send(HttpRequest.Builder request, BodyHandler<T> body) {
    try {
      return client.send(request.build(), body);
    } catch (IOException unreachable) {
      throw new IllegalStateException(unreachable);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }
}
