// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why a session began.
public enum StartReason implements Word {
  STARTUP,
  RESUME,
  CLEAR,
  COMPACT,
  FORK,
  UNKNOWN
}
