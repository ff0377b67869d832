// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.UUID;

/// A passkey that signs whatever it is told to, as no honest machine does.
final class SoftKey {
  static final int PRESENT = 1;
  static final int VERIFIED = 4;
  private static final int ATTESTED = 0x40;

  private final byte[] id = new byte[32];
  private final KeyPair pair;

  SoftKey() {
    new SecureRandom().nextBytes(id);
    try {
      var keys = KeyPairGenerator.getInstance("EC");
      keys.initialize(new ECGenParameterSpec("secp256r1"));
      pair = keys.generateKeyPair();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private SoftKey(byte[] id, KeyPair pair) {
    System.arraycopy(id, 0, this.id, 0, id.length);
    this.pair = pair;
  }

  /// This key's pair under another's id.
  SoftKey callingItself(SoftKey other) {
    return new SoftKey(other.id, pair);
  }

  /// What a browser says to a page.
  ///
  /// @param flags what the machine says of whoever sits at it
  record Said(String challenge, String origin, String host, int flags, long count) {
    static Said of(Passkeys.Asked asked) {
      return new Said(
          asked.challenge(), "https://" + asked.host(), asked.host(), PRESENT | VERIFIED, 0);
    }

    Said from(String otherOrigin) {
      return new Said(challenge, otherOrigin, host, flags, count);
    }

    Said forHost(String otherHost) {
      return new Said(challenge, origin, otherHost, flags, count);
    }

    Said with(int otherFlags) {
      return new Said(challenge, origin, host, otherFlags, count);
    }

    Said counted(long otherCount) {
      return new Said(challenge, origin, host, flags, otherCount);
    }
  }

  String enrol(Said said) {
    var client = client("webauthn.create", said);
    var key = (ECPublicKey) pair.getPublic();
    var cose =
        HexFormat.of()
            .parseHex(
                "a5010203262001215820"
                    + coordinate(key.getW().getAffineX())
                    + "225820"
                    + coordinate(key.getW().getAffineY()));
    var data =
        ByteBuffer.allocate(37 + 16 + 2 + id.length + cose.length)
            .put(data(said, said.flags() | ATTESTED))
            .put(new byte[16])
            .putShort((short) id.length)
            .put(id)
            .put(cose)
            .array();
    // {"fmt": "none", "attStmt": {}, "authData": data}
    var head = HexFormat.of().parseHex("a363666d74646e6f6e656761747453746d74a0686175746844617461");
    var attestation =
        ByteBuffer.allocate(head.length + 3 + data.length)
            .put(head)
            .put((byte) 0x59)
            .putShort((short) data.length)
            .put(data)
            .array();
    return """
    {"id":"%1$s","rawId":"%1$s","type":"public-key","clientExtensionResults":{},
     "response":{"clientDataJSON":"%2$s","attestationObject":"%3$s","transports":["internal"]}}
    """
        .formatted(base64(id), base64(client), base64(attestation));
  }

  String sign(Said said, UUID person) {
    var client = client("webauthn.get", said);
    var data = data(said, said.flags());
    byte[] signature;
    try {
      var signer = Signature.getInstance("SHA256withECDSA");
      signer.initSign(pair.getPrivate());
      signer.update(data);
      signer.update(MessageDigest.getInstance("SHA-256").digest(client));
      signature = signer.sign();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
    return """
    {"id":"%1$s","rawId":"%1$s","type":"public-key","clientExtensionResults":{},
     "response":{"clientDataJSON":"%2$s","authenticatorData":"%3$s","signature":"%4$s",
                 "userHandle":"%5$s"}}
    """
        .formatted(
            base64(id),
            base64(client),
            base64(data),
            base64(signature),
            base64(person.toString().getBytes(UTF_8)));
  }

  private static byte[] client(String type, Said said) {
    return """
    {"type":"%s","challenge":"%s","origin":"%s","crossOrigin":false}\
    """
        .formatted(type, said.challenge(), said.origin())
        .getBytes(UTF_8);
  }

  private static byte[] data(Said said, int flags) {
    try {
      return ByteBuffer.allocate(37)
          .put(MessageDigest.getInstance("SHA-256").digest(said.host().getBytes(UTF_8)))
          .put((byte) flags)
          .putInt((int) said.count())
          .array();
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException(missing);
    }
  }

  private static String coordinate(BigInteger value) {
    return "%064x".formatted(value);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
