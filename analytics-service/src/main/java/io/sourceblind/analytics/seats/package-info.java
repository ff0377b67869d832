// SPDX-License-Identifier: Apache-2.0
/// How many seats an organization uses. Counts of accounts by role, nothing about what anybody
/// does.
@NullMarked
package io.sourceblind.analytics.seats;

import org.jspecify.annotations.NullMarked;
