// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// What is done to the service or to its database in a round.
enum Blow {
  POSTGRES_KILLED("kill -9 of Postgres"),
  API_KILLED("kill -9 of the API"),
  API_STOPPED("SIGTERM to the API"),
  API_STOPPED_AT_WORK("SIGTERM to the API with batches in it"),
  BACKEND_KILLED("kill -9 of a backend"),
  BOTH_KILLED("kill -9 of both"),
  POSTGRES_STOPPED_AT_ONCE("immediate stop of Postgres"),
  POSTGRES_KILLED_IN_RECOVERY("kill -9 of Postgres, again in recovery");

  /// Postgres is back in a second, the API in ten: so the API lives through several ends of it.
  private static final List<Blow> DECK =
      List.of(
          POSTGRES_KILLED,
          API_KILLED,
          API_STOPPED_AT_WORK,
          BACKEND_KILLED,
          POSTGRES_STOPPED_AT_ONCE,
          POSTGRES_KILLED_IN_RECOVERY,
          POSTGRES_KILLED,
          API_STOPPED,
          POSTGRES_KILLED,
          BACKEND_KILLED,
          POSTGRES_KILLED_IN_RECOVERY,
          BOTH_KILLED);

  private final String words;

  Blow(String words) {
    this.words = words;
  }

  /// The first twelve in the order above, so that a short drill meets each; then shuffled twelves.
  static List<Blow> rounds(int count, Random random) {
    var all = new ArrayList<Blow>(DECK);
    while (all.size() < count) {
      var deck = new ArrayList<>(DECK);
      Collections.shuffle(deck, random);
      all.addAll(deck);
    }
    return all.subList(0, count);
  }

  @Override
  public String toString() {
    return words;
  }
}
