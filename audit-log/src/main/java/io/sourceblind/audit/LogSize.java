// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// How many leaves the tree of an organization has.
record LogSize(UUID orgId, long size) {
  /// Each tree is found by one step through the index.
  private static final String SIZES =
      """
      with recursive log as (
        (select org_id from audit.leaf order by org_id limit 1)
        union all
        select (select l.org_id from audit.leaf l
                 where l.org_id > log.org_id order by l.org_id limit 1)
          from log
         where log.org_id is not null),
      sized as (
        select org_id, (select max(idx) + 1 from audit.leaf l where l.org_id = log.org_id) as size
          from log
         where org_id is not null)
      select org_id, size from sized
      """;

  private static final String WITHOUT_CHECKPOINT =
      """
       where not exists (select from audit.checkpoint c
                          where c.org_id = sized.org_id and c.size = sized.size
                            and c.epoch = (select max(epoch) from audit.checkpoint m
                                            where m.org_id = sized.org_id))
       order by org_id
      """;

  /// Every tree there is.
  static List<LogSize> all(JdbcClient jdbc) {
    return read(jdbc, SIZES);
  }

  /// The trees with more leaves than their last checkpoint.
  static List<LogSize> grown(JdbcClient jdbc) {
    return read(jdbc, SIZES + WITHOUT_CHECKPOINT);
  }

  private static List<LogSize> read(JdbcClient jdbc, String sql) {
    return jdbc.sql(sql).query(DataClassRowMapper.newInstance(LogSize.class)).list();
  }
}
