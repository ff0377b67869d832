// SPDX-License-Identifier: Apache-2.0
/// An engineer's own page: exact numbers, every stored field of every session, the groups they are
/// counted in, when their data goes, and who looked. It reads under a role whose rows are the
/// engineer's own and nobody else's.
@NullMarked
package io.sourceblind.analytics.me;

import org.jspecify.annotations.NullMarked;
