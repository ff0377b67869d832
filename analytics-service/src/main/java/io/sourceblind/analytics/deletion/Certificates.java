// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.audit.Receipts;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// Hands out certificates to whoever may see the deletion.
@RestController
class Certificates {
  private final Receipts receipts;
  private final DeletionSettings settings;

  Certificates(Receipts receipts, DeletionSettings settings) {
    this.receipts = receipts;
    this.settings = settings;
  }

  /// The signed note; nothing is found while the deletion is under way, or for the second that its
  /// entries take to their place in the log.
  @GetMapping(
      value = {"/me/deletion/{deletion}/certificate", "/data/deletion/{deletion}/certificate"},
      produces = MediaType.TEXT_PLAIN_VALUE + ";charset=UTF-8")
  String certificate(@PathVariable String deletion, Reading reading) {
    var id = Ids.of(deletion);
    return reading
        .read(
            "deletion:" + id,
            jdbc ->
                Deletion.find(jdbc, reading.organization(), id)
                    .flatMap(found -> Certificate.of(jdbc, reading.organization(), found)))
        .map(certificate -> certificate.signed(receipts, settings.daysInBackups()))
        .orElseThrow(NotFound::new);
  }
}
