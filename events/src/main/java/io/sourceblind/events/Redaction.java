// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

/// How much was left behind on the engineer's machine to make one event.
///
/// @param droppedFields native fields that were seen and not taken, 0 to 9,999
/// @param droppedBytes their size in bytes, 0 to 10^9
/// @param unknownKeys native fields that this version does not know, 0 to 9,999
public record Redaction(int droppedFields, int droppedBytes, int unknownKeys) {}
