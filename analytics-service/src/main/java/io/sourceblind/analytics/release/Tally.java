// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

import java.util.UUID;

/// What is counted of one team, one week and one metric before anybody decides whether it may be
/// shown. It never leaves this package.
///
/// @param people who are in the group: engineers who had joined before the week
/// @param active who of them worked with an AI tool at all
/// @param contributing who of them have something to say about the metric
/// @param units the sum of everybody's bounded values, in millionths
record Tally(UUID teamId, int people, int active, int contributing, long units) {}
