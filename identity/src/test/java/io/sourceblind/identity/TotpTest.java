// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpTest {
  private static final byte[] KEY = "12345678901234567890".getBytes(US_ASCII);

  /// RFC 6238, appendix B, the last six of its eight digits.
  @ParameterizedTest
  @CsvSource({
    "59, 287082",
    "1111111109, 081804",
    "1111111111, 050471",
    "1234567890, 005924",
    "2000000000, 279037",
    "20000000000, 353130"
  })
  void codesAreAsTheStandardSays(long second, String code) {
    assertThat(Totp.code(KEY, Instant.ofEpochSecond(second))).isEqualTo(code);
  }

  @Test
  void aCodeWorksHalfAMinuteEarlyAndLateAndNoLonger() {
    var code = Totp.code(KEY, Instant.ofEpochSecond(3_000));

    assertThat(Totp.stepOf(code, KEY, Instant.ofEpochSecond(2_970))).hasValue(100);
    assertThat(Totp.stepOf(code, KEY, Instant.ofEpochSecond(3_059))).hasValue(100);
    assertThat(Totp.stepOf(code, KEY, Instant.ofEpochSecond(2_969))).isEmpty();
    assertThat(Totp.stepOf(code, KEY, Instant.ofEpochSecond(3_060))).isEmpty();
    assertThat(Totp.stepOf("", KEY, Instant.ofEpochSecond(3_000))).isEmpty();
  }

  @Test
  void aKeyIsTypedInBase32() {
    // RFC 4648, 10, and the key above.
    assertThat(Totp.base32("fooba".getBytes(US_ASCII))).isEqualTo("MZXW6YTB");
    assertThat(Totp.base32(KEY)).isEqualTo("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  }

  @Test
  void whatIsSealedForOnePlaceOpensInNoOther() {
    var pepper = House.randomPepper();
    var sealed = new Seal(pepper).seal(KEY, "here");
    var changed = sealed.clone();
    changed[changed.length - 1] = (byte) (changed[changed.length - 1] ^ 1);

    assertThat(new Seal(pepper).open(sealed, "here")).isEqualTo(KEY);
    assertThatIllegalStateException().isThrownBy(() -> new Seal(pepper).open(sealed, "there"));
    assertThatIllegalStateException().isThrownBy(() -> new Seal(pepper).open(changed, "here"));
    assertThatIllegalStateException()
        .isThrownBy(() -> new Seal(House.randomPepper()).open(sealed, "here"));
  }
}
