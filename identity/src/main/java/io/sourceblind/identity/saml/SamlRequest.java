// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity.saml;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/// What a browser takes to a provider: who asks, and where the answer goes. It is not signed; an
/// answer is taken only by the browser that this went out with.
///
/// @param id which the answer has to name
/// @param place where the answer goes to
/// @param again whether the provider has to ask who it is, whatever it remembers
public record SamlRequest(String id, URI place, boolean again) {
  /// A name that is given to nobody else later.
  static final String PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent";

  static final String POSTED = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";

  /// The name under which a provider knows us.
  ///
  /// @param place where answers go to
  public static URI nameOf(URI place) {
    return URI.create(place + "/metadata");
  }

  /// Where a browser goes to show who it is.
  ///
  /// @param signOn where the provider takes requests in an address
  /// @param state what it brings back
  public URI to(URI signOn, String state, Instant at) {
    var request =
        """
        <samlp:AuthnRequest xmlns:samlp="%s" xmlns:saml="%s" ID="%s" Version="2.0" \
        IssueInstant="%s" Destination="%s" AssertionConsumerServiceURL="%s" \
        ProtocolBinding="%s"%s><saml:Issuer>%s</saml:Issuer>\
        <samlp:NameIDPolicy Format="%s" AllowCreate="true"/></samlp:AuthnRequest>\
        """
            .formatted(
                Xml.PROTOCOL,
                Xml.ASSERTION,
                id,
                at.truncatedTo(ChronoUnit.SECONDS),
                written(signOn),
                written(place),
                POSTED,
                again ? " ForceAuthn=\"true\"" : "",
                written(nameOf(place)),
                PERSISTENT);
    return URI.create(
        signOn
            + (signOn.getRawQuery() == null ? "?" : "&")
            + "SAMLRequest="
            + URLEncoder.encode(deflated(request), UTF_8)
            + "&RelayState="
            + state);
  }

  /// Of what means something in XML an address can hold only this.
  static String written(URI address) {
    return address.toString().replace("&", "&amp;");
  }

  private static String deflated(String text) {
    var bytes = new ByteArrayOutputStream();
    var raw = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try (var out = new DeflaterOutputStream(bytes, raw)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    } finally {
      raw.end();
    }
    return Base64.getEncoder().encodeToString(bytes.toByteArray());
  }
}
