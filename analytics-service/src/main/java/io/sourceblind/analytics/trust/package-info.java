// SPDX-License-Identifier: Apache-2.0
/// What a security reviewer checks: which types a captured value can have, which role may do what,
/// and what has been released. Read from the live catalogue, not from a document about it.
@NullMarked
package io.sourceblind.analytics.trust;

import org.jspecify.annotations.NullMarked;
