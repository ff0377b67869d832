// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.TimeoutError;
import io.sourceblind.analytics.Chromium.Visit;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// People of a real Keycloak sign in to a running installation in a real browser: by OpenID
/// Connect, by SAML, with a one-time password that Keycloak demands; and one of them lets the real
/// command line in. `bin/sso-test` starts what it needs. Each way in is tried with a wrong setting
/// too, and lets nobody in then.
final class SignOnJourney {
  private static final String DOMAIN = "works.example";
  private static final Pattern CODE = Pattern.compile("Open (\\S+) and type the code (\\S+)\\.");

  private final JsonNode run;
  private final String keycloak;
  private final String clientSecret;
  private final String otpKey;
  private final String password;
  private final Chromium chromium;
  private int refusedForms;

  private SignOnJourney(Path run, String keycloak, Path secrets, Chromium chromium)
      throws IOException {
    this.run = World.JSON.readTree(Files.readString(run));
    this.keycloak = keycloak;
    var lines = Files.readAllLines(secrets);
    clientSecret = lines.get(0);
    otpKey = lines.get(1);
    password = lines.get(2);
    this.chromium = chromium;
  }

  /// Walks all the ways, and prints what came of each.
  ///
  /// @param args the run file, where Keycloak is, a file with its secrets, the folder to work in,
  ///   and how the command line is called
  public static void main(String[] args) throws IOException, InterruptedException, SQLException {
    try (var chromium = new Chromium()) {
      new SignOnJourney(Path.of(args[0]), args[1], Path.of(args[2]), chromium)
          .go(Path.of(args[3]), args[4], args[5]);
    }
  }

  private void go(Path work, String java, String client)
      throws IOException, InterruptedException, SQLException {
    try (var manager = chromium.visit(pages(), null)) {
      manager.open(run.get("sign_in").get("owner").asString());
      submit(manager.page(), "main button");
      showDomain(manager);

      setOidc(manager, "not-" + clientSecret);
      value("oidc_wrong_secret_sign_ins", signsIn("ada", null, false));
      setOidc(manager, clientSecret);
      value("oidc_sign_ins", signsIn("ada", null, false));
      value("oidc_wrong_totp_sign_ins", signsIn("tess", "000000", false));
      value("oidc_totp_sign_ins", signsIn("tess", "now", false));

      var metadata = read("/realms/works/protocol/saml/descriptor");
      var others = read("/realms/master/protocol/saml/descriptor");
      setSaml(manager, withCertificateOf(others, metadata));
      value("saml_wrong_certificate_sign_ins", signsIn("ada", null, false));
      setSaml(manager, metadata);
      value("saml_sign_ins", signsIn("ada", null, false));
      value("saml_wrong_totp_sign_ins", signsIn("tess", "000000", false));
      value("saml_totp_sign_ins", signsIn("tess", "now", false));
      value("saml_other_browser_sign_ins", signsIn("ada", null, true));
      value("device_sign_ins", letsTheCommandLineIn(work, java, client));
      value("forms_that_a_browser_refused", refusedForms);
    }
  }

  /// A real name server is not at hand; what looks there has its own test.
  private void showDomain(Visit manager) throws SQLException {
    manager.open("/admin/sign-on").fill("#domain", DOMAIN);
    submit(manager.page(), "button:text-is('Add')");
    // Row security binds the owner of the tables, too.
    try (var owner = DriverManager.getConnection(run.get("database").get("owner").asString());
        var tenant = owner.prepareStatement("select set_config('app.org_id', ?, false)");
        var change =
            owner.prepareStatement(
                "update identity.domain set verified_at = now() where domain = ?")) {
      tenant.setString(1, run.get("organization").asString());
      tenant.execute();
      change.setString(1, DOMAIN);
      if (change.executeUpdate() != 1) {
        throw new IllegalStateException("The domain is not in the list");
      }
    }
  }

  private void setOidc(Visit manager, String secret) {
    var page = manager.open("/admin/sign-on");
    page.fill("#issuer", keycloak + "/realms/works");
    page.fill("#client", "sourceblind");
    page.fill("#secret", secret);
    page.selectOption("#oidc-joins", "engineer");
    submit(page, "button:text-is('Set provider')");
  }

  /// Submits a form of ours, and waits for what comes of it.
  private static void submit(Page page, String button) {
    var answer =
        page.waitForResponse(
            response -> response.request().isNavigationRequest() && response.status() / 100 != 3,
            () -> page.click(button));
    if (answer.status() != 200) {
      throw new IllegalStateException(answer.url() + " answers " + answer.text());
    }
  }

