// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import javax.xml.crypto.KeySelector;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.Reference;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignature;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMValidateContext;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Reads a SAML response as strictly as it can be read: one assertion in its place, signed by a key
/// that was entered and not brought along, and read again from the very bytes that were signed.
/// Encrypted assertions, logout and responses that nobody asked for are not taken.
public final class SamlVerifier {
  private static final String BEARER = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
  private static final String SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success";
  private static final String EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#";
  private static final String MORE = "http://www.w3.org/2001/04/xmldsig-more#";
  private static final Set<String> SIGNATURES =
      Set.of(
          MORE + "rsa-sha256",
          MORE + "rsa-sha384",
          MORE + "rsa-sha512",
          MORE + "ecdsa-sha256",
          MORE + "ecdsa-sha384",
          MORE + "ecdsa-sha512");
  private static final Set<String> DIGESTS =
      Set.of(
          "http://www.w3.org/2001/04/xmlenc#sha256",
          MORE + "sha384",
          "http://www.w3.org/2001/04/xmlenc#sha512");
  private static final Set<String> KNOWN_CONDITIONS =
      Set.of("AudienceRestriction", "OneTimeUse", "ProxyRestriction");
  private static final Set<String> ADDRESSES =
      Set.of(
          "email",
          "mail",
          "urn:oid:0.9.2342.19200300.100.1.3",
          "urn:oid:1.2.840.113549.1.9.1",
          "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress");
  private static final Set<String> NAMES =
      Set.of(
          "name",
          "displayName",
          "urn:oid:2.16.840.1.113730.3.1.241",
          "http://schemas.microsoft.com/identity/claims/displayname");
  private static final Duration SKEW = Duration.ofSeconds(30);
  private static final Duration FRESH = Duration.ofMinutes(10);
  private static final int LONGEST = 256 * 1024;
  private static final int LONGEST_SUBJECT = 255;
  private static final int SMALLEST_RSA = 2048;

  private final Clock clock;
  private final Set<Guard> guards;

  public SamlVerifier(Clock clock) {
    this(clock, EnumSet.allOf(Guard.class));
  }

  SamlVerifier(Clock clock, Set<Guard> guards) {
    this.clock = clock;
    this.guards = EnumSet.copyOf(guards);
  }

  /// Says whom a response speaks of.
  ///
  /// @param encoded as a browser posts it
  /// @param request what it has to answer
  /// @throws Refusal if it is not taken
  public Asserted verify(String encoded, SamlProvider provider, SamlRequest request) {
    var place = request.place().toString();
    var document = Xml.parse(decoded(encoded), guards.contains(Guard.NO_DOCTYPE));
    var response = document.getDocumentElement();
    demand(
        Guard.NOTHING_ENCRYPTED,
        document.getElementsByTagNameNS(Xml.ASSERTION, "EncryptedAssertion").getLength() == 0
            && document.getElementsByTagNameNS(Xml.ASSERTION, "EncryptedID").getLength() == 0);
    var assertion = assertionIn(document, response);
    demand(Guard.IDS_ARE_ONE_ELEMENTS, idsAreOneElements(document));
    var destination = response.getAttribute("Destination");
    demand(Guard.DESTINATION, destination.isEmpty() || destination.equals(place));
    demand(Guard.STATUS, SUCCESS.equals(statusOf(response)));
    var responseIssuer = Xml.child(response, Xml.ASSERTION, "Issuer");
    demand(
        Guard.ISSUER,
        responseIssuer == null || provider.entityId().equals(Xml.text(responseIssuer)));
    var signed = signed(document, response, assertion, provider);
    var answered = response.getAttribute("InResponseTo");
    demand(Guard.IN_RESPONSE, answered.isEmpty() || answered.equals(request.id()));
    return read(signed, provider, request);
  }

  private Asserted read(Element assertion, SamlProvider provider, SamlRequest request) {
    var now = clock.instant();
    demand(
        Guard.ISSUER,
        provider.entityId().equals(Xml.text(Xml.child(assertion, Xml.ASSERTION, "Issuer")))
            && "2.0".equals(assertion.getAttribute("Version")));
    var issued = instant(assertion, "IssueInstant");
    demand(
        Guard.TIME,
        issued != null && !issued.isAfter(now.plus(SKEW)) && issued.isAfter(now.minus(FRESH)));
    var subject = Xml.child(assertion, Xml.ASSERTION, "Subject");
    confirmed(subject, request, now);
    conditions(
        Xml.child(assertion, Xml.ASSERTION, "Conditions"),
        SamlRequest.nameOf(request.place()).toString(),
        now);
    var statement = Xml.child(assertion, Xml.ASSERTION, "AuthnStatement");
    var provedAt = statement == null ? null : instant(statement, "AuthnInstant");
    demand(Guard.TIME, provedAt != null && !provedAt.isAfter(now.plus(SKEW)));
    var ends = statement == null ? null : instant(statement, "SessionNotOnOrAfter");
    demand(Guard.TIME, ends == null || ends.plus(SKEW).isAfter(now));
    var nameId = Xml.child(subject, Xml.ASSERTION, "NameID");
    var name = Xml.text(nameId);
    var format = nameId == null ? "" : nameId.getAttribute("Format");
    demand(
        Guard.SUBJECT,
        name != null
            && !name.isBlank()
            && name.length() <= LONGEST_SUBJECT
            && name.chars().noneMatch(Character::isISOControl)
            // Other names may be somebody else's one day, as an address may.
            && format.equals(SamlRequest.PERSISTENT));
    return new Asserted(
        assertion.getAttribute("ID"),
        String.valueOf(name),
        attribute(assertion, ADDRESSES),
        attribute(assertion, NAMES),
        provedAt == null ? Instant.EPOCH : provedAt,
        Xml.text(
            Xml.child(
                Xml.child(statement, Xml.ASSERTION, "AuthnContext"),
                Xml.ASSERTION,
                "AuthnContextClassRef")));
  }

