// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.springframework.core.io.ClassPathResource;

/// What the stored fields mean, in words; they lie in `field-words.properties`.
final class FieldWords {
  private static final Properties WORDS = read();

  private FieldWords() {}

  static String of(String field) {
    return WORDS.getProperty(field, field.replace('_', ' '));
  }

  static boolean knows(String field) {
    return WORDS.containsKey(field);
  }

  private static Properties read() {
    var words = new Properties();
    try (var file =
        new InputStreamReader(
            new ClassPathResource("analytics/field-words.properties").getInputStream(),
            StandardCharsets.UTF_8)) {
      words.load(file);
      return words;
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
