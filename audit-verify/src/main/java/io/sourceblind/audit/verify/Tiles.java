// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import io.sourceblind.audit.merkle.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The hashes that came with an export (C2SP tlog-tiles). They prove nothing by themselves; where
/// they are, they must fit, and those of leaves tell which entry was changed after it was
/// sequenced.
final class Tiles {
  /// A tile of the next level is over so many leaves or tiles, as a power of two.
  static final int HEIGHT = 8;

  static final int LEVELS = 8;
  private static final int WIDTH = 1 << HEIGHT;

  private final Path folder;
  private final long size;
  private final Open[] open = new Open[LEVELS];

  /// The tile of a level that was looked at last.
  ///
  /// @param bytes null where the export has none
  @SuppressWarnings("ArrayRecordComponent") // It lives for the length of one tile.
  private record Open(long number, int width, byte @Nullable [] bytes) {
    boolean differs(int place, byte[] hash) {
      var from = place * Hash.BYTES;
      return bytes != null
          && (bytes.length != width * Hash.BYTES
              || !Arrays.equals(bytes, from, from + Hash.BYTES, hash, 0, Hash.BYTES));
    }
  }

  /// @param folder `tile` of an export; it need not be there
  Tiles(Path folder, long size) {
    this.folder = folder;
    this.size = size;
    Arrays.fill(open, new Open(-1, 0, null));
  }

  /// Whether there is a hash for this place and it is another one.
  ///
  /// @param level 0 for leaves
  boolean differs(int level, long index, byte[] hash) {
    var number = index / WIDTH;
    if (open[level].number() != number) {
      open[level] = read(level, number);
    }
    return open[level].differs((int) (index % WIDTH), hash);
  }

  private Open read(int level, long number) {
    var width = (int) Math.min(WIDTH, (size >> (level * HEIGHT)) - number * WIDTH);
    var file = folder.resolve(level + "/" + name(number) + (width == WIDTH ? "" : ".p/" + width));
    try {
      if (!Files.isRegularFile(file)) {
        return new Open(number, width, null);
      }
      var fits = Files.size(file) == (long) width * Hash.BYTES;
      return new Open(number, width, fits ? Files.readAllBytes(file) : new byte[0]);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
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
