// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What the engineer opened to reach the tool.
public enum Entrypoint implements Word {
  CLI,
  IDE,
  DESKTOP,
  SDK,
  CI,
  UNKNOWN
}
