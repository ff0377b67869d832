// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.merkle;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// 32 bytes that SHA-256 made.
public final class Hash {
  public static final int BYTES = 32;

  private static final byte LEAF = 0;
  private static final byte NODE = 1;

  private final byte[] bytes;

  private Hash(byte[] bytes) {
    this.bytes = bytes;
  }

  public static Hash of(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException("A hash has 32 bytes, not " + bytes.length);
    }
    return new Hash(bytes.clone());
  }

  /// RFC 9162, 2.1.1: a leaf is hashed with a zero byte before it.
  public static Hash ofLeaf(byte[] leaf) {
    var sha256 = sha256();
    sha256.update(LEAF);
    return new Hash(sha256.digest(leaf));
  }

  /// RFC 9162, 2.1.1: two subtrees are hashed with a one before them.
  public static Hash ofNode(Hash left, Hash right) {
    var sha256 = sha256();
    sha256.update(NODE);
    sha256.update(left.bytes);
    return new Hash(sha256.digest(right.bytes));
  }

  /// The root over the hashes of a complete row, of which there are a power of two.
  public static Hash over(List<Hash> complete) {
    var row = complete;
    while (row.size() > 1) {
      var above = new ArrayList<Hash>(row.size() / 2);
      for (var left = 0; left < row.size(); left += 2) {
        above.add(ofNode(row.get(left), row.get(left + 1)));
      }
      row = above;
    }
    return row.getFirst();
  }

  /// The root of a tree without leaves.
  public static Hash ofNothing() {
    return new Hash(sha256().digest());
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  public String hex() {
    return HexFormat.of().formatHex(bytes);
  }

  public String base64() {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Hash hash && MessageDigest.isEqual(bytes, hash.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return hex();
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("Every Java has SHA-256", missing);
    }
  }
}
