// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.PathMode;
import java.time.Duration;

/// What an organization lets its clients capture.
///
/// @param refs makes keyed hashes under the organization's key
/// @param profile whether redacted words may leave
/// @param paths how paths of files may leave
/// @param clientVersion the version of this client
/// @param moved by how much every time of a session is moved; nothing, but for trying out old ones
public record CaptureRules(
    Refs refs, CaptureProfile profile, PathMode paths, String clientVersion, Duration moved) {

  /// Rules that leave times as they are.
  public CaptureRules(Refs refs, CaptureProfile profile, PathMode paths, String clientVersion) {
    this(refs, profile, paths, clientVersion, Duration.ZERO);
  }

  /// The same rules for a session that is moved in time.
  public CaptureRules movedBy(Duration time) {
    return new CaptureRules(refs, profile, paths, clientVersion, time);
  }
}
