// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static org.assertj.core.api.Assertions.assertThat;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import java.math.BigInteger;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/// In by every way there is, as a browser and a command line do it, with letters over SMTP.
class SignInPagesIT {
  private static final String PASSWORD = "marble otter quietly sings";
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID ORGANIZATION = WORLD.organization();
  private static final UUID TEAM = WORLD.team(ORGANIZATION, "Payments");
  private static final UUID OWNER = WORLD.person(ORGANIZATION, null, "Boss", Role.OWNER);
  private static final GreenMail MAIL = mail();
  private static final Pages PAGES = start();
  private static final String DEVICE_CODE = "urn:ietf:params:oauth:grant-type:device_code";

  private static GreenMail mail() {
    var mail = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    mail.start();
    return mail;
  }

  private static Pages start() {
    var settings = Pages.settings(WORLD);
    settings.put("mail.host", "127.0.0.1");
    settings.put("mail.port", MAIL.getSmtp().getPort());
    settings.put("mail.from", "sourceblind@example.com");
    return Pages.over(settings);
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    MAIL.stop();
    WORLD.close();
  }

  @Test
  void somebodyIsInvitedJoinsAndSignsInAgainWithTheirPassword() {
    var invited =
        PAGES.post(
            "/admin/members/invite",
            Map.of("email", "new@example.com", "role", "engineer", "team", TEAM.toString()),
            as(OWNER));
    var token = find("token=(sbi_[A-Za-z0-9]{36})", letterTo("new@example.com", 1));
    var offer = PAGES.get("/invitation?token=" + token, Pass.none());
    var joined =
        PAGES.post(
            "/invitation",
            Map.of("token", token, "name", "New Person", "password", PASSWORD),
            Pass.none());

    assertThat(invited.statusCode()).isEqualTo(302);
    assertThat(offer.body()).contains("Example Works", "new@example.com", "engineer");
    assertThat(header(joined, "Location")).isEqualTo("/");
    assertThat(PAGES.get("/me", cookie(joined)).statusCode()).isEqualTo(200);
    assertThat(PAGES.get("/admin/members", as(OWNER)).body()).contains("New Person");
    assertThat(PAGES.get("/invitation?token=" + token, Pass.none()).statusCode()).isEqualTo(403);

    var again =
        PAGES.post(
            "/sign-in/password",
            Map.of("email", "new@example.com", "password", PASSWORD, "to", "/account"),
            Pass.none());
    assertThat(header(again, "Location")).isEqualTo("/account");
    assertThat(PAGES.get("/account", cookie(again)).body()).contains("new@example.com");
  }

