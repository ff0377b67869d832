// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why something was not captured.
public enum GapReason implements Word {
  HOOKS_OFF,
  PARSE_ERROR,
  UNKNOWN_TYPE,
  UNKNOWN_VERSION,
  DROPPED_OVERFLOW,
  CLOCK_SKEW,
  TRANSCRIPT_MISSING
}
