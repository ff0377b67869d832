// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/// Events that are sent together, in an order.
record Batch(List<Line> lines) {

  /// An event as it is written.
  record Line(Sent event, String json) {}

  /// The same events in another order.
  Batch shuffled(Random random) {
    var others = new ArrayList<>(lines);
    Collections.shuffle(others, random);
    return new Batch(others);
  }

  byte[] packed() {
    var bytes = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(bytes)) {
      for (var line : lines) {
        gzip.write(line.json().getBytes(UTF_8));
        gzip.write('\n');
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return bytes.toByteArray();
  }
}
