// SPDX-License-Identifier: Apache-2.0
/// Lets data go. Every night, and when it starts, [RetentionWorker] opens the days ahead, deletes
/// what is past each organization's own window, and drops whole days past the 90th. What it deletes
/// and the audit entry that says so are one transaction. It may be late without harm to anybody's
/// privacy: row security hides what is past the window from the first minute.
@NullMarked
package io.sourceblind.retention;

import org.jspecify.annotations.NullMarked;
