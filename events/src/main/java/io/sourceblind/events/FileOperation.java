// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What was done to a file.
public enum FileOperation implements Word {
  READ,
  CREATE,
  EDIT,
  DELETE,
  RENAME
}
