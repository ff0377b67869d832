// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// How a turn ended.
public enum TurnOutcome implements Word {
  COMPLETED,
  INTERRUPTED,
  STOPPED,
  UNKNOWN
}
