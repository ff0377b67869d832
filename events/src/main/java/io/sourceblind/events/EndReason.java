// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why a session ended.
public enum EndReason implements Word {
  EXIT,
  CLEAR,
  RESUME,
  LOGOUT,
  ERROR,
  TIMEOUT,
  OTHER,
  INFERRED_IDLE
}
