// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import java.util.List;

/// Writes about the released cells of one group.
interface Narrator {

  /// A draft, which nobody has checked yet, whoever wrote it.
  Draft write(Dossier dossier);

  /// What somebody would like to say.
  ///
  /// @param tokens what it took of the organization's budget
  record Draft(List<Claim> claims, long tokens) {}

  /// A sentence and the cells that it names as its evidence.
  ///
  /// @param cells by their ids in the dossier
  record Claim(String text, List<String> cells) {}
}
