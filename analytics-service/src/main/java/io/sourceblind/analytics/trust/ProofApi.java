// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.sourceblind.analytics.access.Reading;
import java.util.List;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// What can be proved of the schema, for programs of the organization.
@RestController
class ProofApi {

  /// @param bits the most that one row can carry
  /// @param chosenBySender how many of them the sender chooses
  record Kind(String kind, double bits, @JsonProperty("chosen_by_sender") double chosenBySender) {}

  record Column(
      String column,
      String type,
      double bits,
      @JsonProperty("chosen_by_sender") boolean chosenBySender) {}

  record Capacity(String table, List<Kind> kinds, List<Column> columns) {}

  @GetMapping("/v1/proof/capacity")
  Capacity capacity(Reading reading) {
    return reading.read(
        "capacity", jdbc -> new Capacity("capture.event", kinds(jdbc), columns(jdbc)));
  }

  /// @param leftOut by field and reason
  record Door(@JsonProperty("left_out") List<LeftOut> leftOut) {}

  @GetMapping("/v1/proof/left-out")
  Door leftOut(Reading reading) {
    return reading.read("left_out", jdbc -> new Door(LeftOut.all(jdbc)));
  }

  private static List<Kind> kinds(JdbcClient jdbc) {
    return jdbc.sql(
            "select kind, bits, chosen_by_sender from capture.capacity_of_kind order by kind")
        .query(DataClassRowMapper.newInstance(Kind.class))
        .list();
  }

  private static List<Column> columns(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select column_name as column, type, bits, chosen_by_sender
              from capture.capacity
             order by bits desc, column_name
            """)
        .query(DataClassRowMapper.newInstance(Column.class))
        .list();
  }
}
