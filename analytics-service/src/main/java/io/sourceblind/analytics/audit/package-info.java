// SPDX-License-Identifier: Apache-2.0
/// The audit log for whoever checks it: pages to search it, the newest checkpoint, the evidence,
/// and copies for a SIEM. Owners see what happened and not which engineer worked when.
@NullMarked
package io.sourceblind.analytics.audit;

import org.jspecify.annotations.NullMarked;
