// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

/// How an act ended.
public enum Outcome {
  /// It happened.
  DONE,
  /// It was not allowed.
  DENIED,
  /// It was allowed and did not work.
  FAILED
}
