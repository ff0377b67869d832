// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a check looks at.
public enum CheckType implements Word {
  TEST,
  BUILD,
  LINT,
  TYPECHECK,
  FORMAT,
  COVERAGE,
  SECURITY
}
