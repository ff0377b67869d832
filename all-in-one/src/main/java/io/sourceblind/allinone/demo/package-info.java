// SPDX-License-Identifier: Apache-2.0
/// An invented organization: three teams whose engineers write session logs in the format of an AI
/// tool, which then go through the real capture client and the real API like anybody's.
@NullMarked
package io.sourceblind.allinone.demo;

import org.jspecify.annotations.NullMarked;
