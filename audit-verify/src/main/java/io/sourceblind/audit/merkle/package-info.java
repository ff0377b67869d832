// SPDX-License-Identifier: Apache-2.0
/// The Merkle tree of RFC 9162 and nothing else: hashes, roots, and the two proofs with their
/// checks. It needs the JDK only, because the offline verifier is made of it.
@NullMarked
package io.sourceblind.audit.merkle;

import org.jspecify.annotations.NullMarked;
