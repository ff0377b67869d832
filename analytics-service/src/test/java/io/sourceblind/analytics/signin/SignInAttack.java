// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static java.nio.charset.StandardCharsets.US_ASCII;

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
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;

/// Guesses at the running service, ten thousand times in a day of its clock: passwords, mailed
/// codes, one-time passwords, user codes of devices. Counts which guesses were looked at at all,
/// whether the victim gets in meanwhile, and what tells a known address from an unknown one.
public final class SignInAttack {
  private static final String PASSWORD = "marble otter quietly sings";
  private static final Pattern ASKED = Pattern.compile("name=\"asked\" value=\"([0-9a-f-]{36})\"");
  private static final Pattern CODE = Pattern.compile("(\\d{4} \\d{4})");
  private static final Pattern KEY = Pattern.compile("<code class=\"secret\">([A-Z2-7 ]+)</code>");
  private static final int VISITS = 10;
  private static final AtomicLong PASSED = new AtomicLong();

  private final int tries;
  private final int pairs;
  private final Random random = new Random(5);
  private final World world = new World(new DayClock());
  private final UUID organization = world.organization();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final Pages pages;
  private int lettersDue;

  /// The time, and as much more as was told to pass.
  private static final class DayClock extends Clock {
    @Override
    public Instant instant() {
      return Clock.systemUTC().instant().plusMillis(PASSED.get());
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException("It shows UTC");
    }
  }

  /// Without an annotation of its own, so that only this program has it.
  static class Later {
    @Bean
    @Primary
    Clock later() {
      return new DayClock();
    }
  }

  private SignInAttack(int tries, int pairs) {
    this.tries = tries;
    this.pairs = pairs;
    mail.start();
    var settings = Pages.settings(world);
    settings.put("mail.host", "127.0.0.1");
    settings.put("mail.port", mail.getSmtp().getPort());
    settings.put("mail.from", "sourceblind@example.com");
    pages = Pages.over(settings, Later.class);
  }

