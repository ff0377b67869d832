// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import io.sourceblind.audit.merkle.Hash;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The leaf hashes that came with an export (C2SP tlog-tiles, level 0). They prove nothing by
/// themselves; where they are, they tell which entry was changed after it was sequenced.
final class Tiles {
  private static final int WIDTH = 256;

  private final Path folder;
  private final long size;
  private long number = -1;
  private byte[] tile = new byte[0];

  /// @param folder `tile/0` of an export; it need not be there
  Tiles(Path folder, long size) {
    this.folder = folder;
    this.size = size;
  }

  /// Whether there is a hash for this leaf and it is another one.
  boolean differs(long index, byte[] hash) {
    if (index / WIDTH != number) {
      number = index / WIDTH;
      tile = read(number);
    }
    var from = (int) (index % WIDTH) * Hash.BYTES;
    return tile.length >= from + Hash.BYTES
        && !Arrays.equals(tile, from, from + Hash.BYTES, hash, 0, Hash.BYTES);
  }

  private byte[] read(long index) {
    var width = Math.min(WIDTH, size - index * WIDTH);
    var file = folder.resolve(name(index) + (width == WIDTH ? "" : ".p/" + width));
    try {
      return Files.isRegularFile(file) && Files.size(file) <= WIDTH * Hash.BYTES
          ? Files.readAllBytes(file)
          : new byte[0];
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
