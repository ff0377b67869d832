// SPDX-License-Identifier: Apache-2.0
/// The second layer: what may enter, decided on the JSON tree before anything is bound to a type.
/// The file `allowlist.json` names every field with its owner, purpose, sensitivity, bound,
/// reviewer and expiry; what it does not name is left out, and a named value that does not fit
/// refuses its event. The package imports no other module of ours, not even the wire contract, so
/// that a mistake there cannot open this door as well.
@NullMarked
package io.sourceblind.ingest.allowlist;

import org.jspecify.annotations.NullMarked;
