// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import java.util.ArrayList;
import java.util.List;

/// What changes between two texts, line by line, as `diff -u` shows it.
final class Difference {

  private static final int AROUND = 2;

  private Difference() {}

  static List<String> between(String before, String after) {
    List<String> old = before.lines().toList();
    List<String> fresh = after.lines().toList();
    int[][] common = new int[old.size() + 1][fresh.size() + 1];
    for (int i = old.size() - 1; i >= 0; i--) {
      for (int j = fresh.size() - 1; j >= 0; j--) {
        common[i][j] =
            old.get(i).equals(fresh.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> all = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < old.size() || j < fresh.size()) {
      if (i < old.size() && j < fresh.size() && old.get(i).equals(fresh.get(j))) {
        all.add(" " + old.get(i));
        i++;
        j++;
      } else if (i < old.size() && (j == fresh.size() || common[i + 1][j] >= common[i][j + 1])) {
        all.add("-" + old.get(i++));
      } else {
        all.add("+" + fresh.get(j++));
      }
    }
    return near(all);
  }

  /// The changed lines with the few around them.
  private static List<String> near(List<String> all) {
    List<String> shown = new ArrayList<>();
    int last = -1;
    for (int at = 0; at < all.size(); at++) {
      boolean close = false;
      for (int k = Math.max(0, at - AROUND); k <= Math.min(all.size() - 1, at + AROUND); k++) {
        close |= !all.get(k).startsWith(" ");
      }
      if (close) {
        if (last >= 0 && last < at - 1) {
          shown.add("@@");
        }
        shown.add(all.get(at));
        last = at;
      }
    }
    return shown;
  }
}
