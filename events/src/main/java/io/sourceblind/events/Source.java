// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Where on the machine an event was read.
public enum Source implements Word {
  HOOK,
  TRANSCRIPT,
  OTEL,
  LOG,
  DB
}
