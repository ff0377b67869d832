// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.EmbeddedDatabase;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What happens when something else goes wrong.
class TroubleIT {

  @Test
  void withoutItsDatabaseTheServiceAsksToComeBackAndLosesNothing() {
    try (var site = new Site("spring.datasource.hikari.connection-timeout=1000")) {
      var batch = Site.lines(List.of(site.event("turn.failed"), site.event("capture.gap")));
      cutOff(site, false);

      var down = site.send(site.ours.token(), batch);
      var health = site.get("/actuator/health", "");
      cutOff(site, true);
      var up = sendAgain(site, batch);

      isOutOfService(down);
      assertThat(health.statusCode()).isEqualTo(503);
      assertThat(Site.verdicts(up)).containsExactly("accepted", "accepted");
      assertThat(site.stored()).isEqualTo(2);
    }
  }

  @Test
  void aDatabaseThatFailsInTheMiddleKeepsNothingOfTheBatch() {
    try (var site = new Site()) {
      var batch = Site.lines(List.of(site.event("turn.failed"), site.event("capture.gap")));
      site.superuser().sql("revoke insert on release.dirty_day from ingest_writer").update();

      var failed = site.send(site.ours.token(), batch);
      var stored = site.stored();
      site.superuser()
          .sql("grant insert (org_id, occurred_on) on release.dirty_day to ingest_writer")
          .update();
      var again = site.send(site.ours.token(), batch);

      isOutOfService(failed);
      assertThat(stored).isZero();
      assertThat(Site.verdicts(again)).containsExactly("accepted", "accepted");
    }
  }

  @Test
  void aBatchThatIsUnderWayIsAnsweredBeforeTheServiceStops()
      throws SQLException, InterruptedException, ExecutionException {
    var site = new Site();
    Future<HttpResponse<String>> underWay;
    try (var others = Executors.newVirtualThreadPerTaskExecutor();
        var connection = site.database.superuser().getConnection();
        var statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      statement.execute("lock table capture.event in access exclusive mode");
      var batch = Site.lines(List.of(site.event("turn.failed")));
      underWay = others.submit(() -> site.send(site.ours.token(), batch));
      site.awaitABatchThatWaits();

      Thread.startVirtualThread(site::stopService);
      site.awaitAClosedDoor();
      connection.rollback();
    }

    assertThat(Site.verdicts(underWay.get())).containsExactly("accepted");
    assertThat(site.stored()).isEqualTo(1);
    site.close();
  }

  @Test
  void aSettingThatIsMissingOrWrongStopsTheStartWithItsName() {
    try (var database = EmbeddedDatabase.fresh()) {
      for (var setting :
          List.of(
              "identity.pepper=",
              "identity.pepper=c2hvcnQ=",
              "identity.pepper=${IDENTITY_PEPPER}",
              "spring.datasource.password=",
              "spring.datasource.password=short",
              "spring.datasource.url=",
              "ingest.max-events=1001",
              "ingest.max-size=2MB",
              "ingest.at-once=0")) {
        assertThatThrownBy(() -> Site.start(database, setting).close())
            .as(setting)
            .hasStackTraceContaining(setting.substring(0, setting.indexOf('=')));
      }
    }
  }

  private static void isOutOfService(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(503);
    assertThat(response.headers().firstValueAsLong("Retry-After").orElse(-1)).isPositive();
    assertThat(response.headers().firstValue("Content-Type")).hasValue("application/problem+json");
  }

  /// As a client does: the pool may still hold connections that are no more.
  private static HttpResponse<String> sendAgain(Site site, String batch) {
    var response = site.send(site.ours.token(), batch);
    for (var tries = 0; tries < 20 && response.statusCode() == 503; tries++) {
      response = site.send(site.ours.token(), batch);
    }
    return response;
  }

  private static void cutOff(Site site, boolean open) {
    var url = site.database.url();
    var name = url.substring(url.lastIndexOf('/') + 1, url.indexOf('?'));
    try (var elsewhere = EmbeddedDatabase.fresh()) {
      var jdbc = JdbcClient.create(elsewhere.superuser());
      jdbc.sql("alter database %s allow_connections %s".formatted(name, open)).update();
      jdbc.sql(
              """
              select pg_terminate_backend(pid)
                from pg_stat_activity
               where datname = :name and not :open
              """)
          .param("name", name)
          .param("open", open)
          .query()
          .listOfRows();
    }
  }
}
