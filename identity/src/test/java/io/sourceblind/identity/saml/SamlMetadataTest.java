// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What managers paste, and how it may be wrong. Each wrong one is the good one but for its fault,
/// so without the rule that finds it, it would be taken.
class SamlMetadataTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final KeyPair RSA = key("RSA", 2048);
  private static final String CERTIFICATE = certificate(RSA);
  private static final String IN_ITS_PLACE = "(?s)<ds:X509Certificate>.*?</ds:X509Certificate>";
  private static final String GOOD =
      """
      <?xml version="1.0"?>
      <!-- What Keycloak, Okta and Entra have in common. -->
      <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"
        xmlns:ds="http://www.w3.org/2000/09/xmldsig#" entityID="https://idp.example.com/saml"
        validUntil="2027-01-01T00:00:00Z">
        <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
          <md:KeyDescriptor use="signing"><ds:KeyInfo><ds:KeyName>one</ds:KeyName><ds:X509Data>
            <ds:X509Certificate>
              $certificate
            </ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>
          <md:KeyDescriptor use="encryption"><ds:KeyInfo/></md:KeyDescriptor>
          <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
            Location="https://idp.example.com/posted"/>
          <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
            Location="https://idp.example.com/asked?tenant=1&amp;x=y"/>
        </md:IDPSSODescriptor>
      </md:EntityDescriptor>
      """
          .replace("$certificate", CERTIFICATE.replaceAll("(.{64})", "$1\n"));

  private static KeyPair key(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static String certificate(KeyPair key) {
    return SomeCertificate.of(
        key, RSA, NOW.minus(Duration.ofDays(1)), NOW.plus(Duration.ofDays(1)));
  }

  private static String withCertificate(String certificate) {
    return GOOD.replaceAll(
        IN_ITS_PLACE, "<ds:X509Certificate>" + certificate + "</ds:X509Certificate>");
  }

  @Test
  void whatAProviderPublishesIsRead() {
    var read = SamlMetadata.read(GOOD, false, NOW);

    assertThat(read.entityId()).isEqualTo("https://idp.example.com/saml");
    assertThat(read.signOn()).isEqualTo(URI.create("https://idp.example.com/asked?tenant=1&x=y"));
    assertThat(read.certificates()).hasSize(1);
    assertThat(read.kept()).isEqualTo(CERTIFICATE);
    assertThat(SamlMetadata.provider("x", read.kept(), NOW).keys())
        .containsExactly(RSA.getPublic());
  }

  @Test
  void aKeyOfAnEllipticCurveIsReadToo() {
    var curve = key("EC", 256);

    var read = SamlMetadata.read(withCertificate(certificate(curve)), false, NOW);

    assertThat(SamlMetadata.provider("x", read.kept(), NOW).keys())
        .containsExactly(curve.getPublic());
  }

  /// What is wrong, and what is said of it.
  record Wrong(String name, String pasted, String said) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Wrong wrong(String name, String good, String bad, String said) {
    assertThat(GOOD).as(name).contains(good);
    return new Wrong(name, GOOD.replace(good, bad), said);
  }

  static Stream<Wrong> wrongs() {
    var place = "https://idp.example.com/asked";
    var place2 = "begins with https";
    return Stream.of(
        new Wrong("nothing", "", "is no XML"),
        new Wrong("no XML", "https://idp.example.com/metadata", "is no XML"),
        new Wrong("too long", GOOD + " ".repeat(300_000), "longer than"),
        wrong("a type", "<md:EntityDescriptor ", "<!DOCTYPE x><md:EntityDescriptor ", "a type"),
        wrong("many providers", "EntityDescriptor", "EntitiesDescriptor", "not of one provider"),
        wrong("another name space", "SAML:2.0:metadata", "SAML:1.0:metadata", "not of one"),
        wrong("no name", "entityID=\"https://idp.example.com/saml\"", "", "no `entityID`"),
        wrong("a name with a space", "example.com/saml", "example.com/ saml", "no `entityID`"),
        wrong("an application's", "IDPSSODescriptor", "SPSSODescriptor", "not that of a provider"),
        wrong("an older SAML", "SAML:2.0:protocol", "SAML:1.1:protocol", "not that of a provider"),
        wrong("over", "2027-01-01", "2026-01-01", "is over"),
        wrong("no time", "2027-01-01T", "soon", "that is no time"),
        wrong("no place", "HTTP-Redirect", "SOAP", "names no place"),
        wrong("no TLS", place, "http://idp.example.com/asked", place2),
        wrong("this machine", place, "http://127.0.0.1/asked", place2),
        wrong("a script", place, "javascript:alert(1)//", place2),
        wrong("a user", place, "https://pages.example.com@evil.example/asked", place2),
        wrong("a fragment", place, "https://idp.example.com/#", place2),
        wrong("a quote", place, "https://idp.example.com/&quot;", place2),
        wrong("a line", place, "https://idp.example.com/&#10;x", place2),
        wrong("no certificate", "ds:X509Certificate", "ds:X509SKI", "has no certificate"),
        wrong("no key for signing", "use=\"signing\"", "use=\"encryption\"", "1 to 5"),
        new Wrong("six keys", withSixKeys(), "1 to 5"),
        new Wrong("nonsense", withCertificate("AAAA"), "cannot be read"),
        new Wrong("no Base64", withCertificate("!"), "cannot be read"),
        new Wrong("something behind it", withSomethingBehindIt(), "behind its end"),
        new Wrong("a short key", withCertificate(certificate(key("RSA", 1024))), "too short"),
        new Wrong(
            "a key of another kind", withCertificate(certificate(key("Ed25519", 255))), "a kind"),
        new Wrong(
            "a certificate of yesterday",
            withCertificate(SomeCertificate.of(RSA, RSA, NOW.minusSeconds(9), NOW.minusSeconds(1))),
            "None of the certificates is good now"));
  }

  private static String withSixKeys() {
    var start = GOOD.indexOf("<md:KeyDescriptor");
    var key = GOOD.substring(start, GOOD.indexOf("<md:KeyDescriptor", start + 1));
    var keys = new StringBuilder();
    for (var number = 0; number < 6; number++) {
      keys.append(
          key.replaceAll(
              IN_ITS_PLACE,
              "<ds:X509Certificate>" + certificate(key("RSA", 2048)) + "</ds:X509Certificate>"));
    }
    return GOOD.replace(key, keys);
  }

  private static String withSomethingBehindIt() {
    var bytes = Base64.getDecoder().decode(CERTIFICATE);
    return withCertificate(
        Base64.getEncoder().encodeToString(Arrays.copyOf(bytes, bytes.length + 3)));
  }

  @ParameterizedTest
  @MethodSource("wrongs")
  void whatIsWrongIsSaidAndNotRepeated(Wrong wrong) {
    assertThatThrownBy(() -> SamlMetadata.read(wrong.pasted(), false, NOW))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining(wrong.said())
        .hasMessageNotContaining("evil");
  }

  @Test
  void onThisMachineNoTlsIsNeededWhereTheOperatorSaysSo() {
    var here = GOOD.replace("https://idp.example.com/asked", "http://localhost:8080/asked");
    var there = GOOD.replace("https://idp.example.com/asked", "http://idp.example.com/asked");

    assertThat(SamlMetadata.read(here, true, NOW).signOn().getHost()).isEqualTo("localhost");
    assertThatThrownBy(() -> SamlMetadata.read(there, true, NOW)).isInstanceOf(Refusal.class);
  }

  @Test
  void aCertificateThatIsOverSignsNothingMore() {
    var kept = SamlMetadata.read(GOOD, false, NOW).kept();

    assertThat(SamlMetadata.provider("x", kept, NOW.plus(Duration.ofDays(2))).keys()).isEmpty();
    assertThat(SamlMetadata.provider("x", kept, NOW.minus(Duration.ofDays(2))).keys()).isEmpty();
  }

  @Test
  void whatWeSayOfOurselvesIsReadByAProvider() {
    var ours = SomeSaml.parse(SamlMetadata.ours(URI.create(SomeSaml.PLACE)));

    assertThat(ours.getDocumentElement().getAttribute("entityID")).isEqualTo(SomeSaml.US);
    assertThat(SomeSaml.named(ours, "AssertionConsumerService").getAttribute("Location"))
        .isEqualTo(SomeSaml.PLACE);
  }

  @Test
  void aRequestSaysWhoAsksAndWhereTheAnswerGoes() throws IOException {
    var to =
        new SamlRequest("_one", URI.create(SomeSaml.PLACE), true)
            .to(URI.create("https://idp.example.com/asked?tenant=1&x=y"), "state", NOW);

    assertThat(to.toString())
        .startsWith("https://idp.example.com/asked?tenant=1&x=y&SAMLRequest=")
        .endsWith("&RelayState=state");
    var request = SomeSaml.parse(inflated(to));
    var root = request.getDocumentElement();
    assertThat(root.getAttribute("ID")).isEqualTo("_one");
    assertThat(root.getAttribute("Destination"))
        .isEqualTo("https://idp.example.com/asked?tenant=1&x=y");
    assertThat(root.getAttribute("AssertionConsumerServiceURL")).isEqualTo(SomeSaml.PLACE);
    assertThat(root.getAttribute("ForceAuthn")).isEqualTo("true");
    assertThat(root.getAttribute("IssueInstant")).isEqualTo("2026-11-22T12:00:00Z");
    assertThat(SomeSaml.named(request, "Issuer").getTextContent()).isEqualTo(SomeSaml.US);
  }

  private static String inflated(URI to) throws IOException {
    var deflated = to.toString().replaceAll(".*SAMLRequest=|&RelayState.*", "");
    var bytes = Base64.getDecoder().decode(URLDecoder.decode(deflated, UTF_8));
    var in = new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(true));
    return new String(in.readAllBytes(), UTF_8);
  }
}
