// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import javax.xml.crypto.MarshalException;
import javax.xml.crypto.dsig.CanonicalizationMethod;
import javax.xml.crypto.dsig.DigestMethod;
import javax.xml.crypto.dsig.Transform;
import javax.xml.crypto.dsig.XMLSignatureException;
import javax.xml.crypto.dsig.XMLSignatureFactory;
import javax.xml.crypto.dsig.dom.DOMSignContext;
import javax.xml.crypto.dsig.spec.C14NMethodParameterSpec;
import javax.xml.crypto.dsig.spec.TransformParameterSpec;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.OutputKeys;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/// A provider that speaks SAML, on this machine and at another site than the pages: what it posts
/// brings no cookie of theirs along.
public final class SomeSamlProvider implements AutoCloseable {
  /// Whom it speaks of next.
  public String email = "engineer@example.com";

  /// What a liar has it say before it signs.
  UnaryOperator<String> said = UnaryOperator.identity();

  private final KeyPair key = key();
  private final HttpServer server;

  public SomeSamlProvider() {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
    } catch (IOException missing) {
      throw new IllegalStateException(missing);
    }
    server.createContext("/", this::page);
    server.start();
  }

  private static KeyPair key() {
    try {
      var generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  public String address() {
    return "http://localhost:" + server.getAddress().getPort();
  }

  public String metadata() {
    var now = Instant.now();
    return """
    <md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="%1$s/saml?id=1">
    <md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <md:KeyDescriptor><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>\
    <X509Certificate>%2$s</X509Certificate></X509Data></KeyInfo></md:KeyDescriptor>
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" \
    Location="%1$s/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>
    """
        .formatted(
            address(),
            SomeCertificate.of(
                key, key, now.minus(Duration.ofDays(1)), now.plus(Duration.ofDays(1))));
  }

  /// What a browser brought.
  ///
  /// @param state what it takes back
  record Asked(String id, String place, String us, String state, boolean again) {}

  static Asked asked(String address) {
    var fields =
        Arrays.stream(String.valueOf(URI.create(address).getRawQuery()).split("&"))
            .map(field -> field.split("=", 2))
            .collect(
                Collectors.toMap(field -> field[0], field -> URLDecoder.decode(field[1], UTF_8)));
    var bytes = Base64.getDecoder().decode(fields.get("SAMLRequest"));
    try (var in = new InflaterInputStream(new ByteArrayInputStream(bytes), new Inflater(true))) {
      var request = parse(new String(in.readAllBytes(), UTF_8));
      var root = request.getDocumentElement();
      return new Asked(
          root.getAttribute("ID"),
          root.getAttribute("AssertionConsumerServiceURL"),
          named(request, "Issuer").getTextContent(),
          String.valueOf(fields.get("RelayState")),
          root.getAttribute("ForceAuthn").equals("true"));
    } catch (IOException unreadable) {
      throw new IllegalStateException(unreadable);
    }
  }

  /// What it says, before anybody signs it.
  String response(Asked asked) {
    var now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    var xml =
        """
        <samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" \
        xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_r$uuid" Version="2.0" \
        IssueInstant="$now" Destination="$place" InResponseTo="$id">\
        <saml:Issuer>$entity</saml:Issuer><samlp:Status>\
        <samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>\
        <saml:Assertion ID="_a$uuid" Version="2.0" IssueInstant="$now">\
        <saml:Issuer>$entity</saml:Issuer><saml:Subject>\
        <saml:NameID Format="urn:oasis:names:tc:SAML:2.0:nameid-format:persistent">\
        subject-of-$email</saml:NameID>\
        <saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer">\
        <saml:SubjectConfirmationData InResponseTo="$id" NotOnOrAfter="$soon" \
        Recipient="$place"/></saml:SubjectConfirmation></saml:Subject>\
        <saml:Conditions NotBefore="$now" NotOnOrAfter="$soon"><saml:AudienceRestriction>\
        <saml:Audience>$us</saml:Audience></saml:AudienceRestriction></saml:Conditions>\
        <saml:AuthnStatement AuthnInstant="$now"><saml:AuthnContext><saml:AuthnContextClassRef>\
        gold</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>\
        <saml:AttributeStatement><saml:Attribute \
        Name="http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress">\
        <saml:AttributeValue>$email</saml:AttributeValue></saml:Attribute>\
        </saml:AttributeStatement></saml:Assertion></samlp:Response>\
        """
            .replace("$uuid", UUID.randomUUID().toString())
            .replace("$now", now.toString())
            .replace("$soon", now.plusSeconds(60).toString())
            .replace("$entity", address() + "/saml?id=1")
            .replace("$place", asked.place())
            .replace("$us", asked.us())
            .replace("$id", asked.id())
            .replace("$email", email);
    return said.apply(xml);
  }

  /// The assertion of a response, signed.
  String signed(String xml) {
    try {
      var document = parse(xml);
      var owner = named(document, "Assertion");
      var factory = XMLSignatureFactory.getInstance("DOM");
      var reference =
          factory.newReference(
              "#" + owner.getAttribute("ID"),
              factory.newDigestMethod(DigestMethod.SHA256, null),
              List.of(
                  factory.newTransform(Transform.ENVELOPED, (TransformParameterSpec) null),
                  factory.newTransform(
                      CanonicalizationMethod.EXCLUSIVE, (TransformParameterSpec) null)),
              null,
              null);
      var info =
          factory.newSignedInfo(
              factory.newCanonicalizationMethod(
                  CanonicalizationMethod.EXCLUSIVE, (C14NMethodParameterSpec) null),
              factory.newSignatureMethod("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", null),
              List.of(reference));
      var context = new DOMSignContext(key.getPrivate(), owner);
      context.setNextSibling(Objects.requireNonNull(owner.getFirstChild()).getNextSibling());
      context.setIdAttributeNS(owner, null, "ID");
      context.setDefaultNamespacePrefix("ds");
      factory.newXMLSignature(info, null).sign(context);
      return write(document);
    } catch (GeneralSecurityException | MarshalException | XMLSignatureException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  /// What its page posts for a browser that was sent here.
  Map<String, String> answer(String address) {
    var asked = asked(address);
    return form(signed(response(asked)), asked.state());
  }

  static Map<String, String> form(String xml, String state) {
    return Map.of(
        "SAMLResponse",
        Base64.getEncoder().encodeToString(xml.getBytes(UTF_8)),
        "RelayState",
        state);
  }

  private void page(HttpExchange exchange) throws IOException {
    try (exchange) {
      if (!exchange.getRequestURI().getPath().equals("/sso")) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      var address = address() + exchange.getRequestURI();
      var answer = answer(address);
      var html =
          """
          <!doctype html><html lang="en"><title>Provider</title><link rel="icon" href="data:,"><form method="post" action="%s">
          <input type="hidden" name="SAMLResponse" value="%s">
          <input type="hidden" name="RelayState" value="%s"><button>It is me</button></form>
          """
              .formatted(
                  asked(address).place(), answer.get("SAMLResponse"), answer.get("RelayState"))
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Content-Type", "text/html");
      exchange.sendResponseHeaders(200, html.length);
      exchange.getResponseBody().write(html);
    }
  }

  private static Element named(Document document, String name) {
    return (Element) Objects.requireNonNull(document.getElementsByTagNameNS("*", name).item(0));
  }

  private static Document parse(String xml) {
    try {
      return DocumentBuilderFactory.newDefaultNSInstance()
          .newDocumentBuilder()
          .parse(new ByteArrayInputStream(xml.getBytes(UTF_8)));
    } catch (ParserConfigurationException | SAXException | IOException impossible) {
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
    } catch (TransformerException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
