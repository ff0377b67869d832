// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Where a request comes from, as far as anybody can tell.
///
/// @param address as the connection has it, or as a trusted proxy says it
/// @param browser a mark that we gave to a browser in which its owner has signed in; null for any
///   other
public record Caller(String address, @Nullable String browser) {
  private static final int BYTES_OF_A_NETWORK_4 = 3;
  private static final int BYTES_OF_A_NETWORK_6 = 8;

  /// The network, so that nobody gets new tries with each address they have.
  String network() {
    try {
      // An address, never a name: nothing is looked up.
      var bytes = InetAddress.ofLiteral(address).getAddress();
      var length = bytes.length == 4 ? BYTES_OF_A_NETWORK_4 : BYTES_OF_A_NETWORK_6;
      return HexFormat.of().formatHex(Arrays.copyOf(bytes, length));
    } catch (IllegalArgumentException _) {
      return "unknown";
    }
  }
}
