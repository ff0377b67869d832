// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import io.sourceblind.audit.merkle.Frontier;
import io.sourceblind.audit.merkle.Hash;
import io.sourceblind.db.TenantDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Gives every committed entry its place in its organization's tree. It has no lasting state: what
/// has no leaf yet is what is left to do, so it may be killed at any moment, and two of them take
/// turns. Not for several threads.
public final class Sequencer {
  private static final int BATCH = 10_000;
  private static final int HIGHEST_NODE = 7;
  private static final int MOST_TREES_IN_MEMORY = 10_000;

  private final TenantDatabase database;
  private final Map<UUID, Frontier> trees = new HashMap<>();

  /// Every entry of an earlier transaction has its leaf. A hint: a new process begins at 0.
  private long settledBefore;

  private Cursor lastOfThisRound = Cursor.before(0);
  private long startOfThisRound;
  private boolean isInARound;

  /// How far a round has come, in the order of the index that it reads.
  private record Cursor(long xid, long id) {
    /// Identities begin with 1.
    static Cursor before(long xid) {
      return new Cursor(xid, 0);
    }
  }

  // Each is the name of a column: to look for another first costs an exception a row.
  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one pass.
  private record Placed(UUID tree, long idx, byte[] hash, long xid, long id) {
    Cursor cursor() {
      return new Cursor(xid, id);
    }
  }

  private record Node(UUID organization, int level, long idx, Hash hash) {}

  /// @param database as `audit_sequencer`
  public Sequencer(TenantDatabase database) {
    this.database = database;
  }

  /// Places what has been committed by now.
  ///
  /// @return how many entries were placed
  public long runOnce() {
    var placed = 0L;
    int last;
    do {
      last = pass();
      placed += last;
    } while (last == BATCH);
    return placed;
  }

  private int pass() {
    var settled = settledBefore;
    try {
      return database.withoutTenant(this::pass);
    } catch (RuntimeException failed) {
      // What is in memory may be ahead of what was rolled back, the commit itself included.
      trees.clear();
      settledBefore = settled;
      isInARound = false;
      throw failed;
    }
  }

  private int pass(JdbcClient jdbc) {
    // Two sequencers take turns; the unique keys of the leaf would stop them anyway.
    jdbc.sql("select pg_advisory_xact_lock(hashtext('audit.sequencer'))").query().singleRow();
    if (!isInARound) {
      // Taken before we look: whatever is older and committed will be seen.
      startOfThisRound =
          jdbc.sql("select pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
              .query(Long.class)
              .single();
      lastOfThisRound = Cursor.before(settledBefore);
    }
    var placed = place(jdbc);
    grow(jdbc, placed);
    isInARound = placed.size() == BATCH;
    if (isInARound) {
      lastOfThisRound =
          placed.stream()
              .map(Placed::cursor)
              .max(comparingLong(Cursor::xid).thenComparingLong(Cursor::id))
              .orElseThrow();
    } else {
      settledBefore = startOfThisRound;
    }
    return placed.size();
  }

  private List<Placed> place(JdbcClient jdbc) {
    // A sub-select that must be asked for each entry: as a join, the planner may read the whole
    // tree to place a handful.
    return jdbc
        .sql(
            """
            with waiting as materialized (
              select e.xid, e.id, e.org_id, e.leaf_hash
                from audit.entry e
               where (e.xid, e.id) > (:xid::text::xid8, :id)
                 and (select l.idx from audit.leaf l where l.entry_id = e.id) is null
               order by e.xid, e.id
               limit :batch),
            tree as (
              select o.org_id,
                     coalesce((select max(idx) + 1 from audit.leaf l where l.org_id = o.org_id), 0)
                       as size
                from (select distinct org_id from waiting) o),
            placed as (
              insert into audit.leaf (org_id, idx, entry_id, leaf_hash)
              select w.org_id,
                     t.size + row_number() over (partition by w.org_id order by w.id) - 1,
                     w.id, w.leaf_hash
                from waiting w
                join tree t on t.org_id = w.org_id
              returning org_id, idx, entry_id, leaf_hash)
            select p.org_id as tree, p.idx, p.leaf_hash as hash, w.xid::text::bigint as xid, w.id
              from placed p
              join waiting w on w.id = p.entry_id
            """)
        .param("xid", lastOfThisRound.xid())
        .param("id", lastOfThisRound.id())
        .param("batch", BATCH)
        .query(DataClassRowMapper.newInstance(Placed.class))
        .list()
        .stream()
        .sorted(comparing(Placed::tree).thenComparingLong(Placed::idx))
        .toList();
  }

  private void grow(JdbcClient jdbc, List<Placed> placed) {
    if (trees.size() > MOST_TREES_IN_MEMORY) {
      trees.clear();
    }
    var nodes = new ArrayList<Node>();
    for (var leaf : placed) {
      var tree = treeOf(jdbc, leaf);
      tree.add(leaf.hash());
      completed(leaf.tree(), tree, nodes);
    }
    if (nodes.isEmpty()) {
      return;
    }
    jdbc.sql(
            """
            insert into audit.node (org_id, level, idx, hash)
            select * from unnest(:orgs::uuid[], :levels::smallint[], :idxs::bigint[], :hashes::bytea[])
            """)
        .param("orgs", nodes.stream().map(Node::organization).toArray(UUID[]::new))
        .param("levels", nodes.stream().map(Node::level).toArray(Integer[]::new))
        .param("idxs", nodes.stream().map(Node::idx).toArray(Long[]::new))
        .param("hashes", nodes.stream().map(node -> node.hash().bytes()).toArray(byte[][]::new))
        .update();
  }

  private Frontier treeOf(JdbcClient jdbc, Placed leaf) {
    var known = trees.get(leaf.tree());
    if (known == null || known.size() != leaf.idx()) {
      // Another sequencer was at work, or this is the first time.
      known = Frontier.of(leaf.idx(), new StoredTree(jdbc, leaf.tree()));
      trees.put(leaf.tree(), known);
    }
    return known;
  }

  private static void completed(UUID organization, Frontier tree, List<Node> nodes) {
    var size = tree.size();
    for (var level = 1; level <= HIGHEST_NODE; level++) {
      var height = level * StoredTree.LEVELS_PER_NODE;
      var leaves = 1L << height;
      if (size % leaves != 0) {
        return;
      }
      nodes.add(new Node(organization, level, size / leaves - 1, tree.completed(height)));
    }
  }
}
