// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.retention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.Login;
import io.sourceblind.db.UnsafeLogin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

class RetentionWorkerIT {
  private Archive archive;

  @BeforeEach
  void start() {
    archive = new Archive();
  }

  @AfterEach
  void stop() {
    archive.close();
  }

  @Test
  void theWorkerSweepsWhenItStartsAndWillEveryNight() {
    var organization = archive.organization(30);
    archive.event(organization, archive.today.minusDays(40));

    try (var worker = run(archive.database.propertiesFor(Login.RETENTION))) {
      assertThat(archive.days(organization)).isEmpty();
      assertThat(archive.log(organization)).hasSize(1);
      assertThat(worker.getBean(Jobs.class)).isNotNull();
      assertThat(archive.jobs()).contains("sweep", "find-deletions", "tidy");
    }
  }

  @Test
  void aWorkerThatRunsOnceDoesWhatThereIsAndEndsAndFailsIfSomethingIsLeft(@TempDir Path folder)
      throws IOException {
    var organization = archive.organization(30);
    archive.event(organization, archive.today.minusDays(40));
    archive.weaken(
        """
        create function public.fail() returns trigger language plpgsql as
          $$ begin raise exception 'broken'; end $$;
        create trigger fail after delete on capture.event
          for each row execute function public.fail()
        """);
    var ledger = Files.createFile(folder.resolve("ledger"));
    var arguments =
        Stream.concat(
                archive.database.propertiesFor(Login.RETENTION).entrySet().stream()
                    .map(property -> "--" + property.getKey() + "=" + property.getValue()),
                Stream.of("--retention.once=true", "--retention.ledger=" + ledger))
            .toArray(String[]::new);

    assertThatThrownBy(() -> RetentionWorker.main(arguments))
        .hasStackTraceContaining("the services must not open yet");
    archive.weaken("drop trigger fail on capture.event");
    RetentionWorker.main(arguments);

    assertThat(archive.days(organization)).isEmpty();
    assertThat(archive.jobs()).isEmpty();
  }

  @Test
  void theWorkerListensToNobodyAndStaysUp() {
    try (var worker = run(archive.database.propertiesFor(Login.RETENTION))) {
      var environment = worker.getEnvironment();
      assertThat(environment.getProperty("spring.main.web-application-type")).isEqualTo("none");
      assertThat(environment.getProperty("spring.application.name")).isEqualTo("retention-worker");
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> !thread.isDaemon())
          .extracting(Thread::getName)
          .contains("keep-alive");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "spring.datasource.url",
        "spring.datasource.username",
        "spring.datasource.password"
      })
  void aMissingSettingStopsTheBootWithItsName(String name) {
    for (var value : new String[] {"", "${NOT_SET_ANYWHERE}"}) {
      var properties = new HashMap<>(archive.database.propertiesFor(Login.RETENTION));
      properties.put(name, value);

      assertThatThrownBy(() -> run(properties).close())
          .hasMessageStartingWith(name + " is not set; it is ");
    }
  }

  @Test
  void aShortPasswordStopsTheBootAndIsNotRepeated() {
    var properties = new HashMap<>(archive.database.propertiesFor(Login.RETENTION));
    properties.put("spring.datasource.password", "hunter2");

    assertThatThrownBy(() -> run(properties).close())
        .hasMessageStartingWith("spring.datasource.password is too short")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void theLoginOfAnotherServiceStopsTheBoot() {
    assertThatThrownBy(() -> run(archive.database.propertiesFor(Login.INGEST)).close())
        .hasRootCauseInstanceOf(UnsafeLogin.class)
        .hasStackTraceContaining("may not take the role retention");
  }

  private static ConfigurableApplicationContext run(Map<String, Object> properties) {
    var arguments =
        properties.entrySet().stream()
            .map(property -> "--" + property.getKey() + "=" + property.getValue())
            .toArray(String[]::new);
    return new SpringApplicationBuilder(RetentionWorker.class)
        .properties("spring.config.name=retention-worker")
        .run(arguments);
  }
}
