// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// How freely the tool may act without asking.
public enum PermissionMode implements Word {
  DEFAULT,
  PLAN,
  ACCEPT_EDITS,
  AUTO,
  DONT_ASK,
  BYPASS,
  UNKNOWN
}