  private void setSaml(Visit manager, String metadata) {
    var page = manager.open("/admin/sign-on");
    page.fill("#metadata", metadata);
    page.selectOption("#saml-joins", "engineer");
    submit(page, "button:text-is('Set provider by SAML')");
  }

  private static String withCertificateOf(String others, String metadata) {
    var form = "(?s)<ds:X509Certificate>.*?</ds:X509Certificate>";
    var found = Pattern.compile(form).matcher(others);
    if (!found.find()) {
      throw new IllegalStateException("The other realm publishes no certificate");
    }
    return metadata.replaceAll(form, found.group());
  }

  private String read(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      return http.send(
              HttpRequest.newBuilder(URI.create(keycloak + path)).build(), BodyHandlers.ofString())
          .body();
    }
  }

  /// @return 1 if somebody is in, and it is them; else 0
  private int signsIn(String user, @Nullable String totp, boolean elsewhere) {
    try (var visit = chromium.visit(pages(), null)) {
      var page = begin(visit, user);
      if (!elsewhere) {
        return comesIn(visit, page, user, totp);
      }
      try (var other = chromium.visit(pages(), null)) {
        other.page().navigate(page.url());
        return comesIn(other, other.page(), user, totp);
      }
    }
  }

  private Page begin(Visit visit, String user) {
    var page = visit.open("/sign-in/sso");
    page.fill("#email", user + "@" + DOMAIN);
    page.click("button >> text=Go on");
    page.waitForURL(keycloak + "/**");
    page.waitForSelector("#kc-login");
    return page;
  }

  private int comesIn(Visit visit, Page page, String user, @Nullable String totp) {
    page.fill("#username", user);
    page.fill("#password", password);
    page.click("#kc-login");
    if (totp != null) {
      page.waitForSelector("#otp");
      page.fill("#otp", totp.equals("now") ? oneTimePassword() : totp);
      page.click("#kc-login");
    }
    try {
      page.waitForURL(pages() + "/**", new Page.WaitForURLOptions().setTimeout(15_000));
    } catch (TimeoutError stayed) {
      // Keycloak let nobody go on.
      System.err.println(
          user
              + " stays at the provider: "
              + page.locator("#input-error-otp-code, .kc-feedback-text").allInnerTexts());
    }
    refusedForms +=
        (int) visit.complaints().stream().filter(said -> said.contains("form-action")).count();
    if (page.locator(".fault").count() > 0) {
      System.err.println(user + " is told: " + page.innerText(".fault"));
    }
    return visit.open("/account").innerText("main").contains(user + "@" + DOMAIN) ? 1 : 0;
  }

  private int letsTheCommandLineIn(Path work, String java, String client)
      throws IOException, InterruptedException {
    var login =
        new ProcessBuilder(
                java,
                "-jar",
                client,
                "login",
                "--server",
                pages(),
                "--ingest",
                run.get("services").get("api").asString(),
                "--home",
                work.resolve("capture").toString())
            .redirectErrorStream(true)
            .start();
    try (var out = new BufferedReader(new InputStreamReader(login.getInputStream(), UTF_8));
        var visit = chromium.visit(pages(), null)) {
      var asked = CODE.matcher(String.valueOf(out.readLine()));
      if (!asked.find() || comesIn(visit, begin(visit, "ada"), "ada", null) == 0) {
        return 0;
      }
      var page = visit.page();
      page.navigate(asked.group(1));
      page.fill("#user_code", asked.group(2));
      page.click("button >> text=Continue");
      page.click("text=Yes, it is mine");
      out.lines().forEach(System.err::println);
      return login.waitFor(60, TimeUnit.SECONDS) && login.exitValue() == 0 ? 1 : 0;
    } finally {
      login.destroy();
    }
  }

  /// RFC 6238, as Keycloak's import has it: six digits, half a minute, SHA-1.
  private String oneTimePassword() {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(otpKey.getBytes(US_ASCII), "HmacSHA1"));
      var counter = Instant.now().getEpochSecond() / 30;
      var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(counter).array());
      var at = hash[hash.length - 1] & 0xf;
      var number = ByteBuffer.wrap(hash).getInt(at) & 0x7fffffff;
      return "%06d".formatted(number % 1_000_000);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private String pages() {
    return run.get("services").get("pages").asString();
  }

  private static void value(String name, int value) {
    System.out.println("value " + name + " " + value);
  }
}
