// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.note.SigningKey;
import java.util.UUID;
import java.util.regex.Pattern;

/// What the logs of an installation are called, inside it and outside.
public final class Logs {
  /// The log of the installation itself: amendments of the schema, and every organization's
  /// checkpoints under a blinded name. It is the tree over the trees.
  public static final UUID INSTALLATION = new UUID(0, 0);

  /// What stands behind the origin of a log that began anew, and before the number.
  static final String EPOCH = "/epoch/";

  private static final Pattern HOST = Pattern.compile("[a-z0-9]([a-z0-9.-]{0,98}[a-z0-9])?");

  private final String host;

  /// @param host the name under which customers know the installation; it never changes
  public Logs(String host) {
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "The name of the log is not a host name in lower case, such as audit.example.com");
    }
    this.host = host;
  }

  /// The public key that customers pin, as one line.
  ///
  /// @param seed the signer's 32 random bytes in Base64
  public String publicKey(String seed, UUID organization) {
    return SigningKey.of(seed).verifier(origin(organization)).toString();
  }

  /// The key of a log that began anew.
  public String publicKey(String seed, UUID organization, int epoch) {
    return SigningKey.of(seed).verifier(origin(organization) + EPOCH + epoch).toString();
  }

  /// The name under which receipts are signed.
  String receipts() {
    return host + "/receipts";
  }

  /// The origin of a log, which is the first line of its checkpoints and the name of its key.
  public String origin(UUID organization) {
    return organization.equals(INSTALLATION) ? host + "/master" : host + "/org/" + organization;
  }
}
