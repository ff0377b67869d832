// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// How an act of the tool ended.
public enum Status implements Word {
  OK,
  ERROR,
  DENIED,
  INTERRUPTED,
  TIMEOUT,
  UNKNOWN
}
