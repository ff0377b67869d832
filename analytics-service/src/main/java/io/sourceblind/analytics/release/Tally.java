// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.release;

/// What is counted of one group, one period and one metric before anybody decides whether it may be
/// shown. It never leaves this package.
///
/// @param active who worked with an AI tool at all in the period
/// @param contributing who of the group has something to say about the metric
/// @param units the sum of everybody's bounded values of all weeks of the period, in millionths
record Tally(int active, int contributing, long units) {}
