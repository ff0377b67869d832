// SPDX-License-Identifier: Apache-2.0
/// The one period there is: an ISO week in UTC. Numbers are made for whole weeks only, so that no
/// two periods differ by a day.
@NullMarked
package io.sourceblind.analytics.week;

import org.jspecify.annotations.NullMarked;
