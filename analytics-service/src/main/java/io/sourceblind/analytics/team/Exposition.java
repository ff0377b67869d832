// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.team;

import io.sourceblind.analytics.metric.Metric;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The youngest released cells in the text format of Prometheus. What is withheld has no line: a
/// series that stops is the only way in which that format can say that there is no number.
final class Exposition {
  private Exposition() {}

  private record Sample(UUID leaf, String metric, double value) {}

  static String of(JdbcClient jdbc, UUID organization) {
    var text = new StringBuilder();
    text.append(
        "# HELP sourceblind_cell A released mean of a group, in steps; never one person's.\n");
    text.append("# TYPE sourceblind_cell gauge\n");
    for (var sample : samples(jdbc, organization)) {
      text.append(
          "sourceblind_cell{leaf=\"%s\",metric=\"%s\",unit=\"%s\"} %s\n"
              .formatted(
                  sample.leaf(),
                  sample.metric(),
                  Metric.of(sample.metric()).scale().isShare() ? "share" : "mean",
                  sample.value()));
    }
    return text.toString();
  }

  /// Of the youngest release of each cadence.
  private static List<Sample> samples(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select c.team_id as leaf, c.metric, c.value
              from release.released_cell c
              join (select weeks, max(week) as week
                      from release.organization_line where org_id = :org group by weeks) youngest
                on youngest.weeks = c.weeks and youngest.week = c.week
             where c.org_id = :org and c.state = 'released'
             order by c.metric, c.team_id
            """)
        .param("org", organization)
        .query(DataClassRowMapper.newInstance(Sample.class))
        .list();
  }
}
