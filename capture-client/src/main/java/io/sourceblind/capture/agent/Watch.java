// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Says which files below some folders changed. The system tells of most changes at once; what it
/// does not tell (a folder that appears later, an overflow) a sweep over all files finds.
final class Watch implements AutoCloseable {

  private static final int MOST_FOLDERS = 8_000;

  private final List<Path> roots;
  private final WatchService service;
  private final Map<WatchKey, Path> folders = new HashMap<>();
  private final Set<Path> watched = new HashSet<>();

  Watch(List<Path> roots) throws IOException {
    this.roots = List.copyOf(roots);
    this.service = FileSystems.getDefault().newWatchService();
  }

  /// Every file below the folders; begins to watch folders that are new.
  Set<Path> sweep() {
    Set<Path> files = new HashSet<>();
    for (Path root : roots) {
      try {
        // A tool's folder may be a link; those within it are not followed.
        walk(root.toRealPath(), files);
      } catch (IOException notThere) {
        // The tool may come later; the next sweep asks again.
      }
    }
    return files;
  }

  private void walk(Path root, Set<Path> files) {
    if (!Files.isDirectory(root)) {
      return;
    }
    try {
      Files.walkFileTree(
          root,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              watch(folder);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile()) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) {
              // Gone since, or closed to us; the next sweep asks again.
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(
                Path folder, @org.jspecify.annotations.Nullable IOException failure) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException gone) {
      // The next sweep asks again.
    }
  }

  private void watch(Path folder) {
    if (watched.size() >= MOST_FOLDERS || !watched.add(folder)) {
      return;
    }
    try {
      WatchKey key =
          folder.register(
              service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
      folders.put(key, folder);
    } catch (IOException unwatchable) {
      // The system has no watches left, or the folder is gone: the sweep finds its changes.
      watched.remove(folder);
    }
  }

  /// The files that changed; waits for the first for as long as it is told to.
  Set<Path> changed(Duration wait) throws InterruptedException {
    Set<Path> files = new HashSet<>();
    WatchKey key;
    try {
      key = service.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
      while (key != null) {
        take(key, files);
        key = service.poll();
      }
    } catch (ClosedWatchServiceException over) {
      throw new InterruptedException("The watch was closed");
    }
    return files;
  }

  private void take(WatchKey key, Set<Path> files) {
    Path folder = folders.get(key);
    for (WatchEvent<?> event : key.pollEvents()) {
      if (folder == null || !(event.context() instanceof Path name)) {
        // More happened than the system remembers.
        files.addAll(sweep());
        continue;
      }
      Path file = folder.resolve(name);
      if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        walk(file, files);
      } else {
        files.add(file);
      }
    }
    if (!key.reset()) {
      folders.remove(key);
      watched.remove(folder);
    }
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