  @Test
  void aMailedCodeSignsIn() {
    WORLD.person(ORGANIZATION, TEAM, "Coder", Role.ENGINEER);
    var page = PAGES.post("/sign-in/code", Map.of("email", "coder@example.com"), Pass.none());
    var asked = find("name=\"asked\" value=\"([0-9a-f-]{36})\"", page.body());
    var code = find("(\\d{4} \\d{4})", letterTo("coder@example.com", 1));

    var wrong = enter(asked, "coder@example.com", "0000 0000");
    var right = enter(asked, "coder@example.com", code);

    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
    assertThat(right.statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/me", cookie(right)).statusCode()).isEqualTo(200);
  }

  @Test
  void whoIsKnownAndWhoIsNotGetTheSameAnswers() {
    WORLD.person(ORGANIZATION, TEAM, "Quiet", Role.ENGINEER);

    var known = PAGES.post("/sign-in/code", Map.of("email", "quiet@example.com"), Pass.none());
    var unknown = PAGES.post("/sign-in/code", Map.of("email", "nobdy@example.com"), Pass.none());
    var knownWrong =
        PAGES.post(
            "/sign-in/password",
            Map.of("email", "quiet@example.com", "password", "wrong"),
            Pass.none());
    var unknownWrong =
        PAGES.post(
            "/sign-in/password",
            Map.of("email", "nobdy@example.com", "password", "wrong"),
            Pass.none());

    assertThat(unknown.statusCode()).isEqualTo(known.statusCode());
    assertThat(plain(unknown.body(), "nobdy")).isEqualTo(plain(known.body(), "quiet"));
    assertThat(unknown.headers().map().keySet()).isEqualTo(known.headers().map().keySet());
    assertThat(knownWrong.statusCode()).isEqualTo(403);
    assertThat(unknownWrong.body()).isEqualTo(knownWrong.body());
    assertThat(unknownWrong.headers().map().keySet())
        .isEqualTo(knownWrong.headers().map().keySet());
  }

  @Test
  void manyWrongPasswordsAreAnsweredWithATimeToWait() {
    var answers = new ArrayList<HttpResponse<String>>();
    for (var tries = 0; tries < 12; tries++) {
      answers.add(
          PAGES.post(
              "/sign-in/password",
              Map.of("email", "target@example.com", "password", "wrong"),
              Pass.none()));
    }

    var last = answers.getLast();
    assertThat(last.statusCode()).isEqualTo(429);
    assertThat(header(last, "Retry-After")).matches("[1-9][0-9]*");
    assertThat(last.body()).contains("The next one can be made in");
  }

  @Test
  void whatOpensADoorAsksAgainWhoItIs() {
    var person = WORLD.person(ORGANIZATION, TEAM, "Stale", Role.ENGINEER);
    var session = as(person);
    WORLD
        .superuser()
        .sql(
            """
            update identity.credential set proved_at = now() - interval '1 hour'
             where person_id = :person
            """)
        .param("person", person)
        .update();
    var form = Map.of("password", PASSWORD);

    var before = PAGES.post("/account/password", form, session);
    var page = PAGES.post("/confirm/code", Map.of("to", "/account"), session);
    var confirmed =
        PAGES.post(
            "/confirm/code/entered",
            Map.of(
                "asked",
                find("name=\"asked\" value=\"([0-9a-f-]{36})\"", page.body()),
                "code",
                find("(\\d{4} \\d{4})", letterTo("stale@example.com", 1)),
                "to",
                "/account"),
            session);
    var after = PAGES.post("/account/password", form, session);

    assertThat(header(before, "Location")).isEqualTo("/confirm?to=%2Faccount");
    assertThat(header(confirmed, "Location")).isEqualTo("/account");
    assertThat(after.body()).contains("That is your password now.");
  }

  @Test
  void nobodyConfirmsWithSomebodyElsesCode() {
    var person = WORLD.person(ORGANIZATION, TEAM, "Victim", Role.ENGINEER);
    WORLD.person(ORGANIZATION, TEAM, "Thief", Role.ENGINEER);
    var page = PAGES.post("/sign-in/code", Map.of("email", "thief@example.com"), Pass.none());

    var answer =
        PAGES.post(
            "/confirm/code/entered",
            Map.of(
                "asked",
                find("name=\"asked\" value=\"([0-9a-f-]{36})\"", page.body()),
                "code",
                find("(\\d{4} \\d{4})", letterTo("thief@example.com", 1))),
            as(person));

    assertThat(answer.statusCode()).isEqualTo(403);
  }

  @Test
  void aSessionIsEndedFromAnotherBrowser() {
    var person = WORLD.person(ORGANIZATION, TEAM, "Twice", Role.ENGINEER);
    var here = as(person);
    var there = as(person);
    var page = PAGES.get("/account", here).body();
    var other = find("action=\"(/account/held/[0-9a-f-]{36}/end)\"", page);

    var ended = PAGES.post(other, Map.of(), here);

    assertThat(header(ended, "Location")).isEqualTo("/account");
    assertThat(PAGES.get("/me", there).statusCode()).isEqualTo(302);
    assertThat(PAGES.get("/me", here).statusCode()).isEqualTo(200);
  }

  @Test
  void anOrganizationAsksForASecondFactorBeforeAnythingElse() throws GeneralSecurityException {
    var strict = WORLD.organization();
    var person = WORLD.person(strict, WORLD.team(strict, "Strict"), "Stricter", Role.ENGINEER);
    WORLD
        .superuser()
        .sql("update identity.organization set second_factor_required = true where id = :id")
        .param("id", strict)
        .update();
    var session = Pass.session(WORLD.secret(strict, person, CredentialKind.SESSION));

    var before = PAGES.get("/me", session);
    var page = PAGES.get("/second-factor", session);
    var begun = PAGES.post("/second-factor/begin", Map.of(), session);
    var wrong = PAGES.post("/second-factor", Map.of("code", "000000"), session);
    var key = find("<code class=\"secret\">([A-Z2-7 ]+)</code>", begun.body());
    var right = PAGES.post("/second-factor", Map.of("code", codeOf(key)), session);

    assertThat(header(before, "Location")).isEqualTo("/second-factor");
    assertThat(page.body()).contains("Your organization asks everybody for one.");
    assertThat(begun.body()).contains("<svg class=\"qr\"");
    assertThat(wrong.statusCode()).isEqualTo(403);
    assertThat(header(right, "Location")).isEqualTo("/");
    assertThat(PAGES.get("/me", session).statusCode()).isEqualTo(200);
    var another = Pass.session(WORLD.secret(strict, person, CredentialKind.SESSION));
    assertThat(PAGES.get("/second-factor", another).body()).contains("Show your second factor");
    assertThat(PAGES.post("/second-factor/begin", Map.of(), another).statusCode()).isEqualTo(400);
  }

  /// What an authenticator app shows, worked out apart from the code under test.
  private static String codeOf(String key) throws GeneralSecurityException {
    var bits = new StringBuilder();
    for (var letter : key.replace(" ", "").toCharArray()) {
      var number = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
      bits.append(Integer.toBinaryString(32 + number).substring(1));
    }
    var secret = new BigInteger("1" + bits, 2).toByteArray();
    var mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(secret, secret.length - 20, 20, "HmacSHA1"));
    var step = Clock.systemUTC().instant().getEpochSecond() / 30;
    var hash = mac.doFinal(ByteBuffer.allocate(8).putLong(step).array());
    var number = ByteBuffer.wrap(hash, hash[19] & 15, 4).getInt() & Integer.MAX_VALUE;
    return "%06d".formatted(number % 1_000_000);
  }

