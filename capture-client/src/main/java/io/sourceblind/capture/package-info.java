// SPDX-License-Identifier: Apache-2.0

/// The capture client: the command `capture` and its subcommands. It runs on an engineer's machine,
/// reads what AI tools write down, keeps what may leave and sends it; `capture preview` shows every
/// byte beforehand.
@NullMarked
package io.sourceblind.capture;

import org.jspecify.annotations.NullMarked;
