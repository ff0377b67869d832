// SPDX-License-Identifier: Apache-2.0
/// Signed notes and checkpoints as C2SP describes them (signed-note, tlog-checkpoint,
/// tlog-cosignature), with Ed25519. It needs the JDK only, because the offline verifier is made of
/// it.
@NullMarked
package io.sourceblind.audit.note;

import org.jspecify.annotations.NullMarked;
