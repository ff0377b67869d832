// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PepperTest {

  @ParameterizedTest
  @ValueSource(strings = {"", "  ", "${IDENTITY_PEPPER}"})
  void aMissingPepperIsNamed(String setting) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pepper.of(setting))
        .withMessage(
            "identity.pepper is not set; it is at least 32 random bytes in Base64,"
                + " as `openssl rand -base64 32` makes them");
  }

  @Test
  void aPepperThatIsNotBase64IsNamedAndNotRepeated() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pepper.of("~very~secret~"))
        .withMessageStartingWith("identity.pepper is not Base64")
        .withMessageNotContainingAny("very", "~", "7e")
        .withNoCause();
  }

  @Test
  void aShortPepperIsNamed() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pepper.of(base64(new byte[31])))
        .withMessageStartingWith("identity.pepper has 31 bytes; it is at least 32");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "Y2hhbmdlbWVjaGFuZ2VtZWNoYW5nZW1lY2hhbmdlbWU=",
        "c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2U="
      })
  void aPepperOutOfAnExampleIsNamedAndNotRepeated(String example) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Pepper.of(example))
        .withMessageStartingWith("identity.pepper is no random value")
        .withMessageNotContainingAny(example, "changeme", "secret");
  }

  @Test
  void aSecretIsHashedUnderThePepper() {
    var key =
        HexFormat.of().parseHex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");

    var hash = Pepper.of(base64(key)).hash("sbd_x");

    // printf sbd_x | openssl dgst -sha256 -mac HMAC -macopt hexkey:000102...1f
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("f35dc8ab9e17fd52ab011d7841ee3d9c2bd80814591f164c634c1ea902ceeeb7");
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }
}
