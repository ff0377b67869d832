// SPDX-License-Identifier: Apache-2.0
/// The append-only log of who looked at, changed and deleted what. [AuditLog] writes an entry in
/// the transaction of the act itself, so that neither exists without the other. The exact bytes of
/// an entry, its leaf, are the evidence; nothing that names a person fits into one.
@NullMarked
package io.sourceblind.audit;

import org.jspecify.annotations.NullMarked;
