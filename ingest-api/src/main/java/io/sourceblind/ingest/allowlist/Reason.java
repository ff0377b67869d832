// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import java.util.Locale;

/// Why a value was refused: a word of this list, never the value.
public enum Reason {
  NOT_JSON,
  SAID_TWICE,
  TOO_DEEP_OR_TOO_LONG,
  MISSING,
  EXPIRED,
  UNKNOWN_KIND,
  NOT_AN_OBJECT,
  NOT_A_STRING,
  NOT_A_LIST,
  NOT_A_WHOLE_NUMBER,
  NOT_TRUE_OR_FALSE,
  NOT_A_REFERENCE,
  NOT_A_UUID_V7,
  NOT_A_UTC_TIME,
  NOT_ON_THE_LIST,
  NOT_THE_TIME_OF_THE_ID,
  OUT_OF_RANGE,
  TOO_LONG,
  TOO_MANY,
  TOO_OLD,
  IN_THE_FUTURE,
  EMPTY,
  BROKEN_TEXT,
  CONTROL_CHARACTER,
  NOT_NFC,
  ALPHABET,
  NOT_BELOW_THE_PROJECT,
  AGAINST_THE_PATH_MODE,
  PROSE_SPACING,
  PROSE_RUN,
  PROSE_PLACEHOLDER,
  PROSE_CODE,
  PROSE_SECRET;

  /// The word that stands in an answer.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
