// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.seats;

import io.sourceblind.analytics.access.Reading;
import java.util.List;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// What billing sees.
@Controller
class SeatsPage {

  record Seats(String role, int accounts) {}

  @GetMapping("/seats")
  String seats(Reading reading, Model model) {
    List<Seats> seats =
        reading.read(
            "seats",
            jdbc ->
                jdbc.sql(
                        """
                        select initcap(role) as role, count(*) as accounts
                          from identity.person
                         where org_id = :org and removed_at is null
                         group by role
                         order by role
                        """)
                    .param("org", reading.organization())
                    .query(DataClassRowMapper.newInstance(Seats.class))
                    .list());
    model.addAttribute("seats", seats);
    model.addAttribute("total", seats.stream().mapToInt(Seats::accounts).sum());
    return "seats";
  }
}
