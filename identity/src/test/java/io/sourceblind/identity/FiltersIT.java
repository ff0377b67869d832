// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;

class FiltersIT {
  private static House house;

  private final MockHttpServletRequest request = new MockHttpServletRequest("GET", "/");
  private final MockHttpServletResponse response = new MockHttpServletResponse();

  @BeforeAll
  static void start() {
    house = new House();
  }

  @AfterAll
  static void stop() {
    house.close();
  }

  @AfterEach
  void forget() {
    SecurityContextHolder.clearContext();
  }

  @ParameterizedTest
  @EnumSource
  void aGoodBearerIsAPrincipalWithARoleAndAKind(CredentialKind kind) throws Exception {
    var minted = house.mint(kind);
    request.addHeader(HttpHeaders.AUTHORIZATION, "Bearer " + minted.secret());

    var seen = admitted(new BearerFilter(house.credentials, kind));

    assertThat(seen.getPrincipal())
        .isEqualTo(
            new Principal(
                minted.id(),
                house.organization,
                house.engineer,
                Role.ENGINEER,
                house.team,
                true,
                true));
    assertThat(seen.getAuthorities())
        .extracting(GrantedAuthority::getAuthority)
        .containsExactlyInAnyOrderElementsOf(
            kind == CredentialKind.API
                ? List.of("ROLE_ENGINEER", "CRED_API", "SCOPE_OWN_READ")
                : List.of("ROLE_ENGINEER", "CRED_" + kind));
    assertThat(seen.isAuthenticated()).isTrue();
    assertThat(seen.toString()).doesNotContain(minted.secret());
  }

  @Test
  void anErrorPageStillKnowsWhoAsked() throws Exception {
    request.addHeader(
        HttpHeaders.AUTHORIZATION, "Bearer " + house.mint(CredentialKind.API).secret());

    var seen = pass(new BearerFilter(house.credentials, CredentialKind.API));

    var kept = new RequestAttributeSecurityContextRepository().loadDeferredContext(request).get();
    assertThat(kept.getAuthentication()).isSameAs(seen);
  }

  @Test
  void theNameOfTheSchemeMayBeWrittenInAnyCase() throws Exception {
    request.addHeader(
        HttpHeaders.AUTHORIZATION, "bEARER " + house.mint(CredentialKind.API).secret());

    assertThat(pass(new BearerFilter(house.credentials, CredentialKind.API))).isNotNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Bearer", "Bearer ", "Bearer nonsense", "Basic eDp5", "Bearer\tx"})
  void whateverElseIsNobody(String header) throws Exception {
    request.addHeader(HttpHeaders.AUTHORIZATION, header);

    assertThat(pass(new BearerFilter(house.credentials, CredentialKind.API))).isNull();
    assertThat(response.getStatus()).isEqualTo(200);
  }

  @Test
  void aBearerOfAnotherKindIsNobody() throws Exception {
    request.addHeader(
        HttpHeaders.AUTHORIZATION, "Bearer " + house.mint(CredentialKind.DEVICE).secret());

    assertThat(pass(new BearerFilter(house.credentials, CredentialKind.API))).isNull();
  }

  @Test
  void aRevokedBearerIsNobody() throws Exception {
    var minted = house.mint(CredentialKind.API);
    house.credentials.revoke(house.organization, minted.id(), House.OPERATOR);
    request.addHeader(HttpHeaders.AUTHORIZATION, "Bearer " + minted.secret());

    assertThat(pass(new BearerFilter(house.credentials, CredentialKind.API))).isNull();
  }

  @Test
  void aSecretInTheAddressIsNobody() throws Exception {
    var secret = house.mint(CredentialKind.API).secret();
    request.setQueryString("access_token=" + secret);
    request.addParameter("access_token", secret);

    assertThat(pass(new BearerFilter(house.credentials, CredentialKind.API))).isNull();
  }

  @Test
  void whenNobodyCanTellTheRequestEndsHere() throws Exception {
    var pool = house.database.pool(Login.INGEST);
    var database = TenantDatabase.open(pool, DatabaseRole.INGEST_WRITER);
    pool.close();
    var credentials =
        new Credentials(database, house.pepper, new AuditLog(Clock.systemUTC()), Clock.systemUTC());
    request.addHeader(
        HttpHeaders.AUTHORIZATION, "Bearer " + house.mint(CredentialKind.DEVICE).secret());

    var seen = pass(new BearerFilter(credentials, CredentialKind.DEVICE));

    assertThat(seen).isNull();
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(response.getHeader(HttpHeaders.RETRY_AFTER)).isEqualTo("5");
  }

  @Test
  void aSessionIsAPrincipal() throws Exception {
    request.setSecure(true);
    request.setServerName("app.example.com");
    var session = house.mint(CredentialKind.SESSION);
    request.setCookies(new Cookie("other", "x"), new Cookie("__Host-session", session.secret()));

    var seen = admitted(new SessionFilter(house.credentials));

    assertThat(seen.getAuthorities())
        .extracting(GrantedAuthority::getAuthority)
        .containsExactlyInAnyOrder("ROLE_ENGINEER", "CRED_SESSION");
  }

  @Test
  void aSessionIsNotTakenFromTheOtherCookie() throws Exception {
    var session = house.mint(CredentialKind.SESSION);
    request.setSecure(true);
    request.setServerName("app.example.com");
    // Any host below example.com, and anyone on the network, could set this one.
    request.setCookies(new Cookie("session", session.secret()));

    assertThat(pass(new SessionFilter(house.credentials))).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1", "[::1]"})
  void onThisMachineASessionNeedsNoTls(String host) throws Exception {
    var session = house.mint(CredentialKind.SESSION);
    request.setServerName(host);
    request.setCookies(new Cookie("session", session.secret()));

    assertThat(pass(new SessionFilter(house.credentials))).isNotNull();
  }

  @Test
  void elsewhereWithoutTlsThereIsNoSession() throws Exception {
    var session = house.mint(CredentialKind.SESSION);
    request.setServerName("app.example.com");
    request.setCookies(
        new Cookie("session", session.secret()), new Cookie("__Host-session", session.secret()));

    assertThat(pass(new SessionFilter(house.credentials))).isNull();
    assertThatThrownBy(() -> SessionCookie.of(session, Duration.ofHours(1), request))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("A session needs https; only on localhost http will do");
  }

  @Test
  void theCookieIsForThisHostAloneAndOutOfReachOfScripts() {
    var session = house.mint(CredentialKind.SESSION);
    request.setSecure(true);
    request.setServerName("app.example.com");

    var cookie = SessionCookie.of(session, Duration.ofHours(8), request);

    assertThat(cookie.toString())
        .startsWith("__Host-session=" + session.secret() + "; Path=/; Max-Age=28800;")
        .contains("; Secure", "; HttpOnly", "; SameSite=Lax")
        .doesNotContain("Domain");
    assertThat(SessionCookie.forgotten(request).toString())
        .startsWith("__Host-session=; Path=/; Max-Age=0;");
  }

  private @Nullable Authentication pass(Filter filter) throws ServletException, IOException {
    var seen = new AtomicReference<@Nullable Authentication>();
    filter.doFilter(
        request,
        response,
        (_, _) -> seen.set(SecurityContextHolder.getContext().getAuthentication()));
    return seen.get();
  }

  private Authentication admitted(Filter filter) throws ServletException, IOException {
    return Objects.requireNonNull(pass(filter));
  }
}
