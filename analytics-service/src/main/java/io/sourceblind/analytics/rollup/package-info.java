// SPDX-License-Identifier: Apache-2.0
/// From events to one person's week. A week is always made anew from all its events, in one
/// transaction with the marks that said it had changed, so late events and repeated runs change
/// nothing that they should not.
@NullMarked
package io.sourceblind.analytics.rollup;

import org.jspecify.annotations.NullMarked;
