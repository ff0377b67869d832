// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import java.time.Instant;
import java.util.UUID;

/// What whoever caused an entry may keep, to ask for it later.
///
/// @param uid the entry
/// @param leafHash the hash of its exact bytes, in hex
/// @param at when it was written, as its leaf says
public record Receipt(UUID uid, String leafHash, Instant at) {}
