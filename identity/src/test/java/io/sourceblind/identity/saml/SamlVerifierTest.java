// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import static io.sourceblind.identity.saml.SomeSaml.changed;
import static io.sourceblind.identity.saml.SomeSaml.encoded;
import static io.sourceblind.identity.saml.SomeSaml.named;
import static io.sourceblind.identity.saml.SomeSaml.signed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.identity.saml.SomeSaml.Signing;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.XMLSignature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// A provider says who somebody is, and liars change what it said. Each lie is told twice: to all
/// guards, and to all but the one that finds it; then it is believed.
class SamlVerifierTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);
  private static final KeyPair OURS = key("RSA", 2048);
  private static final KeyPair STRANGERS = key("RSA", 2048);
  private static final SamlProvider PROVIDER =
      new SamlProvider(SomeSaml.ENTITY, List.of(OURS.getPublic()));

  private static final SamlRequest REQUEST =
      new SamlRequest("_request", URI.create(SomeSaml.PLACE), false);

  private static KeyPair key(String algorithm, int bits) {
    try {
      var generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  /// A lie, and the guard that finds it.
  ///
  /// @param said what a liar makes the provider say, or changes in what it said
  record Lie(String name, Guard guard, Set<Guard> andBehindIt, String said) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Lie signedLie(String name, Guard guard, UnaryOperator<String> said) {
    var xml = said.apply(SomeSaml.response(NOW));
    assertThat(xml).as(name).isNotEqualTo(SomeSaml.response(NOW));
    return new Lie(name, guard, Set.of(), signed(xml, "Assertion", OURS));
  }

  private static Lie changedLie(
      String name, Guard guard, Set<Guard> behind, UnaryOperator<String> change) {
    var xml = signed(SomeSaml.response(NOW), "Assertion", OURS);
    assertThat(change.apply(xml)).as(name).isNotEqualTo(xml);
    return new Lie(name, guard, behind, change.apply(xml));
  }

  private static Lie weakLie(String name, Signing how, KeyPair key, Guard guard, Guard... behind) {
    return new Lie(
        name, guard, Set.of(behind), signed(SomeSaml.response(NOW), "Assertion", key, how));
  }

  static Stream<Lie> lies() {
    var soon = NOW.plusSeconds(60).toString();
    var past = NOW.minusSeconds(31).toString();
    var later = NOW.plusSeconds(300).toString();
    return Stream.of(
        signedLie(
            "another audience",
            Guard.AUDIENCE,
            xml -> xml.replace("<saml:Audience>", "<saml:Audience>x")),
        signedLie(
            "no audience",
            Guard.AUDIENCE,
            xml -> xml.replaceAll("<saml:AudienceRestriction>.*</saml:AudienceRestriction>", "")),
        signedLie(
            "a condition that nobody knows",
            Guard.AUDIENCE,
            xml -> xml.replace("</saml:Conditions>", "<saml:Condition/></saml:Conditions>")),
        signedLie(
            "another recipient",
            Guard.RECIPIENT,
            xml -> xml.replace("Recipient=\"", "Recipient=\"https://evil.example/")),
        new Lie(
            "no bearer",
            Guard.RECIPIENT,
            // What a bearer brings is not there either.
            Set.of(Guard.TIME, Guard.IN_RESPONSE),
            signed(
                SomeSaml.response(NOW).replace("cm:bearer", "cm:holder-of-key"),
                "Assertion",
                OURS)),
        signedLie(
            "another destination",
            Guard.DESTINATION,
            xml -> xml.replace("Destination=\"", "Destination=\"https://evil.example/")),
        signedLie(
            "nobody asked",
            Guard.IN_RESPONSE,
            xml -> xml.replace(" InResponseTo=\"_request\"", "")),
        signedLie(
            "an answer to two requests",
            Guard.IN_RESPONSE,
            xml -> xml.replaceFirst("InResponseTo=\"_request\"", "InResponseTo=\"_other\"")),
        signedLie(
            "an answer to what somebody else has asked",
            Guard.IN_RESPONSE,
            xml -> xml.replace("InResponseTo=\"_request\"", "InResponseTo=\"_theirs\"")),
        signedLie(
            "conditions that are over",
            Guard.TIME,
            xml -> xml.replaceFirst("(<saml:Conditions .*NotOnOrAfter=\")" + soon, "$1" + past)),
        signedLie(
            "a confirmation that is over",
            Guard.TIME,
            xml -> xml.replaceFirst("NotOnOrAfter=\"" + soon, "NotOnOrAfter=\"" + past)),
        signedLie(
            "good only later",
            Guard.TIME,
            xml -> xml.replaceFirst("NotBefore=\"" + NOW, "NotBefore=\"" + later)),
        signedLie(
            "issued long ago",
            Guard.TIME,
            xml ->
                xml.replaceFirst(
                    "(<saml:Assertion .*?IssueInstant=\")" + NOW, "$1" + NOW.minusSeconds(601))),
        signedLie(
            "a sign-in that is still to come",
            Guard.TIME,
            xml -> xml.replaceFirst("AuthnInstant=\"" + NOW, "AuthnInstant=\"" + later)),
        signedLie(
            "a session that is over",
            Guard.TIME,
            xml ->
                xml.replace(
                    "<saml:AuthnStatement",
                    "<saml:AuthnStatement SessionNotOnOrAfter=\"" + past + "\"")),
        signedLie(
            "another issuer", Guard.ISSUER, xml -> xml.replace("<saml:Issuer>", "<saml:Issuer>x")),
        signedLie(
            "a failure", Guard.STATUS, xml -> xml.replace("status:Success", "status:Responder")),
        signedLie(
            "a name for this once",
            Guard.SUBJECT,
            xml -> xml.replace("nameid-format:persistent", "nameid-format:transient")),
        signedLie(
            "a name that is an address, which may be somebody else's one day",
            Guard.SUBJECT,
            xml -> xml.replace("2.0:nameid-format:persistent", "1.1:nameid-format:emailAddress")),
        signedLie(
            "no name",
            Guard.SUBJECT,
            xml -> xml.replace(">engineer</saml:NameID>", "> </saml:NameID>")),
        changedLie(
            "another name",
            Guard.SIGNED,
            Set.of(Guard.SIGNED_BYTES),
            xml -> xml.replace(">engineer<", ">manager<")),
        changedLie(
            "another audience after it was signed",
            Guard.SIGNED,
            Set.of(Guard.SIGNED_BYTES),
            xml -> xml.replace("engineer@example.com", "manager@example.com")),
        changedLie(
            "its signature is taken away",
            Guard.SIGNATURE_IN_ITS_PLACE,
            Set.of(),
            xml -> xml.replaceAll("(?s)<Signature.*</Signature>", "")),
        changedLie(
            "a type is declared",
            Guard.NO_DOCTYPE,
            Set.of(),
            xml ->
                "<!DOCTYPE r [<!ENTITY who \"engineer\">]>" + xml.replace(">engineer<", ">&who;<")),
        weakLie(
            "canonical in a way that is not exclusive",
            new Signing(
                SomeSaml.RSA_SHA256, DigestMethod.SHA256, CanonicalizationMethod.INCLUSIVE, false),
            OURS,
            Guard.ALGORITHMS),
        weakLie(
            "a stranger's key that comes along",
            new Signing(
                SomeSaml.RSA_SHA256, DigestMethod.SHA256, CanonicalizationMethod.EXCLUSIVE, true),
            STRANGERS,
            Guard.SIGNED,
            Guard.SIGNED_BYTES));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieIsFoundByItsGuard(Lie lie) {
    assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), lie.said()))
        .isInstanceOf(Refusal.class)
        .hasMessage(lie.guard().fault());
  }

  @ParameterizedTest
  @MethodSource("lies")
  void theTwinWithoutTheGuardBelievesIt(Lie lie) {
    var guards = EnumSet.complementOf(EnumSet.of(lie.guard()));
    guards.removeAll(lie.andBehindIt());
    if (lie.guard() == Guard.SIGNATURE_IN_ITS_PLACE) {
      // Nothing is signed, so there is nothing to read again.
      guards.remove(Guard.SIGNED_BYTES);
    }

    assertThat(verify(new SamlVerifier(CLOCK, guards), lie.said())).isNotNull();
  }

  /// Ways to leave what was signed somewhere in the document, and have something else read.
  enum Wrapping {
    BEFORE_IT {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        document.getDocumentElement().insertBefore(evil, signed);
      }
    },
    AROUND_IT {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        document.getDocumentElement().replaceChild(evil, signed);
        evil.appendChild(signed);
      }
    },
    IN_ITS_PLACE_WITH_ITS_SIGNATURE {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        var signature = named(document, "Signature");
        document.getDocumentElement().replaceChild(evil, signed);
        evil.insertBefore(signature, evil.getFirstChild());
        document.getDocumentElement().appendChild(box(document, "Extensions", signed));
      }
    },
    INSIDE_THE_SIGNATURE {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        var signature = named(document, "Signature");
        document.getDocumentElement().replaceChild(evil, signed);
        evil.insertBefore(signature, evil.getFirstChild());
        var object = document.createElementNS(XMLSignature.XMLNS, "Object");
        object.appendChild(signed);
        signature.appendChild(object);
      }
    },
    SIGNATURE_UNDER_THE_RESPONSE {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        var signature = named(document, "Signature");
        document.getDocumentElement().replaceChild(evil, signed);
        document.getDocumentElement().insertBefore(signature, evil);
        evil.appendChild(box(document, "Advice", signed));
      }
    },
    AFTER_IT_UNDER_ANOTHER_NAME {
      @Override
      void wrap(Document document, Element evil) {
        var signed = named(document, "Assertion");
        var root = document.getDocumentElement();
        root.replaceChild(evil, signed);
        root.insertBefore(box(document, "Extensions", signed), evil);
      }
    };

    abstract void wrap(Document document, Element evil);

    static Element box(Document document, String name, Element content) {
      var box = document.createElementNS("urn:oasis:names:tc:SAML:2.0:protocol", name);
      box.appendChild(content);
      return box;
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsNotSignedIsNotRead(Wrapping wrapping) {
    assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), wrapped(wrapping)))
        .isInstanceOf(Refusal.class);
  }

  @ParameterizedTest
  @EnumSource
  void theTwinThatReadsCarelesslyReadsWhatIsNotSigned(Wrapping wrapping) {
    var careless =
        EnumSet.complementOf(
            EnumSet.of(
                Guard.ONE_ASSERTION,
                Guard.SIGNATURE_IN_ITS_PLACE,
                Guard.REFERENCE,
                Guard.SIGNED_BYTES));

    assertThat(verify(new SamlVerifier(CLOCK, careless), wrapped(wrapping)).subject())
        .isEqualTo("manager");
  }

  /// The bytes that were signed are a wall of their own.
  @ParameterizedTest
  @EnumSource
  void whoReadsWhatWasSignedReadsNoLie(Wrapping wrapping) {
    var careless =
        EnumSet.complementOf(
            EnumSet.of(Guard.ONE_ASSERTION, Guard.SIGNATURE_IN_ITS_PLACE, Guard.REFERENCE));

    assertThat(verify(new SamlVerifier(CLOCK, careless), wrapped(wrapping)).subject())
        .isEqualTo("engineer");
  }

  @Test
  void oneIdIsOneElements() {
    var twice =
        changed(
            signed(SomeSaml.response(NOW), "Assertion", OURS),
            document -> {
              var evil = (Element) named(document, "Assertion").cloneNode(true);
              named(document, "Status").appendChild(evil);
              evil.getOwnerDocument()
                  .renameNode(evil, "urn:oasis:names:tc:SAML:2.0:protocol", "Other");
              return document;
            });

    assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), twice))
        .hasMessage(Guard.IDS_ARE_ONE_ELEMENTS.fault());
  }

  @Test
  void theTruthIsBelievedWhereverItIsSigned() {
    var xml = SomeSaml.response(NOW);

    for (var good :
        List.of(
            signed(xml, "Assertion", OURS),
            signed(xml, "Response", OURS),
            signed(signed(xml, "Assertion", OURS), "Response", OURS))) {
      assertThat(verify(new SamlVerifier(CLOCK), good))
          .isEqualTo(
              new Asserted("_assertion", "engineer", "engineer@example.com", null, NOW, "gold"));
    }
  }

  @Test
  void aKeyOfAnEllipticCurveSignsToo() {
    var curve = key("EC", 256);
    var how =
        new Signing(
            "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256",
            DigestMethod.SHA256,
            CanonicalizationMethod.EXCLUSIVE,
            false);
    var provider = new SamlProvider(SomeSaml.ENTITY, List.of(OURS.getPublic(), curve.getPublic()));

    assertThat(
            new SamlVerifier(CLOCK)
                .verify(
                    encoded(signed(SomeSaml.response(NOW), "Assertion", curve, how)),
                    provider,
                    REQUEST)
                .subject())
        .isEqualTo("engineer");
  }

  @Test
  void aCommentCutsNoNameShort() {
    var longer = SomeSaml.response(NOW).replace(">engineer<", ">manager.evil.example<");
    var cut = signed(longer, "Assertion", OURS).replace(">manager.evil", ">manager<!-- -->.evil");

    assertThat(cut).contains("<!-- -->");
    assertThat(verify(new SamlVerifier(CLOCK), cut).subject()).isEqualTo("manager.evil.example");
    // What a careless reader of the document would take.
    assertThat(String.valueOf(named(SomeSaml.parse(cut), "NameID").getFirstChild().getNodeValue()))
        .isEqualTo("manager");
  }

  @Test
  void anEntityReadsNoFile() {
    var xml =
        "<!DOCTYPE r [<!ENTITY file SYSTEM \"file:///etc/passwd\">]>"
            + SomeSaml.response(NOW).replace(">engineer<", ">&file;<");

    assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), xml))
        .hasMessage(Guard.NO_DOCTYPE.fault());
    // Without the guard the parser still opens nothing.
    assertThatThrownBy(() ->
            verify(
                new SamlVerifier(CLOCK, EnumSet.complementOf(EnumSet.of(Guard.NO_DOCTYPE))), xml))
        .hasMessage("What the provider says is no XML.");
  }

  @Test
  void weakDigestsAndKeysAreRefused() {
    var digest =
        new Signing(
            SomeSaml.RSA_SHA256, DigestMethod.SHA1, CanonicalizationMethod.EXCLUSIVE, false);
    var method =
        new Signing(
            "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            DigestMethod.SHA256,
            CanonicalizationMethod.EXCLUSIVE,
            false);
    var comments =
        new Signing(
            SomeSaml.RSA_SHA256,
            DigestMethod.SHA256,
            CanonicalizationMethod.EXCLUSIVE_WITH_COMMENTS,
            false);
    var small = key("RSA", 1024);

    for (var how : List.of(digest, method, comments)) {
      assertThatThrownBy(() ->
              verify(
                  new SamlVerifier(CLOCK), signed(SomeSaml.response(NOW), "Assertion", OURS, how)))
          .isInstanceOf(Refusal.class);
    }
    assertThatThrownBy(() ->
            new SamlVerifier(CLOCK)
                .verify(
                    encoded(signed(SomeSaml.response(NOW), "Assertion", small)),
                    new SamlProvider(SomeSaml.ENTITY, List.of(small.getPublic())),
                    REQUEST))
        .isInstanceOf(Refusal.class);
  }

  @Test
  void ofTwoAddressesNeitherIsTaken() {
    var more =
        "<saml:Attribute Name=\"mail\"><saml:AttributeValue>%s</saml:AttributeValue></saml:Attribute>"
            + "</saml:AttributeStatement>";
    var xml = SomeSaml.response(NOW);
    var end = "</saml:AttributeStatement>";
    var same = xml.replace(end, more.formatted("engineer@example.com"));
    var other = xml.replace(end, more.formatted("manager@example.com"));

    assertThat(verify(new SamlVerifier(CLOCK), signed(same, "Assertion", OURS)).email())
        .isEqualTo("engineer@example.com");
    assertThat(verify(new SamlVerifier(CLOCK), signed(other, "Assertion", OURS)).email()).isNull();
  }

  @Test
  void whatIsDeepOrWideIsNoXmlOfAnybodys() {
    var deep = "<a>".repeat(20_000) + "</a>".repeat(20_000);
    var wide = new StringBuilder("<a ");
    for (var at = 0; at < 5_000; at++) {
      wide.append("a").append(at).append("=\"\" ");
    }

    for (var xml : List.of(deep, wide + "/>")) {
      assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), xml))
          .hasMessage("What the provider says is no XML.");
    }
  }

  @Test
  void whatIsEncryptedIsNotTakenAndThatIsSaid() {
    var xml =
        SomeSaml.response(NOW)
            .replaceAll("<saml:Assertion.*</saml:Assertion>", "<saml:EncryptedAssertion/>");

    assertThatThrownBy(() -> verify(new SamlVerifier(CLOCK), xml))
        .hasMessage(Guard.NOTHING_ENCRYPTED.fault());
  }

  @Test
  void whatIsNoResponseIsNone() {
    for (var nonsense : List.of("", "!", encoded("x"), encoded("<a/>"), "A".repeat(300_000))) {
      assertThatThrownBy(() -> new SamlVerifier(CLOCK).verify(nonsense, PROVIDER, REQUEST))
          .isInstanceOf(Refusal.class);
    }
  }

  private static String wrapped(Wrapping wrapping) {
    return changed(
        signed(SomeSaml.response(NOW), "Assertion", OURS),
        document -> {
          var evil =
              (Element)
                  document.importNode(
                      named(
                          SomeSaml.parse(
                              SomeSaml.response(NOW)
                                  .replace("_assertion", "_evil")
                                  .replace(">engineer<", ">manager<")),
                          "Assertion"),
                      true);
          wrapping.wrap(document, evil);
          return document;
        });
  }

  private static Asserted verify(SamlVerifier verifier, String xml) {
    return verifier.verify(encoded(xml), PROVIDER, REQUEST);
  }
}
