// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.PathMode;
import io.sourceblind.events.Ref;
import org.jspecify.annotations.Nullable;

/// Where a project lies on this machine, and what may be said about a file by that.
final class ProjectPaths {

  private final String root;

  ProjectPaths(@Nullable String workingFolder) {
    String folder = workingFolder == null ? "" : slashed(workingFolder);
    this.root = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
  }

  String root() {
    return root;
  }

  /// @param path the path as it may leave, or null
  /// @param ref a keyed hash of the path, or null where the policy keeps that back, too
  record Shown(PathMode mode, @Nullable String path, @Nullable Ref ref, boolean inProject) {}

  Shown show(String nativePath, CaptureRules rules) {
    String path = slashed(nativePath);
    String below = belowRoot(path);
    boolean inProject = below != null;
    if (below == null) {
      return new Shown(PathMode.EXTENSION, null, null, false);
    }
    Ref ref = rules.refs().of("path", below);
    return switch (rules.paths()) {
      case RELATIVE -> {
        String bounded = Bounds.relativePath(below);
        yield bounded == null
            ? new Shown(PathMode.HASHED, null, ref, inProject)
            : new Shown(PathMode.RELATIVE, bounded, ref, inProject);
      }
      case HASHED -> new Shown(PathMode.HASHED, null, ref, inProject);
      case EXTENSION -> new Shown(PathMode.EXTENSION, null, null, inProject);
    };
  }

  private @Nullable String belowRoot(String path) {
    boolean absolute = path.startsWith("/") || (path.length() > 2 && path.charAt(1) == ':');
    if (!absolute) {
      return path.startsWith("../") || path.contains("/../") || path.startsWith("~") ? null : path;
    }
    if (root.isEmpty() || !path.startsWith(root + "/") || path.contains("/../")) {
      return null;
    }
    return path.substring(root.length() + 1);
  }

  private static String slashed(String path) {
    return path.replace('\\', '/');
  }
}
