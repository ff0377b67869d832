// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.events;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What every event says about where and when it happened. Whose it is, it does not say: the
/// credential does.
///
/// @param schemaVersion version of this contract, 1 to 999
/// @param eventId UUIDv7 made on the machine; its time is `occurredAt`
/// @param occurredAt when it happened, UTC, whole milliseconds
/// @param observedAt when the client saw it, UTC, whole milliseconds
/// @param seq place within the session, from 0
/// @param tool which AI tool
/// @param toolVersion its version
/// @param clientVersion version of the capture client
/// @param source where the client read it
/// @param sessionRef the session; absent only on a rationale written outside one
/// @param turnRef the turn within it
/// @param callRef the tool call within it
/// @param agentRef the sub-agent
/// @param parentSessionRef the session this one was started from
/// @param projectRef the project
/// @param branchRef the branch
/// @param headCommitRef the commit that was checked out
/// @param isSubagent whether a sub-agent did it
/// @param permissionMode how freely the tool might act
/// @param redaction how much stayed behind
public record Envelope(
    int schemaVersion,
    UUID eventId,
    Instant occurredAt,
    Instant observedAt,
    int seq,
    Tool tool,
    @Nullable String toolVersion,
    String clientVersion,
    Source source,
    @Nullable Ref sessionRef,
    @Nullable Ref turnRef,
    @Nullable Ref callRef,
    @Nullable Ref agentRef,
    @Nullable Ref parentSessionRef,
    @Nullable Ref projectRef,
    @Nullable Ref branchRef,
    @Nullable Ref headCommitRef,
    boolean isSubagent,
    @Nullable PermissionMode permissionMode,
    Redaction redaction) {}
