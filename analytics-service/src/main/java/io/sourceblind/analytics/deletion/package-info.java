// SPDX-License-Identifier: Apache-2.0
/// How data leaves: exports of one's own events or of an organization's numbers, and deletion when
/// somebody asks for it. Pages ask and confirm and show how far it is; the retention worker
/// deletes.
@NullMarked
package io.sourceblind.analytics.deletion;

import org.jspecify.annotations.NullMarked;
