// SPDX-License-Identifier: Apache-2.0
/// The offline verifier: it reads an export, a key and what its user has kept, and says whether the
/// log is whole. No network, no database, nothing but the JDK; it writes to no file.
@NullMarked
package io.sourceblind.audit.verify;

import org.jspecify.annotations.NullMarked;
