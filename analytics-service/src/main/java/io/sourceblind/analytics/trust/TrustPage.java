// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.week.IsoWeek;
import java.time.LocalDate;
import java.util.List;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// What a reviewer sees.
@Controller
class TrustPage {

  /// What was published of one week.
  record Release(LocalDate week, int rules, LocalDate releasedOn, int released, int withheld) {
    public String weekName() {
      return new IsoWeek(week).toString();
    }
  }

  private record Evidence(
      List<Catalogue.Column> columns,
      List<Catalogue.Domain> domains,
      List<Catalogue.Relation> rights,
      List<Release> ledger,
      List<LeftOut> leftOut) {}

  @GetMapping("/trust")
  String trust(Reading reading, Model model) {
    var evidence =
        reading.read(
            "schema",
            jdbc ->
                new Evidence(
                    Catalogue.columns(jdbc),
                    Catalogue.domains(jdbc),
                    Catalogue.rights(jdbc),
                    ledger(jdbc),
                    LeftOut.all(jdbc)));
    model.addAttribute("columns", evidence.columns());
    model.addAttribute("domains", evidence.domains());
    model.addAttribute("roles", Catalogue.ROLES);
    model.addAttribute("rights", evidence.rights());
    model.addAttribute("ledger", evidence.ledger());
    model.addAttribute("leftOut", evidence.leftOut());
    return "trust";
  }

  private static List<Release> ledger(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select week, rules,
                   min(released_at at time zone 'UTC')::date as released_on,
                   count(*) filter (where state = 'released') as released,
                   count(*) filter (where state = 'withheld') as withheld
              from release.released_cell
             group by week, rules
             order by week desc
            """)
        .query(DataClassRowMapper.newInstance(Release.class))
        .list();
  }
}
