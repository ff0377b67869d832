// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What ran a check.
public enum CheckFramework implements Word {
  JUNIT,
  SUREFIRE,
  GRADLE,
  PYTEST,
  GO_TEST,
  JEST,
  VITEST,
  MOCHA,
  CARGO,
  DOTNET,
  ESLINT,
  RUFF,
  GOLANGCI,
  CHECKSTYLE,
  TSC,
  OTHER
}
