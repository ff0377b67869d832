// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.capture.redact.Redactor;
import java.time.Clock;

/// What every reader needs to make events.
///
/// @param rules what may leave
/// @param redactor takes source out of words
/// @param clock says whether a session has been idle for long, and in which zone a time without one
///   was written
record Reading(CaptureRules rules, Redactor redactor, Clock clock) {}
