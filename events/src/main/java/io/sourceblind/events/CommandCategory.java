// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a command is for.
public enum CommandCategory implements Word {
  TEST,
  BUILD,
  LINT,
  FORMAT,
  TYPECHECK,
  VCS,
  PACKAGE,
  RUN,
  CONTAINER,
  DEPLOY,
  FILESYSTEM,
  SEARCH,
  NETWORK,
  OTHER
}
