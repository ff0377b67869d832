// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// What `bin/train-redactor` learned: a weight for each bucket of token shapes, one for each fact
/// about a line's neighbours, and from where on a line counts as source.
final class Model {

  /// A weight for each bucket, in steps of `step`.
  private final byte[] shapes;

  private final float step;
  private final float bias;

  /// A weight for each fact about the neighbours.
  private final float[] context;

  /// How sure it must be.
  private final float threshold;

  Model(byte[] shapes, float step, float bias, float[] context, float threshold) {
    this.shapes = shapes;
    this.step = step;
    this.bias = bias;
    this.context = context;
    this.threshold = threshold;
  }

  /// The same view of lines, with what was learned of neighbours.
  Model with(float[] neighbours) {
    return new Model(shapes, step, bias, neighbours, threshold);
  }

  private static final int MAGIC = 0x53424D31;
  private static final int VERSION = 1;
  private static final String FILE = "redactor.model";

  /// The model that is shipped. A file that is not the one its hash was written down for is none at
  /// all: the redactor then does not start, and nothing leaves.
  static Model shipped() {
    return Shipped.MODEL;
  }

  private static final class Shipped {
    private static final Model MODEL = load();

    private static Model load() {
      byte[] file = resource(FILE);
      String written = new String(resource(FILE + ".sha256"), StandardCharsets.US_ASCII).strip();
      if (!hash(file).equals(written)) {
        throw new IllegalStateException(
            "The redactor's model is not the one it was trained to be; install the client again");
      }
      return read(file);
    }

    private static byte[] resource(String name) {
      try (InputStream in = Model.class.getResourceAsStream(name)) {
        if (in == null) {
          throw new IllegalStateException("The redactor's model is missing: " + name);
        }
        return in.readAllBytes();
      } catch (IOException unreadable) {
        throw new IllegalStateException("The redactor's model cannot be read", unreadable);
      }
    }
  }

  static String hash(byte[] file) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("This Java has no SHA-256", missing);
    }
  }

  static Model read(byte[] file) {
    try {
      ByteBuffer in = ByteBuffer.wrap(file);
      if (in.getInt() != MAGIC || in.getInt() != VERSION) {
        throw new IllegalStateException("This is no model of version " + VERSION);
      }
      byte[] shapes = new byte[TokenShapes.BUCKETS];
      float[] context = new float[Context.FACTS];
      float step = in.getFloat();
      float bias = in.getFloat();
      float threshold = in.getFloat();
      for (int i = 0; i < context.length; i++) {
        context[i] = in.getFloat();
      }
      in.get(shapes);
      return new Model(shapes, step, bias, context, threshold);
    } catch (BufferUnderflowException tooShort) {
      throw new IllegalStateException("The redactor's model is cut off", tooShort);
    }
  }

  byte[] write() {
    ByteBuffer out = ByteBuffer.allocate(20 + 4 * context.length + shapes.length);
    out.putInt(MAGIC).putInt(VERSION).putFloat(step).putFloat(bias).putFloat(threshold);
    for (float weight : context) {
      out.putFloat(weight);
    }
    return out.put(shapes).array();
  }

  /// How much a line by itself looks like source: above zero it does.
  double line(TokenShapes line) {
    int[] features = line.features();
    int count = line.count();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += shapes[features[i]];
    }
    return bias + step * sum / Math.sqrt(Math.max(1, count));
  }

  boolean isSource(double weight) {
    return weight > threshold;
  }

  double weigh(double[] facts) {
    // Two sums, because one would have to wait for itself.
    double even = 0;
    double odd = 0;
    int i = 0;
    for (; i + 1 < facts.length; i += 2) {
      even += context[i] * facts[i];
      odd += context[i + 1] * facts[i + 1];
    }
    return i < facts.length ? even + odd + context[i] * facts[i] : even + odd;
  }
}
