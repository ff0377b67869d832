// SPDX-License-Identifier: Apache-2.0
/// The pages on which members of a workspace see its keys, and its managers make and end them.
/// Whoever does not belong to a workspace gets what they would get if there were none.
@NullMarked
package io.sourceblind.analytics.workspace;

import org.jspecify.annotations.NullMarked;
