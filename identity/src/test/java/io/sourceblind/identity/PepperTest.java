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

  @Test
  void aSecretIsHashedUnderThePepper() {
    var key = new byte[32];

    var hash = Pepper.of(base64(key)).hash("sbd_x");

    // printf sbd_x | openssl dgst -sha256 -mac HMAC -macopt hexkey:000...0
    assertThat(HexFormat.of().formatHex(hash))
        .isEqualTo("995eac3736b9ad1bdc9d3fedeb7c589941c26ba63cd49e37e707d2e3e82f9421");
  }

  private static String base64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }
}
