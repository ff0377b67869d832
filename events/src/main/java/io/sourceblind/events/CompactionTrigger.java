// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Why a context was compacted.
public enum CompactionTrigger implements Word {
  MANUAL,
  AUTO
}
