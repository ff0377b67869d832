// SPDX-License-Identifier: Apache-2.0
/// The audit log for whoever checks it elsewhere: the newest checkpoint, and the evidence.
@NullMarked
package io.sourceblind.analytics.audit;

import org.jspecify.annotations.NullMarked;
