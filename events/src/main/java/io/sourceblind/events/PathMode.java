// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// The organization's path policy under which a file was recorded.
public enum PathMode implements Word {
  RELATIVE,
  HASHED,
  EXTENSION
}
