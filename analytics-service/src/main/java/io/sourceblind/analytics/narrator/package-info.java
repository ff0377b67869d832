// SPDX-License-Identifier: Apache-2.0
/// Says in words what released numbers show: by fixed rules, or by a language model of the
/// organization's own. Whoever writes is given released cells and nothing else, and every sentence
/// is checked against them word by word before it is kept. Written after a release and never while
/// somebody waits for a page.
@NullMarked
package io.sourceblind.analytics.narrator;

import org.jspecify.annotations.NullMarked;
