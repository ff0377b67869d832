// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import io.sourceblind.audit.merkle.Hash;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Writes the hashes of a tree as C2SP tlog-tiles has them, while they come. It holds at most one
/// tile of each level, however large the tree is.
final class TileWriter {
  private static final int WIDTH = 256;

  private final Path folder;
  private final List<Level> levels = new ArrayList<>();

  private static final class Level {
    private final List<Hash> hashes = new ArrayList<>(WIDTH);
    private long written;
  }

  TileWriter(Path folder) {
    this.folder = folder;
  }

  /// Adds the hash of the next leaf.
  void add(Hash leaf) throws IOException {
    add(0, leaf);
  }

  /// Writes the tiles at the right edge, which are not full.
  void finish() throws IOException {
    for (var number = 0; number < levels.size(); number++) {
      if (!levels.get(number).hashes.isEmpty()) {
        write(number, levels.get(number));
      }
    }
  }

  private void add(int number, Hash hash) throws IOException {
    if (number == levels.size()) {
      levels.add(new Level());
    }
    var level = levels.get(number);
    level.hashes.add(hash);
    if (level.hashes.size() == WIDTH) {
      write(number, level);
      var root = Hash.over(level.hashes);
      level.hashes.clear();
      level.written++;
      add(number + 1, root);
    }
  }

  private void write(int number, Level level) throws IOException {
    var bytes = new byte[level.hashes.size() * Hash.BYTES];
    for (var hash = 0; hash < level.hashes.size(); hash++) {
      System.arraycopy(level.hashes.get(hash).bytes(), 0, bytes, hash * Hash.BYTES, Hash.BYTES);
    }
    var part = level.hashes.size() == WIDTH ? "" : ".p/" + level.hashes.size();
    var file = folder.resolve("%d/%s%s".formatted(number, name(level.written), part));
    Files.createDirectories(file.getParent());
    Files.write(file, bytes);
  }

  /// Three digits a step, all but the last with an x before them.
  private static String name(long index) {
    var name = "%03d".formatted(index % 1000);
    for (var rest = index / 1000; rest > 0; rest /= 1000) {
      name = "x%03d/%s".formatted(rest % 1000, name);
    }
    return name;
  }
}
