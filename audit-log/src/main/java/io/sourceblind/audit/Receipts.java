// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.note.SigningKey;
import java.util.UUID;

/// Signs receipts with a key of their own, so that one which is in no log is proof against whoever
/// runs the log. The key is not the signer's: whoever steals it can accuse, and cannot rewrite.
public final class Receipts {
  private final SigningKey key;
  private final Logs logs;

  private Receipts(SigningKey key, Logs logs) {
    this.key = key;
    this.logs = logs;
  }

  /// Receipts that are signed with the key that grows from a seed.
  ///
  /// @param seed 32 random bytes in Base64
  /// @throws IllegalArgumentException if it is anything else; it is not repeated
  public static Receipts signedWith(String seed, Logs logs) {
    return new Receipts(SigningKey.of(seed), logs);
  }

  /// The receipt as one line: entry, hash, time and signature.
  public String line(UUID organization, Receipt receipt) {
    var said = "%s %s %s".formatted(receipt.uid(), receipt.leafHash(), Leaf.time(receipt.at()));
    // The name of the log is signed as well, or a receipt would do for any organization.
    var text = logs.origin(organization) + "\n" + said + "\n";
    return said + " " + key.signature(logs.receipts(), text);
  }

  /// A text of several lines as a signed note, such as a certificate.
  public String note(String text) {
    return "%s\n\u2014 %s %s\n"
        .formatted(text, logs.receipts(), key.signature(logs.receipts(), text));
  }

  /// The public key that customers pin, as one line.
  public String publicKey() {
    return key.verifier(logs.receipts()).toString();
  }
}
