// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ContractIT {

  private static void change(Site site, String what) {
    JdbcClient.create(site.database.superuser())
        .sql(
            """
            do $$ begin
              perform set_config('sourceblind.amendment', 'a test', true);
              execute '%s';
            end $$
            """
                .formatted(what))
        .update();
  }

  private static String tables(Site site) {
    var controller =
        new ContractController(
            site.part(RateLimits.class), site.part(TenantDatabase.class), Clock.systemUTC());
    return TenantScope.callAs(site.ours.tenant(), controller::tables);
  }

  @Test
  void aTypeThatBecomesWiderOrOptionalMakesAnotherContract() {
    try (var site = new Site()) {
      change(site, "create domain capture.anew as smallint not null");
      var narrow = tables(site);

      change(site, "alter domain capture.anew drop not null");
      var optional = tables(site);
      change(site, "drop domain capture.anew");
      change(site, "create domain capture.anew as bigint not null");
      var wide = tables(site);

      assertThat(narrow).isNotEqualTo(optional).isNotEqualTo(wide);
      assertThat(optional).isNotEqualTo(wide);
    }
  }
}
