// SPDX-License-Identifier: Apache-2.0

/// Keeps events on disk until the server has them, and brings them there. {@link
/// io.sourceblind.capture.outbox.Outbox} holds only redacted wire records and survives a crash at
/// any point; {@link io.sourceblind.capture.outbox.Uploader} sends them in batches, waits when told
/// to, and puts aside what the server refuses.
@NullMarked
package io.sourceblind.capture.outbox;

import org.jspecify.annotations.NullMarked;
