// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"", " ", "${RELEASER_PASSWORD}"})
  void aSettingThatSaysNothingIsNamed(@Nullable String wrong) {
    assertThatThrownBy(() -> new JobsLogin("jdbc:postgresql://x/y", "me", wrong).open(1))
        .hasMessage(
            "release.datasource.password is not set; the service does not start without it");
    assertThatThrownBy(() -> new PagesLogin(wrong, "me", "secret").open(1))
        .hasMessage("spring.datasource.url is not set; the service does not start without it");
  }

  @Test
  void aReceiptKeyThatIsNoneIsNamedAndNotRepeated() {
    assertThatThrownBy(() -> new AuditSettings("example.com", "hunter2").receipts())
        .hasMessageStartingWith("audit.receipt-key: The signing key is not 32 random bytes")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void secretsAreNotWrittenWithTheirSettings() {
    assertThat(new JobsLogin("jdbc:x", "me", "hunter2")).asString().doesNotContain("hunter2");
    assertThat(new PagesLogin("jdbc:x", "me", "hunter2")).asString().doesNotContain("hunter2");
    assertThat(new AuditSettings("example.com", "hunter2")).asString().doesNotContain("hunter2");
    assertThat(new ReleaseSettings("hunter2")).asString().doesNotContain("hunter2");
    assertThat(new IdentitySettings("hunter2", "hunter2")).asString().doesNotContain("hunter2");
  }

  @Test
  void lettersArePrintedOnThisMachineAlone() {
    var console = new MailSettings(null, 587, null, null, null, true);

    assertThat(console.post("127.0.0.1").delivers()).isTrue();
    for (var elsewhere : List.of("", "0.0.0.0", "192.0.2.1")) {
      assertThatThrownBy(() -> console.post(elsewhere))
          .hasMessage("mail.console is for this machine alone: it needs server.address=127.0.0.1");
    }
  }

  @Test
  void aMailServerIsNamedWholeOrNotAtAll() {
    assertThat(new MailSettings(null, 587, null, null, null, false).post(null).delivers())
        .isFalse();
    assertThatThrownBy(
            () -> new MailSettings("mail.example.com", 587, null, null, "", false).post(null))
        .hasMessage("mail.from is not set; the service does not start without it");
    assertThatThrownBy(() ->
            new MailSettings("mail.example.com", 587, "me", "${MAIL_PASSWORD}", "a@b", false)
                .post(null))
        .hasMessage("mail.password is not set; the service does not start without it");
    assertThat(new MailSettings("mail.example.com", 587, "me", "hunter2", "a@b", false))
        .asString()
        .doesNotContain("hunter2");
  }
}
