// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// What a check outcome was read from.
public enum OutcomeBasis implements Word {
  REPORT_FILE,
  PARSED_SUMMARY,
  EXIT_CODE,
  NONE
}
