// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.UUID;

/// Puts everybody who was enrolled before an epoch into one group or into none.
///
/// @param leastPeople how many people a group has at least
/// @param past what is known of a group's rosters, by group
record Grouping(int leastPeople, Map<UUID, Past> past) {
  /// A group that changes more often would draw so many offsets that their mean is no secret.
  static final int MOST_ROSTERS_IN_26_WEEKS = 3;

  /// @param begun how many rosters of the group have begun within 26 weeks
  /// @param withdrawn whether somebody's history was deleted under the last one
  record Past(String rosterHash, int version, int begun, boolean withdrawn) {}

  /// A group for the epoch.
  record Made(UUID group, SortedSet<UUID> people, int version, String rosterHash) {}

  /// Teams that are large and steady enough, and what is left of the others as one group.
  ///
  /// @param pool what the small teams taken together are called
  /// @param teams people by team; new teams are not among them
  List<Made> of(UUID pool, Map<UUID, SortedSet<UUID>> teams) {
    var made = new ArrayList<Made>();
    var small = new TreeSet<UUID>();
    teams.forEach((team, people) -> {
      var group = group(team, people);
      if (people.size() >= leastPeople && isSteady(group)) {
        made.add(group);
      } else {
        small.addAll(people);
      }
    });
    var rest = group(pool, small);
    if (small.size() >= leastPeople && isSteady(rest)) {
      made.add(rest);
    }
    return made;
  }

  private Made group(UUID group, SortedSet<UUID> people) {
    var hash = hash(people);
    var before = past.get(group);
    if (before == null) {
      return new Made(group, people, 1, hash);
    }
    var same = before.rosterHash().equals(hash) && !before.withdrawn();
    return new Made(group, people, same ? before.version() : before.version() + 1, hash);
  }

  private boolean isSteady(Made group) {
    var before = past.get(group.group());
    return before == null
        || before.version() == group.version()
        || before.begun() < MOST_ROSTERS_IN_26_WEEKS;
  }

  private static String hash(SortedSet<UUID> people) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      for (var person : people) {
        digest.update(
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(person.getMostSignificantBits())
                .putLong(person.getLeastSignificantBits())
                .flip());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }
}