  /// Demands a bearer that answers the request, at our place and now.
  private void confirmed(@Nullable Element subject, SamlRequest request, Instant now) {
    var confirmations = Xml.children(subject, Xml.ASSERTION, "SubjectConfirmation");
    var data =
        confirmations.size() == 1 && BEARER.equals(confirmations.getFirst().getAttribute("Method"))
            ? Xml.child(confirmations.getFirst(), Xml.ASSERTION, "SubjectConfirmationData")
            : null;
    demand(
        Guard.RECIPIENT,
        data != null && request.place().toString().equals(data.getAttribute("Recipient")));
    var until = data == null ? null : instant(data, "NotOnOrAfter");
    var from = data == null ? null : instant(data, "NotBefore");
    demand(
        Guard.TIME,
        until != null
            && until.plus(SKEW).isAfter(now)
            && (from == null || !from.isAfter(now.plus(SKEW))));
    demand(
        Guard.IN_RESPONSE, data != null && request.id().equals(data.getAttribute("InResponseTo")));
  }

  private void conditions(@Nullable Element conditions, String us, Instant now) {
    var from = conditions == null ? null : instant(conditions, "NotBefore");
    var until = conditions == null ? null : instant(conditions, "NotOnOrAfter");
    demand(
        Guard.TIME,
        (from == null || !from.isAfter(now.plus(SKEW)))
            && until != null
            && until.plus(SKEW).isAfter(now));
    var restrictions = Xml.children(conditions, Xml.ASSERTION, "AudienceRestriction");
    demand(
        Guard.AUDIENCE,
        !restrictions.isEmpty()
            && Xml.elements(conditions).stream()
                .allMatch(one -> KNOWN_CONDITIONS.contains(one.getLocalName()))
            && restrictions.stream()
                .allMatch(restriction ->
                    Xml.children(restriction, Xml.ASSERTION, "Audience").stream()
                        .anyMatch(audience -> us.equals(Xml.text(audience)))));
  }

  private Element assertionIn(Document document, Element response) {
    var all = document.getElementsByTagNameNS("*", "Assertion");
    var ours = Xml.children(response, Xml.ASSERTION, "Assertion");
    demand(
        Guard.ONE_ASSERTION,
        Xml.is(response, Xml.PROTOCOL, "Response")
            && "2.0".equals(response.getAttribute("Version"))
            && all.getLength() == 1
            && ours.size() == 1);
    // Without the guard, for its twin: the first there is, as a careless reader takes it.
    if (all.item(0) instanceof Element first) {
      return ours.isEmpty() ? first : ours.getFirst();
    }
    throw new Refusal(Guard.ONE_ASSERTION.fault());
  }

  /// The assertion, read again from the bytes that a signature covers.
  private Element signed(
      Document document, Element response, Element assertion, SamlProvider provider) {
    var all = document.getElementsByTagNameNS(XMLSignature.XMLNS, "Signature");
    var ofResponse = Xml.children(response, XMLSignature.XMLNS, "Signature");
    var ofAssertion = Xml.children(assertion, XMLSignature.XMLNS, "Signature");
    demand(
        Guard.SIGNATURE_IN_ITS_PLACE,
        all.getLength() > 0
            && all.getLength() == ofResponse.size() + ofAssertion.size()
            && ofResponse.size() <= 1
            && ofAssertion.size() <= 1);
    var covered = new ArrayList<byte[]>();
    for (var at = 0; at < all.getLength(); at++) {
      var signature = (Element) Objects.requireNonNull(all.item(at));
      covered.add(covered(signature, provider));
    }
    if (!guards.contains(Guard.SIGNED_BYTES) || covered.isEmpty()) {
      return assertion;
    }
    // All of them hold; the last one is the innermost.
    var again =
        Xml.parse(covered.getLast(), guards.contains(Guard.NO_DOCTYPE)).getDocumentElement();
    var read =
        Xml.is(again, Xml.ASSERTION, "Assertion")
            ? again
            : Xml.child(again, Xml.ASSERTION, "Assertion");
    if (read == null) {
      throw new Refusal(Guard.SIGNED_BYTES.fault());
    }
    return read;
  }

