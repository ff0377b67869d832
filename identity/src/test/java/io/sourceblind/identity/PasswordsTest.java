// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordsTest {
  private final Passwords passwords = new Passwords();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "short",
        "password1234",
        "qwertyuiop123",
        "111111111111111",
        "Passw0rd!2024",
        "iloveyou1234",
        "grete.lindqvist",
        "lindqvist2026!"
      })
  void whatEverybodyTriesFirstIsRefused(String password) {
    assertThat(
            passwords.faultOf(password, List.of("Grete Lindqvist", "grete.lindqvist@example.com")))
        .isNotNull()
        .doesNotContain(password);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"marble otter quietly sings", "t7#Lq9!vR2@x", "ein Haus mit sieben Katzen"})
  void whatNobodyGuessesIsTaken(String password) {
    assertThat(passwords.faultOf(password, List.of("Grete Lindqvist"))).isNull();
  }

  @Test
  void aPasswordIsKeptAsArgon2WithASaltOfItsOwn() {
    var first = passwords.hash("marble otter quietly sings");
    var second = passwords.hash("marble otter quietly sings");

    assertThat(first).startsWith("$argon2id$v=19$m=16384,t=2,p=1$").isNotEqualTo(second);
    assertThat(passwords.isRight("marble otter quietly sings", first)).isTrue();
    assertThat(passwords.isRight("marble otter quietly sing", first)).isFalse();
  }

  @Test
  void nobodysPasswordIsNeverRight() {
    assertThat(passwords.isRight("nobody has this password", null)).isFalse();
  }
}
