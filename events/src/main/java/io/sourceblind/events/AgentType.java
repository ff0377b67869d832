// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// A sub-agent that the tool ships; anything else is `custom`.
public enum AgentType implements Word {
  GENERAL_PURPOSE,
  EXPLORE,
  PLAN,
  STATUSLINE_SETUP,
  OUTPUT_STYLE_SETUP,
  CLAUDE_CODE_GUIDE,
  CODE_REVIEWER,
  CUSTOM
}
