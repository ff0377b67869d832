// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReleaseKeyTest {

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "${RELEASE_KEY}", "not base64!", "c2hvcnQ="})
  void aKeyThatIsNoneIsRefusedWithoutRepeatingIt(String wrong) {
    assertThatThrownBy(() -> ReleaseKey.of(wrong))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("release.key")
        .hasMessageContaining("openssl rand -base64 32")
        .hasMessageNotContainingAny("c2hvcnQ", "not base64!", "RELEASE_KEY");
  }

  @Test
  void thirtyTwoBytesAreAKey() {
    assertThatCode(() -> ReleaseKey.of(Base64.getEncoder().encodeToString(new byte[32])))
        .doesNotThrowAnyException();
  }
}
