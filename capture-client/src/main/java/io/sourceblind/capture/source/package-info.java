// SPDX-License-Identifier: Apache-2.0

/// Reads what AI tools write down about their sessions and makes captured events of it. A reader
/// constructs each event field by field from an allowlist; it never copies a record and deletes
/// from the copy. What it does not know it counts and reports as a gap, and it never stops for it.
@NullMarked
package io.sourceblind.capture.source;

import org.jspecify.annotations.NullMarked;
