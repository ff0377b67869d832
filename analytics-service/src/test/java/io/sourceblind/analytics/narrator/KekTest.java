// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KekTest {
  private static final String KEY = Base64.getEncoder().encodeToString(new byte[32]);
  private static final UUID OURS = UUID.randomUUID();

  @Test
  void whatIsSealedOpensForItsOrganizationAlone() {
    var kek = Kek.of(KEY);

    var sealed = kek.seal("sk-hunter2", OURS);

    assertThat(kek.open(sealed, OURS)).isEqualTo("sk-hunter2");
    assertThat(new String(sealed, ISO_8859_1)).doesNotContain("hunter2");
    assertThatIllegalStateException().isThrownBy(() -> kek.open(sealed, UUID.randomUUID()));
  }

  @Test
  void theSameKeyIsSealedDifferentlyEachTime() {
    var kek = Kek.of(KEY);

    assertThat(kek.seal("sk-hunter2", OURS)).isNotEqualTo(kek.seal("sk-hunter2", OURS));
  }

  @Test
  void whatWasChangedOrSealedUnderAnotherKeyDoesNotOpen() {
    var sealed = Kek.of(KEY).seal("sk-hunter2", OURS);
    var other = Kek.of(Base64.getEncoder().encodeToString("x".repeat(32).getBytes(ISO_8859_1)));
    var changed = sealed.clone();
    changed[20] ^= 1;

    assertThatIllegalStateException().isThrownBy(() -> other.open(sealed, OURS));
    assertThatIllegalStateException()
        .isThrownBy(() -> Kek.of(KEY).open(changed, OURS))
        .withMessageContaining("entered again");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "${NARRATOR_KEY}", "hunter2!", "aHVudGVyMg=="})
  void aKeyThatIsNoneIsRefusedWithoutRepeatingIt(String wrong) {
    assertThatThrownBy(() -> Kek.of(wrong))
        .hasMessageStartingWith("narrator.key ")
        .hasMessageContaining("32 random bytes")
        .hasMessageNotContaining("hunter2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://models.example.com",
        "ftp://models.example.com",
        "https://user:pass@models.example.com",
        "https:",
        "models.example.com",
        "not an address"
      })
  void aKeyIsSentToNoAddressWithoutTls(String url) {
    var provider = new NarratorSettings.Provider(url, List.of("some-model"));

    assertThatThrownBy(() -> provider.address("anthropic"))
        .hasMessageStartingWith("narrator.anthropic.url is ")
        .hasMessageNotContaining("pass");
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://models.example.com/api/", "http://127.0.0.1:8080"})
  void anAddressWithTlsOrOnThisMachineIsTaken(String url) {
    var provider = new NarratorSettings.Provider(url, List.of("some-model"));

    assertThat(provider.address("anthropic")).isEqualTo(URI.create(url.replaceAll("/$", "")));
    assertThatThrownBy(() -> new NarratorSettings.Provider(url, List.of()).address("anthropic"))
        .hasMessageStartingWith("narrator.anthropic.models is empty");
  }
}
