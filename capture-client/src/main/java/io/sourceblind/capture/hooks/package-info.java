// SPDX-License-Identifier: Apache-2.0

/// Puts our hooks into the settings of AI tools and takes them out again, without touching anything
/// else in them. {@link io.sourceblind.capture.hooks.Installer} shows what it would change, keeps a
/// copy, and refuses a file that it cannot read.
@NullMarked
package io.sourceblind.capture.hooks;

import org.jspecify.annotations.NullMarked;
