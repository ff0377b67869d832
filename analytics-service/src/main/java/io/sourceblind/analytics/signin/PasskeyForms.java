// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Passkeys;
import io.sourceblind.identity.Passkeys.Asked;
import io.sourceblind.identity.Passkeys.Purpose;
import io.sourceblind.identity.Principal;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;

/// What a page needs to ask its browser for a passkey: a challenge for this browser alone, and the
/// one script there is. Without scripts the button is not there, and all the rest is as it was.
@Controller
class PasskeyForms {
  private static final String COOKIE = "passkey-browser";
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");
  private static final Duration KEPT = Duration.ofHours(1);

  private final Passkeys passkeys;
  private final byte[] script;
  private final String address;
  private final SecureRandom random = new SecureRandom();

  PasskeyForms(Passkeys passkeys) throws IOException {
    this.passkeys = passkeys;
    this.script = new ClassPathResource("analytics/passkey.js").getContentAsByteArray();
    var sum = new CRC32();
    sum.update(script);
    this.address = "/passkey.js?v=%08x".formatted(sum.getValue());
  }

  /// What stands in a form.
  record Form(String challenge, String host, String known, String script) {}

  @GetMapping("/passkey.js")
  ResponseEntity<byte[]> script() {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.maxAge(Duration.ofDays(365)).immutable())
        .contentType(MediaType.valueOf("text/javascript;charset=UTF-8"))
        .body(script);
  }

  /// For a page that somebody opens who is not in yet.
  @Nullable Form toSignIn(HttpServletRequest request, HttpServletResponse response) {
    var browser = browserOf(request);
    if (browser.isEmpty()) {
      browser = newBrowser();
      response.addHeader(
          HttpHeaders.SET_COOKIE,
          ResponseCookie.from(COOKIE, browser)
              .secure(request.isSecure())
              .httpOnly(true)
              .sameSite("Lax")
              .path("/sign-in")
              .maxAge(KEPT)
              .build()
              .toString());
    }
    return form(passkeys.ask(Purpose.SIGN_IN, browser));
  }

  /// For a page that is shown again to a browser that has seen it.
  @Nullable Form toSignInAgain(HttpServletRequest request) {
    var browser = browserOf(request);
    return browser.isEmpty() ? null : form(passkeys.ask(Purpose.SIGN_IN, browser));
  }

  @Nullable Form toConfirm(Principal owner) {
    return form(passkeys.askToConfirm(owner));
  }

  @Nullable Form toEnrol(Principal owner) {
    return form(passkeys.askToEnrol(owner));
  }

  /// What only this browser has; empty for one that was given nothing.
  String browserOf(HttpServletRequest request) {
    return Stream.ofNullable(request.getCookies())
        .flatMap(Stream::of)
        .filter(cookie -> cookie.getName().equals(COOKIE))
        .map(Cookie::getValue)
        .filter(FORM.asMatchPredicate())
        .findFirst()
        .orElse("");
  }

  private String newBrowser() {
    var bytes = new byte[16];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private @Nullable Form form(Optional<Asked> asked) {
    return asked
        .map(one -> new Form(one.challenge(), one.host(), String.join(" ", one.known()), address))
        .orElse(null);
  }
}