  @Test
  void aCommandLineIsSignedInThroughABrowser() {
    var person = WORLD.person(ORGANIZATION, TEAM, "Terminal", Role.ENGINEER);
    var asked = json(PAGES.post("/oauth2/device_authorization", client(), Pass.none()));
    var code = asked.get("user_code").asString();
    var poll =
        Map.of(
            "grant_type",
            DEVICE_CODE,
            "device_code",
            asked.get("device_code").asString(),
            "client_id",
            "capture");
    var pending = PAGES.post("/oauth2/token", poll, Pass.none());

    var stranger = PAGES.get("/device?user_code=" + code, Pass.none());
    var form = PAGES.get("/device?user_code=" + code, as(person));
    var question = PAGES.post("/device", Map.of("user_code", code), as(person));
    var yes =
        PAGES.post("/device/decided", Map.of("user_code", code, "decision", "yes"), as(person));
    WORLD
        .superuser()
        .sql("update identity.device_grant set polled_at = polled_at - interval '6 seconds'")
        .update();
    var tokens = PAGES.post("/oauth2/token", poll, Pass.none());

    assertThat(asked.get("verification_uri").asString()).endsWith("/device");
    assertThat(asked.get("verification_uri_complete").asString()).endsWith(code);
    assertThat(asked.get("interval").asInt()).isEqualTo(5);
    assertThat(pending.statusCode()).isEqualTo(400);
    assertThat(json(pending).get("error").asString()).isEqualTo("authorization_pending");
    assertThat(header(stranger, "Location"))
        .isEqualTo("/sign-in?to=%2Fdevice%3Fuser_code%3D" + code);
    assertThat(form.body()).contains("value=\"" + code + "\"");
    assertThat(question.body()).contains("Is this your machine?", code);
    assertThat(yes.body()).contains("Your command line is connected");
    assertThat(header(tokens, "Cache-Control")).contains("no-store");
    assertThat(json(tokens).get("access_token").asString()).startsWith("sbd_");
    assertThat(json(tokens).get("token_type").asString()).isEqualTo("Bearer");
    assertThat(json(tokens).get("expires_in").asInt()).isEqualTo(3600);

    var refresh =
        Map.of(
            "grant_type", "refresh_token",
            "refresh_token", json(tokens).get("refresh_token").asString(),
            "client_id", "capture");
    assertThat(json(PAGES.post("/oauth2/token", refresh, Pass.none())).get("access_token"))
        .isNotNull();
    assertThat(json(PAGES.post("/oauth2/token", refresh, Pass.none())).get("error").asString())
        .isEqualTo("invalid_grant");
  }

