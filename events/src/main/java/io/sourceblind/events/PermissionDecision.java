// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What was decided about a tool call.
public enum PermissionDecision implements Word {
  ALLOW,
  ALLOW_ALWAYS,
  DENY,
  ASK,
  AUTO
}
