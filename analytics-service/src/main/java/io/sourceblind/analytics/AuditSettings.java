// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.audit.Logs;
import io.sourceblind.audit.Receipts;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;

/// What a receipt is signed with.
///
/// @param logName the host name under which customers know the log, the same as the signer's
/// @param receiptKey 32 random bytes in Base64, not those of the signer; it has no default
@ConfigurationProperties("audit")
record AuditSettings(@Nullable String logName, @Nullable String receiptKey) {

  Receipts receipts() {
    var logs = new Logs(Settings.demand("audit.log-name", logName));
    try {
      return Receipts.signedWith(Settings.demand("audit.receipt-key", receiptKey), logs);
    } catch (IllegalArgumentException unfit) {
      throw new IllegalStateException("audit.receipt-key: " + unfit.getMessage());
    }
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "AuditSettings[]";
  }
}
