// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.StringWriter;
import java.security.KeyPair;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.keyinfo.KeyInfo;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

/// Responses as a provider makes them, and as liars change them.
final class SomeSaml {
  static final String ENTITY = "https://idp.example.com/saml";
  static final String US = "https://pages.example.com/sign-in/sso/ours/metadata";
  static final String PLACE = "https://pages.example.com/sign-in/sso/ours";
  static final String RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

  /// How it is signed.
  record Signing(String method, String digest, String form, boolean withKey) {
    static final Signing GOOD =
        new Signing(RSA_SHA256, DigestMethod.SHA256, CanonicalizationMethod.EXCLUSIVE, false);
  }

  private SomeSaml() {}

  static String response(Instant now) {
    return """
    <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
    xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_response" Version="2.0" \
    IssueInstant="$now" Destination="$place" InResponseTo="_request">\
    <saml:Issuer>$entity</saml:Issuer>\
    <samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>\
    <saml:Assertion ID="_assertion" Version="2.0" IssueInstant="$now">\
    <saml:Issuer>$entity</saml:Issuer>\
    <saml:Subject>\
    <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">engineer</saml:NameID>\
    <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
    <saml:SubjectConfirmationData InResponseTo="_request" NotOnOrAfter="$soon" Recipient="$place"/>\
    </saml:SubjectConfirmation></saml:Subject>\
    <saml:Conditions NotBefore="$now" NotOnOrAfter="$soon">\
    <saml:AudienceRestriction><saml:Audience>$us</saml:Audience></saml:AudienceRestriction>\
    </saml:Conditions>\
    <saml:AuthnStatement AuthnInstant="$now"><saml:AuthnContext>\
    <saml:AuthnContextClassRef>gold</saml:AuthnContextClassRef>\
    </saml:AuthnContext></saml:AuthnStatement>\
    <saml:AttributeStatement><saml:Attribute Name="email">\
    <saml:AttributeValue>engineer@example.com</saml:AttributeValue></saml:Attribute>\
    </saml:AttributeStatement>\
    </saml:Assertion></samlp:Response>\
    """
        .replace("$now", now.toString())
        .replace("$soon", now.plusSeconds(60).toString())
        .replace("$entity", ENTITY)
        .replace("$place", PLACE)
        .replace("$us", US);
  }

  static String signed(String xml, String element, KeyPair key) {
    return signed(xml, element, key, Signing.GOOD);
  }

  static String signed(String xml, String element, KeyPair key, Signing how) {
    try {
      var document = parse(xml);
      var owner = named(document, element);
      var factory = XMLSignatureFactory.getInstance("DOM");
      var reference =
          factory.newReference(
              "#" + owner.getAttribute("ID"),
              factory.newDigestMethod(how.digest(), null),
              List.of(
                  factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                  factory.newTransform(how.form(), (TransformParameterSpec) null)),
              null,
              null);
      var info =
          factory.newSignedInfo(
              factory.newCanonicalizationMethod(
                  CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
              factory.newSignatureMethod(how.method(), null),
              List.of(reference));
      var context = new DOMSignContext(key.getPrivate(), owner);
      context.setNextSibling(Objects.requireNonNull(owner.getFirstChild()).getNextSibling());
      context.setIdAttributeNS(owner, null, "ID");
      KeyInfo brought = null;
      if (how.withKey()) {
        var keys = factory.getKeyInfoFactory();
        brought = keys.newKeyInfo(List.of(keys.newKeyValue(key.getPublic())));
      }
      factory.newXMLSignature(info, brought).sign(context);
      return write(document);
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  static String changed(String xml, UnaryOperator<Document> change) {
    return write(change.apply(parse(xml)));
  }

  static Element named(Document document, String name) {
    return (Element) Objects.requireNonNull(document.getElementsByTagNameNS("*", name).item(0));
  }

  static String encoded(String xml) {
    return Base64.getEncoder().encodeToString(xml.getBytes(UTF_8));
  }

  static Document parse(String xml) {
    try {
      return DocumentBuilderFactory.newDefaultNSInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  private static String write(Document document) {
    try {
      var writer = new StringWriter();
      var transformer = TransformerFactory.newDefaultInstance().newTransformer();
      transformer.setOutputProperty(OutputKeys.OMIT_XML_DECLARATION, "yes");
      transformer.transform(new DOMSource(document), new StreamResult(writer));
      return writer.toString();
    } catch (Exception impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
