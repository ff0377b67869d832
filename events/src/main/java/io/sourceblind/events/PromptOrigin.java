// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// How a prompt came about.
public enum PromptOrigin implements Word {
  TYPED,
  SLASH_COMMAND,
  QUEUED,
  SCHEDULED,
  HOOK,
  UNKNOWN
}
