// SPDX-License-Identifier: Apache-2.0
/// Charts of weeks as plain SVG: no library, no script, the same bytes for the same numbers, and
/// readable without eyes.
@NullMarked
package io.sourceblind.analytics.chart;

import org.jspecify.annotations.NullMarked;
