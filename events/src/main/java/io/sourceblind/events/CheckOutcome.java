// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a check found.
public enum CheckOutcome implements Word {
  PASS,
  FAIL,
  ERROR,
  PARTIAL,
  UNKNOWN
}
