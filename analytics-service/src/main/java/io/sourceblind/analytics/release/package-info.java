// SPDX-License-Identifier: Apache-2.0
/// From people's weeks to released cells: for groups that are frozen for an epoch, once per period,
/// never again, and never so that one person can be seen (docs/decisions/0080). Nothing but the
/// database reads what comes out of here.
@NullMarked
package io.sourceblind.analytics.release;

import org.jspecify.annotations.NullMarked;
