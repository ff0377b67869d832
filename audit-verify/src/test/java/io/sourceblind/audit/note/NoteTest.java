// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.note;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.audit.merkle.Hash;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NoteTest {
  private static final Instant NOW = Instant.parse("2026-09-01T12:00:00Z");

  /// RFC 8032, 7.1, test 1.
  private static final SigningKey KEY =
      SigningKey.of(base64("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"));

  private static final Checkpoint CHECKPOINT =
      new Checkpoint("audit.example.com/master", 7, Hash.ofNothing());

  @Test
  void theExampleOfTheSpecificationIsAccepted() {
    // C2SP signed-note, and Go's golang.org/x/mod/sumdb/note.
    var key =
        VerifierKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
    var note =
        Note.parse(
            bytes(
                """
                If you think cryptography is the answer to your problem,
                then you don't know what your problem is.

                \u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
                """));

    assertThat(key.signedAt(note)).isPresent();
    assertThat(key)
        .hasToString("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW");
  }

  @Test
  void aKeyIsMadeFromItsSeedAsTheRfcSays() {
    var expected = "01d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    assertThat(KEY.verifier("x").toString()).endsWith("+" + base64(expected));
  }

  @Test
  void aCheckpointIsSignedAsItsLogAndWithTheTime() {
    var note = Note.parse(bytes(KEY.sign(CHECKPOINT, NOW).toString()));
    var key = KEY.verifier("audit.example.com/master");

    assertThat(Checkpoint.parse(note.text())).isEqualTo(CHECKPOINT);
    assertThat(key.signedAt(note)).isPresent();
    assertThat(key.cosigner().signedAt(note)).contains(NOW);
    assertThat(VerifierKey.parse(key.toString()).signedAt(note)).isPresent();
  }

  @Test
  void aKeyOfAnotherNameOrAnotherSeedHasNotSigned() {
    var note = KEY.sign(CHECKPOINT, NOW);
    var other =
        SigningKey.of(
            Base64.getEncoder()
                .encodeToString(
                    HexFormat.of()
                        .parseHex(
                            "00112233445566778899aabbccddeeff0123456789abcdef02468ace13579bdf")));

    assertThat(KEY.verifier("audit.example.com/org/x").signedAt(note)).isEmpty();
    assertThat(other.verifier("audit.example.com/master").signedAt(note)).isEmpty();
  }

  @Test
  void aSignatureThatDoesNotFitIsRefusedAndNotOverlooked() {
    var signed = KEY.sign(CHECKPOINT, NOW).toString();
    var edited = Note.parse(bytes(signed.replace("\n7\n", "\n8\n")));
    var key = KEY.verifier("audit.example.com/master");

    assertThatThrownBy(() -> key.signedAt(edited))
        .isInstanceOf(MalformedNote.class)
        .hasMessageContaining("does not fit the text");
    assertThatThrownBy(() -> key.cosigner().signedAt(edited))
        .hasMessageContaining("does not fit the text");
  }

  @Test
  void aWitnessAddsItsTime() {
    var witness =
        SigningKey.of(base64("00112233445566778899aabbccddeeff0123456789abcdef02468ace13579bdf"));

    var note = witness.cosign(KEY.sign(CHECKPOINT, NOW), "witness.example.org", NOW.plusSeconds(9));

    assertThat(witness.verifier("witness.example.org").cosigner().signedAt(note))
        .contains(NOW.plusSeconds(9));
    assertThat(KEY.verifier("audit.example.com/master").signedAt(note)).isPresent();
  }

  @Test
  void whatIsNotOneNoteIsRefused() {
    var good = KEY.sign(CHECKPOINT, NOW).toString();
    var line = good.substring(good.indexOf('\u2014'));
    var many = good + line.repeat(8);

    for (var bad :
        new String[] {
          "",
          "\n",
          good.substring(1).replace("\n\n", "\n"),
          good.strip(),
          good + good,
          good.replace("\n", "\r\n"),
          "\uFEFF" + good,
          good.replace("\u2014", "-"),
          good + "\u2014 x !!!!\n",
          good + "\u2014 x AAAAAA==\n",
          many,
          good + "\n",
        }) {
      assertThatThrownBy(() -> Note.parse(bytes(bad))).as(bad).isInstanceOf(MalformedNote.class);
    }
    assertThatThrownBy(() -> Note.parse(new byte[] {(byte) 0xff, '\n', '\n', 'x', '\n'}))
        .isInstanceOf(MalformedNote.class);
    assertThatThrownBy(() -> Note.parse(new byte[1_000_001])).isInstanceOf(MalformedNote.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\n1\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\nmore\n",
        "a\n01\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n-1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",
        "a\n1\n47DEQpj8HBSa\n",
        "a b\n1\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n",
        "a\n9999999999999999999\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"
      })
  void whatIsNotACheckpointIsRefused(String body) {
    assertThatThrownBy(() -> Checkpoint.parse(body)).isInstanceOf(MalformedNote.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name",
        "name+00000000",
        "name+00000000+AAAA",
        "name+00000000+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
        "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
      })
  void whatIsNotAKeyIsRefused(String key) {
    assertThatThrownBy(() -> VerifierKey.parse(key)).isInstanceOf(MalformedNote.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hunter2",
        "${AUDIT_SIGNER_KEY}",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="
      })
  void aKeyThatIsNoneIsRefusedAndNotRepeated(String base64) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SigningKey.of(base64))
        .withMessageStartingWith("The signing key is not 32 random bytes")
        .withMessageNotContaining("hunter2");
    assertThat(KEY).hasToString("SigningKey[]");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
  }
}