  static void main(String[] arguments) {
    var attack = new SignInAttack(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
    try {
      attack.passwords();
      attack.mailedCodes();
      attack.oneTimePasswords();
      attack.userCodes();
      attack.texts();
      attack.timing();
    } finally {
      attack.pages.close();
      attack.mail.stop();
      attack.world.close();
    }
  }

  private void passwords() {
    var browser = memberWithPassword("first.victim");
    var guesses = 0;
    var visits = 0;
    for (var number = 0; number < tries; number++) {
      var answer = password("first.victim@example.com", "wrong guess " + number, Pass.none());
      guesses += lookedAt(answer);
      if (number % (tries / VISITS) == 0) {
        visits += isIn(password("first.victim@example.com", PASSWORD, browser));
      }
      pass();
    }
    report("password_guesses", guesses);
    report("password_victim_visits", visits);
  }

  private void mailedCodes() {
    var browser = memberWithPassword("second.victim");
    lettersDue = lettersTo("second.victim@example.com").size();
    var guesses = 0;
    var visits = 0;
    var asked = "";
    for (var number = 0; number < tries; number++) {
      if (asked.isEmpty() || number % 5 == 0) {
        // A code has five tries: whoever guesses asks for another one after each five.
        asked = askFor("second.victim@example.com", Pass.none(), asked);
      }
      var answer =
          pages.post(
              "/sign-in/code/entered",
              Map.of(
                  "asked",
                  asked,
                  "email",
                  "second.victim@example.com",
                  "code",
                  "%08d".formatted(random.nextInt(100_000_000))),
              Pass.none());
      guesses += lookedAt(answer);
      if (number % (tries / VISITS) == 0) {
        visits += isIn(withMailedCode("second.victim@example.com", browser));
      }
      pass();
    }
    report("mailed_code_guesses", guesses);
    report("mailed_code_victim_visits", visits);
  }

  private void oneTimePasswords() {
    var browser = memberWithPassword("third.victim");
    var victim = idOf("third.victim@example.com");
    var own = Pass.session(world.secret(organization, victim, CredentialKind.SESSION));
    var key = find(KEY, pages.post("/second-factor/begin", Map.of(), own).body());
    pages.post("/second-factor", Map.of("code", oneTime(key)), own);
    var guesses = 0;
    var visits = 0;
    // Whoever guesses here has the password already.
    var stolen = Pass.session(world.secret(organization, victim, CredentialKind.SESSION));
    for (var number = 0; number < tries; number++) {
      var answer =
          pages.post(
              "/second-factor",
              Map.of("code", "%06d".formatted(random.nextInt(1_000_000))),
              stolen);
      guesses += lookedAt(answer);
      if (number % (tries / VISITS) == tries / VISITS / 2) {
        PASSED.addAndGet(60_000);
        var halfway = password("third.victim@example.com", PASSWORD, browser);
        var session = with(browser, cookie(halfway, "session"));
        visits += isIn(pages.post("/second-factor", Map.of("code", oneTime(key)), session));
      }
      pass();
    }
    report("one_time_password_guesses", guesses);
    report("one_time_password_victim_visits", visits);
  }

  private void userCodes() {
    var engineer = world.person(organization, null, "Guesser", Role.ENGINEER);
    var session = Pass.session(world.secret(organization, engineer, CredentialKind.SESSION));
    var letters = "BCDFGHJKLMNPQRSTVWXZ";
    var guesses = 0;
    var hits = 0;
    for (var number = 0; number < tries; number++) {
      if (number % 50 == 0) {
        pages.post("/oauth2/device_authorization", Map.of("client_id", "capture"), Pass.none());
      }
      var code = new StringBuilder();
      for (var letter = 0; letter < 8; letter++) {
        code.append(letters.charAt(random.nextInt(letters.length())));
      }
      var answer = pages.post("/device", Map.of("user_code", code.toString()), session);
      guesses += lookedAt(answer);
      hits += answer.statusCode() == 200 ? 1 : 0;
      pass();
    }
    report("user_code_guesses", guesses);
    report("user_code_hits", hits);
  }

  /// What an answer says, for an address that is known and for one that is not.
  private void texts() {
    memberWithPassword("known");
    forget();
    var differences = 0;
    for (var path : List.of("/sign-in/password", "/sign-in/code")) {
      var known = said(path, "known@example.com");
      var unknown = said(path, "stranger@example.com");
      differences += known.equals(unknown) ? 0 : 1;
    }
    var asked = askFor("known@example.com", Pass.none(), "");
    var askedOfNobody = askFor("stranger@example.com", Pass.none(), "");
    for (var number = 0; number < 6; number++) {
      var known = entered(asked, "known@example.com");
      var unknown = entered(askedOfNobody, "stranger@example.com");
      differences += known.equals(unknown) ? 0 : 1;
    }
    report("text_differences", differences);
  }

  /// One of each at a time, who comes first by lot, so that whatever else the machine does meets
  /// both.
  private void timing() {
    for (var warm = 0; warm < 20; warm++) {
      took("/sign-in/password", "known@example.com");
      took("/sign-in/password", "stranger@example.com");
    }
    for (var path : List.of("/sign-in/password", "/sign-in/code")) {
      var known = new double[pairs];
      var unknown = new double[pairs];
      for (var pair = 0; pair < pairs; pair++) {
        if (random.nextBoolean()) {
          known[pair] = took(path, "known@example.com");
          unknown[pair] = took(path, "stranger@example.com");
        } else {
          unknown[pair] = took(path, "stranger@example.com");
          known[pair] = took(path, "known@example.com");
        }
      }
      var what = path.endsWith("code") ? "mailed_code" : "password";
      var ratio = median(known) / median(unknown);
      System.out.printf("value %s_timing_ratio %.4f%n", what, Math.max(ratio, 1 / ratio));
      System.out.printf("value %s_timing_p %.4f%n", what, p(known, unknown));
    }
  }

  /// How often chance alone would part the two so far: signs of the logarithms of the ratios are
  /// thrown anew (a permutation test for pairs), so one slow answer does not decide.
  private double p(double[] known, double[] unknown) {
    var ranks = new ArrayList<double[]>();
    for (var pair = 0; pair < known.length; pair++) {
      var difference = Math.log(known[pair] / unknown[pair]);
      ranks.add(new double[] {Math.abs(difference), Math.signum(difference)});
    }
    ranks.sort((one, other) -> Double.compare(one[0], other[0]));
    var seen = 0.0;
    for (var rank = 0; rank < ranks.size(); rank++) {
      seen += (rank + 1) * ranks.get(rank)[1];
    }
    var further = 0;
    var throwsOfChance = 10_000;
    for (var number = 0; number < throwsOfChance; number++) {
      var sum = 0.0;
      for (var rank = 1; rank <= ranks.size(); rank++) {
        sum += random.nextBoolean() ? rank : -rank;
      }
      further += Math.abs(sum) >= Math.abs(seen) ? 1 : 0;
    }
    return (double) further / throwsOfChance;
  }

  private double took(String path, String email) {
    forget();
    var before = System.nanoTime();
    pages.post(path, Map.of("email", email, "password", "wrong guess"), Pass.none());
    return System.nanoTime() - before;
  }

  private String said(String path, String email) {
    forget();
    var form =
        path.endsWith("code")
            ? Map.of("email", email)
            : Map.of("email", email, "password", "wrong guess");
    return told(pages.post(path, form, Pass.none()), email);
  }

  private String entered(String asked, String email) {
    return told(
        pages.post(
            "/sign-in/code/entered",
            Map.of("asked", asked, "email", email, "code", "00000000"),
            Pass.none()),
        email);
  }

  private static String told(HttpResponse<String> answer, String email) {
    var names = new ArrayList<>(answer.headers().map().keySet());
    names.removeAll(List.of("connection", "keep-alive"));
    Collections.sort(names);
    return answer.statusCode()
        + names.toString()
        + answer
            .body()
            .replace(email, "<address>")
            .replaceAll("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "<id>");
  }

  /// Somebody who has shown their address, has a password, and a browser in which they signed in.
  ///
  /// @return what this browser carries
  private Pass memberWithPassword(String name) {
    world.person(organization, null, name.replace('.', ' '), Role.ENGINEER);
    var email = name + "@example.com";
    var in = withMailedCode(email, Pass.none());
    pages.post(
        "/account/password",
        Map.of("password", PASSWORD),
        with(Pass.none(), cookie(in, "session")));
    var again = password(email, PASSWORD, Pass.none());
    if (isIn(again) == 0) {
      throw new IllegalStateException("The victim cannot sign in to begin with");
    }
    return new Pass("Cookie", cookie(again, "known-browser"));
  }

  private HttpResponse<String> withMailedCode(String email, Pass browser) {
    // Letters go out behind the answers: first comes what others have asked for.
    awaitLetters(email);
    var asked = askFor(email, browser, "");
    awaitLetters(email);
    var code = find(CODE, lettersTo(email).getLast());
    return pages.post(
        "/sign-in/code/entered", Map.of("asked", asked, "email", email, "code", code), browser);
  }

  private void awaitLetters(String email) {
    var deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
    while (lettersTo(email).size() < lettersDue && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
  }

  private List<String> lettersTo(String email) {
    return Stream.of(mail.getReceivedMessages())
        .filter(letter -> {
          try {
            return letter.getRecipients(RecipientType.TO)[0].toString().equals(email);
          } catch (MessagingException unreadable) {
            throw new IllegalStateException(unreadable);
          }
        })
        .map(GreenMailUtil::getBody)
        .toList();
  }

  /// @param otherwise what to go on with while no further code is sent
  private String askFor(String email, Pass browser, String otherwise) {
    var page = pages.post("/sign-in/code", Map.of("email", email), browser);
    if (page.statusCode() != 200) {
      return otherwise;
    }
    lettersDue++;
    return find(ASKED, page.body());
  }

  private HttpResponse<String> password(String email, String password, Pass browser) {
    return pages.post("/sign-in/password", Map.of("email", email, "password", password), browser);
  }

  private UUID idOf(String email) {
    return world
        .superuser()
        .sql("select id from identity.person where lower(email) = :email")
        .param("email", email)
        .query(UUID.class)
        .single();
  }

  private static Pass with(Pass browser, String cookie) {
    return new Pass(
        "Cookie", browser.header().equals("Cookie") ? browser.value() + "; " + cookie : cookie);
  }

  private static String cookie(HttpResponse<String> answer, String name) {
    return answer.headers().allValues("Set-Cookie").stream()
        .filter(cookie -> cookie.startsWith(name + "="))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .findFirst()
        .orElse(name + "=");
  }

  /// As an authenticator app computes it (RFC 6238).
  private static String oneTime(String key) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(base32(key.replace(" ", "")), "HmacSHA1"));
      var step = new DayClock().instant().getEpochSecond() / 30;
      var hash = mac.doFinal(ByteBuffer.allocate(Long.BYTES).putLong(step).array());
      var at = hash[hash.length - 1] & 0xf;
      return "%06d".formatted((ByteBuffer.wrap(hash, at, 4).getInt() & 0x7fffffff) % 1_000_000);
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static byte[] base32(String text) {
    var bytes = ByteBuffer.allocate(text.length() * 5 / 8);
    var buffer = 0;
    var bits = 0;
    for (var letter : text.getBytes(US_ASCII)) {
      buffer = (buffer << 5) | "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter);
      bits += 5;
      if (bits >= 8) {
        bits -= 8;
        bytes.put((byte) (buffer >> bits));
      }
    }
    return bytes.array();
  }

  private void forget() {
    world.superuser().sql("delete from identity.attempt").update();
  }

  /// A day for all tries.
  private void pass() {
    PASSED.addAndGet(Duration.ofDays(1).dividedBy(tries).toMillis());
  }

  private static int lookedAt(HttpResponse<String> answer) {
    return answer.statusCode() == 429 ? 0 : 1;
  }

  private static int isIn(HttpResponse<String> answer) {
    return answer.statusCode() == 302 ? 1 : 0;
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private static String find(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    if (!found.find()) {
      throw new IllegalStateException("There is no " + pattern + " in the answer");
    }
    return found.group(1);
  }

  private static void report(String name, int value) {
    System.out.printf("value %s %d%n", name, value);
  }
}
