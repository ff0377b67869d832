// SPDX-License-Identifier: Apache-2.0
/// Takes events in. A request is authenticated by its device's token, read within limits, decided
/// on field by field by [io.sourceblind.ingest.allowlist], and stored in one transaction whose
/// tenant is the credential's. What is answered as accepted is committed; no answer, log line or
/// counter ever repeats a value.
@NullMarked
package io.sourceblind.ingest;

import org.jspecify.annotations.NullMarked;
