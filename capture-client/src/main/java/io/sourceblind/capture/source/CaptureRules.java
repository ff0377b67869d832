// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.PathMode;

/// What an organization lets its clients capture.
///
/// @param refs makes keyed hashes under the organization's key
/// @param profile whether redacted words may leave
/// @param paths how paths of files may leave
/// @param clientVersion the version of this client
public record CaptureRules(
    Refs refs, CaptureProfile profile, PathMode paths, String clientVersion) {}
