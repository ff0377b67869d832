// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SecretTest {
  private final SecureRandom random = new SecureRandom();

  @ParameterizedTest
  @EnumSource
  void aSecretSaysItsKindAndIsOneWord(CredentialKind kind) {
    var secret = Secret.random(kind, random);

    assertThat(secret).matches(kind.prefix() + "[0-9A-Za-z]{36}");
    assertThat(Secret.hasTheForm(secret, kind)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSecretOfAnotherKindDoesNotHaveTheForm(CredentialKind kind) {
    for (var other : CredentialKind.values()) {
      var secret = Secret.random(other, random);

      assertThat(Secret.hasTheForm(secret, kind)).isEqualTo(other == kind);
      assertThat(Secret.hasTheForm(kind.prefix() + secret.substring(4), kind))
          .isEqualTo(other == kind);
    }
  }

  @Test
  void everyWrongCharacterIsNoticed() {
    var secret = Secret.random(CredentialKind.DEVICE, random);

    for (var at = 0; at < secret.length(); at++) {
      var wrong = new StringBuilder(secret);
      wrong.setCharAt(at, secret.charAt(at) == 'x' ? 'y' : 'x');
      assertThat(Secret.hasTheForm(wrong.toString(), CredentialKind.DEVICE)).as("%d", at).isFalse();
    }
  }

  @Test
  void whatIsCutLengthenedSpacedOrForeignIsNoticed() {
    var secret = Secret.random(CredentialKind.API, random);

    for (var wrong :
        new String[] {
          "",
          "sbk_",
          secret.substring(1),
          secret.substring(0, secret.length() - 1),
          secret + "0",
          secret + " ",
          " " + secret,
          secret.replace('_', '-'),
          secret.substring(0, 10) + "é" + secret.substring(11),
          secret.substring(0, 10) + "\0" + secret.substring(11)
        }) {
      assertThat(Secret.hasTheForm(wrong, CredentialKind.API)).isFalse();
    }
  }

  @Test
  void noTwoSecretsAreAlike() {
    var seen = new HashSet<String>();

    for (var i = 0; i < 10_000; i++) {
      seen.add(Secret.random(CredentialKind.SESSION, random));
    }

    assertThat(seen).hasSize(10_000);
  }
}
