// SPDX-License-Identifier: Apache-2.0
/// Released cells as managers and their programs see them. Nothing in here could name a person:
/// what is read is `release.released_cell` and the names of teams.
@NullMarked
package io.sourceblind.analytics.team;

import org.jspecify.annotations.NullMarked;
