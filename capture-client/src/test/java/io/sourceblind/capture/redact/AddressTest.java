// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressTest {

  private final Redactor redactor = new Redactor(Budget.unlimited());

  private String of(String text) {
    return redactor.redact(text).prose().text();
  }

  @Test
  void theOrdinaryWordsOfAPublicAddressStay() {
    assertThat(of("please read https://docs.example.org/guide/getting-started first, thanks."))
        .isEqualTo("please read [link] docs example org guide getting started first, thanks.");
    assertThat(of("the [design notes](https://www.example.org/notes/2026/may) say it better."))
        .isEqualTo("the design notes [link] example org notes may say it better.");
  }

  @Test
  void whatCouldNameAPersonASecretOrAnInternalPlaceDoesNot() {
    assertThat(Address.words("https://example.org/janedoe")).containsExactly("example", "org");
    assertThat(Address.words("https://example.org/a/b?user=jane&token=abc#frag"))
        .containsExactly("example", "org");
    assertThat(Address.words("https://hooks.example.org/services/T024Be7/B1a2C3/xYz93kQ"))
        .containsExactly("hooks", "example", "org", "services");
    assertThat(Address.words("https://jane:hunter@example.org/a/guide")).isEmpty();
    assertThat(Address.words("https://wiki.corp/projects/merger")).isEmpty();
    assertThat(Address.words("https://build.internal.example.org/jobs/merger")).isEmpty();
    assertThat(Address.words("http://10.0.0.7/jobs/merger")).isEmpty();
    assertThat(Address.words("http://localhost:8080/jobs/merger")).isEmpty();
    assertThat(Address.words("postgres://db.example.org/prod/customers")).isEmpty();
    assertThat(Address.words("https://example.org/src/main/PaymentService.java"))
        .containsExactly("example", "org", "src", "main", "java");
  }

  @Test
  void anAddressSaysNoMoreThanAFewWords() {
    assertThat(Address.words("https://example.org/" + "word/".repeat(100))).hasSize(16);
  }
}
