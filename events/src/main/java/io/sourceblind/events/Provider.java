// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// Who runs a model.
public enum Provider implements Word {
  ANTHROPIC,
  OPENAI,
  GOOGLE,
  AMAZON,
  MICROSOFT,
  MISTRAL,
  XAI,
  DEEPSEEK,
  LOCAL,
  OTHER
}
