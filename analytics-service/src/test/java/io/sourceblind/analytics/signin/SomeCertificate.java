// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;

/// A certificate as providers make them for themselves, as Base64.
final class SomeCertificate {
  private static final AlgorithmIdentifier RSA =
      new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);

  private SomeCertificate() {}

  /// @param of whose public key it is for
  /// @param by whose RSA key signs it
  static String of(KeyPair of, KeyPair by, Instant from, Instant until) {
    try {
      var content = new V3TBSCertificateGenerator();
      content.setSerialNumber(new ASN1Integer(BigInteger.ONE));
      content.setIssuer(new X500Name("CN=idp"));
      content.setSubject(new X500Name("CN=idp"));
      content.setStartDate(new Time(Date.from(from)));
      content.setEndDate(new Time(Date.from(until)));
      content.setSubjectPublicKeyInfo(
          SubjectPublicKeyInfo.getInstance(of.getPublic().getEncoded()));
      content.setSignature(RSA);
      var signed = content.generateTBSCertificate();
      var signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(by.getPrivate());
      signature.update(signed.getEncoded("DER"));
      return Base64.getEncoder()
          .encodeToString(
              new DERSequence(new ASN1Encodable[] {signed, RSA, new DERBitString(signature.sign())})
                  .getEncoded("DER"));
    } catch (GeneralSecurityException | IOException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
