// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.net.URI;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.crypto.dsig.XMLSignature;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;

/// What a provider publishes about itself, as a manager pastes it.
///
/// @param entityId its name
/// @param signOn where it takes requests in an address
/// @param certificates what it signs with
public record SamlMetadata(String entityId, URI signOn, List<X509Certificate> certificates) {
  /// How long it may be, in characters.
  public static final int LONGEST = 256 * 1024;

  private static final String METADATA = "urn:oasis:names:tc:SAML:2.0:metadata";
  private static final String IN_AN_ADDRESS = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");
  private static final Pattern ENTITY = Pattern.compile("[!-~]{3,300}");
  private static final Pattern ADDRESS =
      Pattern.compile("https?://[A-Za-z0-9._~:/?@!$&*+,=%\\[\\]-]{1,390}");
  private static final int MOST_CERTIFICATES = 5;
  private static final int LONGEST_CERTIFICATE = 8_000;
  private static final int SMALLEST_RSA = 2048;
  private static final int SMALLEST_CURVE = 256;

  public SamlMetadata {
    certificates = List.copyOf(certificates);
  }

  /// Reads what was pasted, and leaves out nothing that would be needed later.
  ///
  /// @param inside whether a provider may be on this machine without TLS
  /// @throws Refusal with what is wrong
  public static SamlMetadata read(String pasted, boolean inside, Instant now) {
    if (pasted.length() > LONGEST) {
      throw new Refusal("The metadata is longer than %d characters.".formatted(LONGEST));
    }
    var entity = Xml.parse(pasted.strip().getBytes(UTF_8), true).getDocumentElement();
    if (!Xml.is(entity, METADATA, "EntityDescriptor")) {
      throw new Refusal("The metadata is not of one provider (`EntityDescriptor`).");
    }
    if (!ENTITY.matcher(entity.getAttribute("entityID")).matches()) {
      throw new Refusal("The metadata has no `entityID` of 3 to 300 plain characters.");
    }
    var provider = Xml.child(entity, METADATA, "IDPSSODescriptor");
    if (provider == null
        || !List.of(provider.getAttribute("protocolSupportEnumeration").split("\\s+"))
            .contains(Xml.PROTOCOL)) {
      throw new Refusal(
          "The metadata is not that of a provider of SAML 2.0 (`IDPSSODescriptor`). Your"
              + " provider's own is wanted here, not that of an application.");
    }
    if (isOver(entity, now) || isOver(provider, now)) {
      throw new Refusal("The metadata is over (`validUntil`); download it anew.");
    }
    return new SamlMetadata(
        entity.getAttribute("entityID"), signOnOf(provider, inside), certificatesOf(provider, now));
  }

  private static boolean isOver(Element element, Instant now) {
    var until = element.getAttribute("validUntil");
    try {
      return !until.isEmpty() && !Instant.parse(until).isAfter(now);
    } catch (DateTimeException unreadable) {
      throw new Refusal("The metadata has a `validUntil` that is no time.", unreadable);
    }
  }

  private static URI signOnOf(Element provider, boolean inside) {
    var address =
        Xml.children(provider, METADATA, "SingleSignOnService").stream()
            .filter(service -> service.getAttribute("Binding").equals(IN_AN_ADDRESS))
            .map(service -> service.getAttribute("Location"))
            .findFirst()
            .orElseThrow(() ->
                new Refusal(
                    "The metadata names no place for requests in an address (`HTTP-Redirect`)."));
    var fault =
        "The place for requests (`SingleSignOnService`) is an address that begins with https.";
    if (!ADDRESS.matcher(address).matches()) {
      throw new Refusal(fault);
    }
    URI place;
    try {
      place = URI.create(address);
    } catch (IllegalArgumentException unreadable) {
      throw new Refusal(fault, unreadable);
    }
    var near = inside && "http".equals(place.getScheme()) && THIS_MACHINE.contains(place.getHost());
    if (place.getHost() == null
        || place.getUserInfo() != null
        || !(near || "https".equals(place.getScheme()))) {
      throw new Refusal(fault);
    }
    return place;
  }

