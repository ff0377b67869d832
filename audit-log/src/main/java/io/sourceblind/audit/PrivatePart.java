// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Something personal about an entry, such as an address. Its leaf gets a salted hash under the
/// name `sealed_<name>`; salt and value are kept apart, where they can be erased.
final class PrivatePart {
  static final String SEALED = "sealed_";
  private static final int SALT_BYTES = 32;

  private final String name;
  private final byte[] salt = new byte[SALT_BYTES];
  private final byte[] value;

  PrivatePart(String name, String value, SecureRandom random) {
    this.name = name;
    this.value = value.getBytes(UTF_8);
    random.nextBytes(salt);
  }

  String detail() {
    return SEALED + name;
  }

  String commitment() {
    try {
      var sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(salt);
      return HexFormat.of().formatHex(sha256.digest(value));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }

  void keep(JdbcClient jdbc, UUID organization, UUID entry) {
    jdbc.sql(
            """
            insert into audit.private_part (org_id, entry_uid, name, salt, value)
            values (:org, :entry, :name, :salt, :value)
            """)
        .param("org", organization)
        .param("entry", entry)
        .param("name", name)
        .param("salt", salt)
        .param("value", value)
        .update();
  }
}
