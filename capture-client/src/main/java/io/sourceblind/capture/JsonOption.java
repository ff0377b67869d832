// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;
import tools.jackson.databind.json.JsonMapper;

/// Answers for programs: one JSON object a line instead of sentences.
final class JsonOption {

  /// Made when it is needed: it takes longer than most commands do.
  private static final class Mapper {
    private static final JsonMapper JSON = JsonMapper.builder().build();
  }

  @Option(names = "--json", description = "Print JSON, one object a line")
  private boolean json;

  boolean asked() {
    return json;
  }

  /// Says it in words to a person, and in names and values to a program.
  void say(PrintStream out, String sentence, Object... pairs) {
    if (json) {
      print(out, pairs);
    } else {
      out.println(sentence);
    }
  }

  /// Prints names and values, one behind the other.
  void print(PrintStream out, Object... pairs) {
    Map<String, Object> fields = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      fields.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    out.println(Mapper.JSON.writeValueAsString(fields));
  }
}
