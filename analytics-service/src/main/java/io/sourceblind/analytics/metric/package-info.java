// SPDX-License-Identifier: Apache-2.0
/// What is measured, and only that: each number with its meaning, how it is misread, its bound and
/// how it is made of one person's week. A number that is not in [Metric] cannot be shown anywhere.
@NullMarked
package io.sourceblind.analytics.metric;

import org.jspecify.annotations.NullMarked;
