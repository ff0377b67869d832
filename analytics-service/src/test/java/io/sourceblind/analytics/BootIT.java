// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.Login;
import io.sourceblind.db.UnsafeLogin;
import java.time.Clock;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootIT {
  private static final World WORLD = new World(Clock.systemUTC());

  @AfterAll
  static void stop() {
    WORLD.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.datasource.url",
        "spring.datasource.password",
        "release.datasource.url",
        "release.datasource.username",
        "release.datasource.password",
        "release.key",
        "identity.pepper",
        "audit.log-name",
        "audit.receipt-key"
      })
  void aMissingSettingStopsTheBootWithItsName(String setting) {
    var settings = Pages.settings(WORLD);
    settings.put(setting, "");

    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasStackTraceContaining(setting + " is not set");
  }

  @Test
  void aProviderOfALanguageModelNeedsAKeyToSealWithAndTls() {
    var settings = Pages.settings(WORLD);
    settings.put("narrator.anthropic.url", "https://models.example.com");
    settings.put("narrator.anthropic.models", "some-model");

    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasStackTraceContaining("narrator.key is not set");
    settings.put("narrator.key", World.RECEIPT_KEY);
    settings.put("narrator.anthropic.url", "http://models.example.com");
    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasStackTraceContaining("narrator.anthropic.url is not https");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://pages.example.com",
        "https://pages.example.com/",
        "https://somebody@pages.example.com",
        "https://192.0.2.1",
        "pages.example.com"
      })
  void anOriginOfPasskeysThatIsNoneStopsTheBoot(String origin) {
    var settings = Pages.settings(WORLD);
    settings.put("passkey.origin", origin);

    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasStackTraceContaining("passkey.origin is https://");
  }

  @Test
  void theTwinWithAGoodOriginStarts() {
    var settings = Pages.settings(WORLD);
    settings.put("passkey.origin", "https://pages.example.com");

    assertThatCode(() -> Pages.over(settings).close()).doesNotThrowAnyException();
  }

  @Test
  void pagesDoNotStartUnderTheJobsLogin() {
    var settings = Pages.settings(WORLD);
    settings.putAll(WORLD.database().propertiesFor(Login.RELEASER));

    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasRootCauseInstanceOf(UnsafeLogin.class);
  }

  @Test
  void jobsDoNotStartUnderThePagesLogin() {
    var settings = Pages.settings(WORLD);
    settings.put("release.datasource.username", settings.get("spring.datasource.username"));
    settings.put("release.datasource.password", settings.get("spring.datasource.password"));

    assertThatThrownBy(() -> Pages.over(settings).close())
        .hasRootCauseInstanceOf(UnsafeLogin.class);
  }

  @Test
  void noPageCanBeGivenTheConnectionsOfTheJobs() {
    try (var pages = Pages.over(WORLD)) {
      assertThat(pages.beans(DataSource.class)).containsOnlyKeys("pages");
    }
  }
}
