// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a rationale is about.
public enum RationaleTopic implements Word {
  DECISION,
  COMMIT,
  REVIEW,
  NOTE
}