  @Test
  void whatIsNoRequestOfOurClientIsRefusedAsTheStandardSays() {
    assertThat(error("/oauth2/device_authorization", Map.of("client_id", "other")))
        .isEqualTo("invalid_client");
    assertThat(error("/oauth2/token", Map.of("client_id", "other"))).isEqualTo("invalid_client");
    assertThat(error("/oauth2/token", client())).isEqualTo("invalid_request");
    assertThat(error("/oauth2/token", Map.of("client_id", "capture", "grant_type", "password")))
        .isEqualTo("unsupported_grant_type");
    assertThat(
            error(
                "/oauth2/token",
                Map.of("client_id", "capture", "grant_type", DEVICE_CODE, "device_code", "x")))
        .isEqualTo("invalid_grant");
  }

  @Test
  void aSignInGoesOnToPagesOfOursOnly() {
    WORLD.person(ORGANIZATION, TEAM, "Onward", Role.ENGINEER);
    var page = PAGES.get("/sign-in?to=https%3A%2F%2Fevil.example%2F", Pass.none()).body();

    assertThat(page).contains("name=\"to\" value=\"/\"").doesNotContain("evil");
  }

  private static Map<String, String> client() {
    return Map.of("client_id", "capture");
  }

  private static String error(String path, Map<String, String> form) {
    return json(PAGES.post(path, form, Pass.none())).get("error").asString();
  }

  private static JsonNode json(HttpResponse<String> answer) {
    return World.JSON.readTree(answer.body());
  }

  private static HttpResponse<String> enter(String asked, String email, String code) {
    return PAGES.post(
        "/sign-in/code/entered", Map.of("asked", asked, "email", email, "code", code), Pass.none());
  }

  private static Pass as(UUID person) {
    return Pass.session(WORLD.secret(ORGANIZATION, person, CredentialKind.SESSION));
  }

  private static String letterTo(String address, int count) {
    for (var letters = 1; letters <= 40; letters++) {
      if (!MAIL.waitForIncomingEmail(5_000, letters)) {
        break;
      }
      var found =
          Stream.of(MAIL.getReceivedMessages()).filter(letter -> isTo(letter, address)).toList();
      if (found.size() >= count) {
        return GreenMailUtil.getBody(found.get(count - 1));
      }
    }
    throw new AssertionError("No letter came to this address");
  }

  private static boolean isTo(MimeMessage letter, String address) {
    try {
      return letter.getRecipients(RecipientType.TO)[0].toString().equals(address);
    } catch (MessagingException broken) {
      throw new IllegalStateException(broken);
    }
  }

  private static String find(String pattern, String text) {
    var found = Pattern.compile(pattern).matcher(text);
    assertThat(found.find()).as(pattern).isTrue();
    return found.group(1);
  }

  private static String plain(String body, String name) {
    return body.replace(name, "somebody").replaceAll("[0-9a-f-]{36}", "id");
  }

  private static Pass cookie(HttpResponse<String> answer) {
    var cookie =
        answer.headers().allValues("Set-Cookie").stream()
            .filter(one -> one.startsWith("session="))
            .findFirst()
            .orElseThrow();
    return new Pass("Cookie", cookie.substring(0, cookie.indexOf(';')));
  }

  private static String header(HttpResponse<String> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }
}
