// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.audit.merkle.Subtrees;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// The hashes of an organization's tree as the database has them. Whoever reads them believes
/// nothing: a root is compared with what was signed before.
final class StoredTree implements Subtrees {
  /// A node is kept for every 256 of the level below.
  static final int LEVELS_PER_NODE = 8;

  private final JdbcClient jdbc;
  private final UUID organization;

  StoredTree(JdbcClient jdbc, UUID organization) {
    this.jdbc = jdbc;
    this.organization = organization;
  }

  @Override
  public Hash at(int level, long index) {
    var kept = level / LEVELS_PER_NODE;
    var count = 1L << level % LEVELS_PER_NODE;
    return Hash.over(kept(kept, index * count, count));
  }

  private List<Hash> kept(int level, long from, long count) {
    var statement =
        level == 0
            ? jdbc.sql(
                """
                select leaf_hash
                  from audit.leaf
                 where org_id = :org and idx >= :from and idx < :to
                 order by idx
                """)
            : jdbc.sql(
                    """
                    select hash
                      from audit.node
                     where org_id = :org and level = :level and idx >= :from and idx < :to
                     order by idx
                    """)
                .param("level", level);
    var hashes =
        statement
            .param("org", organization)
            .param("from", from)
            .param("to", from + count)
            .query(byte[].class)
            .stream()
            .map(bytes -> Hash.of(Objects.requireNonNull(bytes)))
            .toList();
    if (hashes.size() != count) {
      throw new TreeDamaged(
          organization,
          "has %d of the %d hashes from %d on at level %d"
              .formatted(hashes.size(), count, from, level));
    }
    return hashes;
  }
}
