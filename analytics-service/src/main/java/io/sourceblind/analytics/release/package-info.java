// SPDX-License-Identifier: Apache-2.0
/// From people's weeks to released cells: once per week and team, never again, and never so that
/// one person can be seen. Nothing but the database reads what comes out of here.
@NullMarked
package io.sourceblind.analytics.release;

import org.jspecify.annotations.NullMarked;
