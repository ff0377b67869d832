// SPDX-License-Identifier: Apache-2.0
/// The wire contract: the closed set of things that may leave an engineer's machine. It has no
/// behaviour and no value patterns: client, server and database each bound the same fields in their
/// own notation, so that one wrong pattern cannot open all three.
@NullMarked
package io.sourceblind.events;

import org.jspecify.annotations.NullMarked;
