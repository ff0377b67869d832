// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// What an attacker guesses of people's levels, beside the truth.
final class Guesses {
  private final List<double[]> pairs = new ArrayList<>();

  void add(double guess, double truth) {
    pairs.add(new double[] {guess, truth});
  }

  int size() {
    return pairs.size();
  }

  /// The share of right calls among "this one is in the top fifth"; a fifth by chance.
  double precision() {
    var top = pairs.size() / 5;
    var cut = sorted(1).get(top - 1)[1];
    return sorted(0).stream().limit(top).filter(pair -> pair[1] >= cut).count() / (double) top;
  }

  double correlation() {
    var mean0 = pairs.stream().mapToDouble(pair -> pair[0]).average().orElseThrow();
    var mean1 = pairs.stream().mapToDouble(pair -> pair[1]).average().orElseThrow();
    var both = 0.0;
    var one = 0.0;
    var other = 0.0;
    for (var pair : pairs) {
      both += (pair[0] - mean0) * (pair[1] - mean1);
      one += (pair[0] - mean0) * (pair[0] - mean0);
      other += (pair[1] - mean1) * (pair[1] - mean1);
    }
    return one == 0 || other == 0 ? 0 : both / Math.sqrt(one * other);
  }

  /// The median distance between guess and truth.
  double medianError() {
    var errors = pairs.stream().map(pair -> Math.abs(pair[0] - pair[1])).sorted().toList();
    return errors.get(errors.size() / 2);
  }

  /// The same for somebody who says the median of all each time.
  double medianErrorOfABlindGuess() {
    var median = sorted(1).get(pairs.size() / 2)[1];
    var blind = new Guesses();
    pairs.forEach(pair -> blind.add(median, pair[1]));
    return blind.medianError();
  }

  private List<double[]> sorted(int by) {
    return pairs.stream()
        .sorted(Comparator.comparingDouble((double[] pair) -> pair[by]).reversed())
        .toList();
  }
}
