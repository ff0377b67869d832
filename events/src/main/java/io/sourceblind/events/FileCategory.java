// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a file is for.
public enum FileCategory implements Word {
  CODE,
  TEST,
  DOCS,
  CONFIG,
  DATA,
  MEDIA,
  GENERATED,
  OTHER
}