  private byte[] covered(Element element, SamlProvider provider) {
    var owner = (Element) Objects.requireNonNull(element.getParentNode());
    try {
      for (var key : provider.keys()) {
        var context = new DOMValidateContext(KeySelector.singletonKeySelector(key), element);
        context.setProperty("org.jcp.xml.dsig.secureValidation", true);
        context.setProperty("javax.xml.crypto.dsig.cacheReference", true);
        markIds(element.getOwnerDocument(), context);
        var signature = XMLSignatureFactory.getInstance("DOM").unmarshalXMLSignature(context);
        demand(Guard.ALGORITHMS, isStrong(signature) && isStrong(key));
        if (!fits(key, signature)) {
          continue;
        }
        var references = signature.getSignedInfo().getReferences();
        demand(
            Guard.REFERENCE,
            references.size() == 1
                && signature.getObjects().isEmpty()
                && !owner.getAttribute("ID").isEmpty()
                && ("#" + owner.getAttribute("ID")).equals(references.getFirst().getURI()));
        if (signature.validate(context)) {
          return references.getFirst().getDigestInputStream().readAllBytes();
        }
      }
    } catch (MarshalException | XMLSignatureException | IOException unreadable) {
      throw new Refusal(Guard.SIGNED.fault(), unreadable);
    } catch (ClassCastException | IllegalArgumentException | NullPointerException odd) {
      // The JDK says so of signatures of an odd form.
      throw new Refusal(Guard.SIGNED.fault(), odd);
    }
    demand(Guard.SIGNED, false);
    return new byte[0];
  }

  /// A provider may have keys of several kinds.
  private static boolean fits(PublicKey key, XMLSignature signature) {
    var curve = signature.getSignedInfo().getSignatureMethod().getAlgorithm().contains("ecdsa");
    return curve == key.getAlgorithm().equals("EC");
  }

  private static boolean isStrong(XMLSignature signature) {
    var info = signature.getSignedInfo();
    return SIGNATURES.contains(info.getSignatureMethod().getAlgorithm())
        && EXCLUSIVE.equals(info.getCanonicalizationMethod().getAlgorithm())
        && info.getReferences().stream().allMatch(SamlVerifier::isStrong);
  }

  private static boolean isStrong(Reference reference) {
    var transforms = reference.getTransforms().stream().map(Transform::getAlgorithm).toList();
    return DIGESTS.contains(reference.getDigestMethod().getAlgorithm())
        && transforms.equals(List.of(Transform.ENVELOPED, EXCLUSIVE));
  }

  private static boolean isStrong(PublicKey key) {
    return !(key instanceof RSAPublicKey rsa) || rsa.getModulus().bitLength() >= SMALLEST_RSA;
  }

  private static boolean idsAreOneElements(Document document) {
    var seen = new HashSet<String>();
    return ids(document).allMatch(seen::add);
  }

  private static Stream<String> ids(Document document) {
    return Xml.all(document).stream()
        .flatMap(element -> {
          var attributes = element.getAttributes();
          var ids = new ArrayList<String>();
          for (var at = 0; at < attributes.getLength(); at++) {
            var attribute = Objects.requireNonNull(attributes.item(at));
            if ("id".equalsIgnoreCase(attribute.getLocalName())) {
              ids.add(String.valueOf(attribute.getNodeValue()));
            }
          }
          return ids.stream();
        });
  }

  private static void markIds(Document document, DOMValidateContext context) {
    for (var element : Xml.all(document)) {
      if (element.hasAttributeNS(null, "ID")) {
        context.setIdAttributeNS(element, null, "ID");
      }
    }
  }

  private static @Nullable String statusOf(Element response) {
    var code = Xml.child(Xml.child(response, Xml.PROTOCOL, "Status"), Xml.PROTOCOL, "StatusCode");
    return code == null ? null : code.getAttribute("Value");
  }

  private static @Nullable String attribute(Element assertion, Set<String> names) {
    return Xml.children(assertion, Xml.ASSERTION, "AttributeStatement").stream()
        .flatMap(statement -> Xml.children(statement, Xml.ASSERTION, "Attribute").stream())
        .filter(attribute -> names.contains(attribute.getAttribute("Name")))
        .map(attribute -> Xml.text(Xml.child(attribute, Xml.ASSERTION, "AttributeValue")))
        .filter(Objects::nonNull)
        .distinct()
        // Of two that differ, neither is taken.
        .reduce((one, other) -> "")
        .filter(said -> !said.isEmpty())
        .orElse(null);
  }

  private @Nullable Instant instant(Element element, String attribute) {
    var text = element.getAttribute(attribute);
    if (text.isEmpty()) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException unreadable) {
      throw new Refusal(Guard.TIME.fault(), unreadable);
    }
  }

  private static byte[] decoded(String encoded) {
    if (encoded.length() > LONGEST) {
      throw new Refusal("The provider's response is too long.");
    }
    try {
      return Base64.getDecoder().decode(encoded.replaceAll("\\s", ""));
    } catch (IllegalArgumentException unreadable) {
      throw new Refusal("The provider's response is no Base64.", unreadable);
    }
  }

  private void demand(Guard guard, boolean holds) {
    if (!holds && guards.contains(guard)) {
      throw new Refusal(guard.fault());
    }
  }
}
