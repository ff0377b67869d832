// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.PathMode;
import io.sourceblind.events.Ref;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a project lies on this machine, and what may be said about a file by that.
final class ProjectPaths {

  /// Folders that hold people or machines rather than a project: the file system's root, a drive, a
  /// share, and where homes are.
  private static final Pattern NO_PROJECT =
      Pattern.compile(
          "(?i)|/|//[^/]*(?:/[^/]*)?|(?:[a-z]:|/mnt/[a-z]|/cygdrive/[a-z]|/[a-z])?"
              + "(?:/users|/documents and settings)?|(?:/export|/var|/usr|/system/volumes/data)?"
              + "/(?:home|users)|/mnt|/media|/volumes|/net|/cygdrive");

  private final String root;

  ProjectPaths(@Nullable String workingFolder) {
    String folder = workingFolder == null ? "" : slashed(workingFolder);
    String trimmed = folder.endsWith("/") ? folder.substring(0, folder.length() - 1) : folder;
    this.root = NO_PROJECT.matcher(trimmed).matches() ? "" : trimmed;
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
    if (root.isEmpty()) {
      return null;
    }
    if (!absolute) {
      return path.startsWith("../") || path.contains("/../") || path.startsWith("~") ? null : path;
    }
    if (!path.startsWith(root + "/") || path.contains("/../")) {
      return null;
    }
    return path.substring(root.length() + 1);
  }

  private static String slashed(String path) {
    return path.replace('\\', '/');
  }
}
