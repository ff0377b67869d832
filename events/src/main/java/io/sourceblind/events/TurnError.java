// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why a turn failed.
public enum TurnError implements Word {
  RATE_LIMIT,
  OVERLOADED,
  AUTH,
  BILLING,
  INVALID_REQUEST,
  CONTEXT_OVERFLOW,
  NETWORK,
  SERVER,
  REFUSED,
  OTHER
}
