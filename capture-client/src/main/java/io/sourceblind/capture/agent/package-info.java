// SPDX-License-Identifier: Apache-2.0

/// Runs beside the AI tools. {@link io.sourceblind.capture.agent.Agent} reads their session files
/// on while they grow, takes what their hooks and logs tell on this machine's loopback address,
/// tells of each call once, and sends what is queued. It may be killed at any point.
@NullMarked
package io.sourceblind.capture.agent;

import org.jspecify.annotations.NullMarked;