  private static List<X509Certificate> certificatesOf(Element provider, Instant now) {
    var published =
        Xml.children(provider, METADATA, "KeyDescriptor").stream()
            .filter(key -> !key.getAttribute("use").equals("encryption"))
            .map(SamlMetadata::certificateOf)
            .distinct()
            .toList();
    if (published.isEmpty() || published.size() > MOST_CERTIFICATES) {
      throw new Refusal(
          "The metadata has 1 to %d certificates for signing.".formatted(MOST_CERTIFICATES));
    }
    if (!published.stream().map(Certificate::getPublicKey).allMatch(SamlMetadata::isStrong)) {
      throw new Refusal(
          "A certificate has a key that is too short, or of a kind that is not taken here: RSA of"
              + " 2048 bits, or an elliptic curve of 256.");
    }
    if (published.stream().noneMatch(isGoodAt(now))) {
      throw new Refusal("None of the certificates is good now.");
    }
    return published;
  }

  private static X509Certificate certificateOf(Element key) {
    var data =
        Xml.child(Xml.child(key, XMLSignature.XMLNS, "KeyInfo"), XMLSignature.XMLNS, "X509Data");
    var text = Xml.text(Xml.child(data, XMLSignature.XMLNS, "X509Certificate"));
    return certificate(text);
  }

  private static X509Certificate certificate(@Nullable String base64) {
    if (base64 == null || base64.length() > LONGEST_CERTIFICATE) {
      throw new Refusal("A key in the metadata has no certificate, or one that is too long.");
    }
    try {
      var bytes = Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
      var in = new ByteArrayInputStream(bytes);
      var read = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
      if (!Arrays.equals(read.getEncoded(), bytes)) {
        throw new Refusal("A certificate has something behind its end.");
      }
      return read;
    } catch (CertificateException | IllegalArgumentException | ClassCastException unreadable) {
      throw new Refusal("A certificate cannot be read.", unreadable);
    }
  }

  private static boolean isStrong(PublicKey key) {
    return switch (key) {
      case RSAPublicKey rsa -> rsa.getModulus().bitLength() >= SMALLEST_RSA;
      case ECPublicKey curve ->
          curve.getParams().getCurve().getField().getFieldSize() >= SMALLEST_CURVE;
      default -> false;
    };
  }

  private static Predicate<X509Certificate> isGoodAt(Instant now) {
    return certificate ->
        !now.isBefore(certificate.getNotBefore().toInstant())
            && now.isBefore(certificate.getNotAfter().toInstant());
  }

  /// The certificates as they are kept.
  public String kept() {
    return certificates.stream()
        .map(certificate -> {
          try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
          } catch (CertificateEncodingException impossible) {
            throw new IllegalStateException("It was read from its bytes", impossible);
          }
        })
        .collect(Collectors.joining(" "));
  }

  /// The certificates as they were kept.
  public static List<X509Certificate> certificates(String kept) {
    return Arrays.stream(kept.split(" ")).map(SamlMetadata::certificate).toList();
  }

  /// A provider, with those of its keys that are good now.
  public static SamlProvider provider(String entityId, String kept, Instant now) {
    return new SamlProvider(
        entityId,
        certificates(kept).stream()
            .filter(isGoodAt(now))
            .map(certificate -> Objects.requireNonNull(certificate.getPublicKey()))
            .toList());
  }

  /// What a provider needs to know about us.
  ///
  /// @param place where answers go to
  public static String ours(URI place) {
    return """
    <?xml version="1.0" encoding="UTF-8"?>
    <md:EntityDescriptor xmlns:md="%s" entityID="%s">
      <md:SPSSODescriptor protocolSupportEnumeration="%s" AuthnRequestsSigned="false" WantAssertionsSigned="true">
        <md:NameIDFormat>%s</md:NameIDFormat>
        <md:AssertionConsumerService Binding="%s" Location="%s" index="0" isDefault="true"/>
      </md:SPSSODescriptor>
    </md:EntityDescriptor>
    """
        .formatted(
            METADATA,
            SamlRequest.written(SamlRequest.nameOf(place)),
            Xml.PROTOCOL,
            SamlRequest.PERSISTENT,
            SamlRequest.POSTED,
            SamlRequest.written(place));
  }
}
