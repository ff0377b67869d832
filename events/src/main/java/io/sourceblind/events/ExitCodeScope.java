// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What an exit code speaks for.
public enum ExitCodeScope implements Word {
  WHOLE,
  LAST_OF_PIPE,
  LAST_OF_LIST,
  UNKNOWN
}
