// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// The kind of machine the tool ran on.
public enum OperatingSystem implements Word {
  LINUX,
  MACOS,
  WINDOWS,
  OTHER
}
