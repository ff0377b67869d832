// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Blocks between lines of back-ticks, tildes or quotes; one that is never closed reaches to the
/// end.
final class Fences implements Scanner {

  private final Page page;
  private final Line[] lines;

  Fences(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  private static final Map<String, String> LANGUAGES = languages();

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      if (!mayOpen(line)) {
        i++;
        continue;
      }
      String text = line.text;
      String bare = line.item ? text.substring(text.indexOf(' ') + 1).strip() : text;
      char mark = bare.isEmpty() ? '\0' : bare.charAt(0);
      int width = runOf(bare, mark);
      boolean opens = (mark == '`' || mark == '~') && width >= 3 && bare.indexOf('`', width) < 0;
      boolean quotes =
          (mark == '\'' || mark == '"') && width == 3 && isWord(bare.substring(3).strip());
      // A fence that opens behind words: "look: ```java"
      int inside = bare.indexOf("```");
      boolean trails = !opens && inside > 0 && bare.indexOf("```", inside + 3) < 0;
      if (opens || quotes || trails) {
        int end = closingFence(i + 1, trails ? '`' : mark, trails ? 3 : width);
        String info = bare.substring(trails ? inside + 3 : width).strip();
        if (trails && !isWord(info)) {
          page.claimEdged(i, i + 1, Removed.CODE, null);
        }
        if (trails) {
          page.claimEdged(i + 1, end, Removed.CODE, languageOf(info));
        } else {
          page.claimEdged(i, end, Removed.CODE, languageOf(info));
        }
        i = end;
      } else {
        i++;
      }
    }
  }

  /// A fence is a run of one sign, at the beginning or, if it is of back-ticks, behind words.
  private static boolean mayOpen(Line line) {
    return line.has('`')
        || ((line.has('~') || line.has('\'') || line.has('"')) && !Token.isLetter(line.first()));
  }

  private int closingFence(int from, char mark, int width) {
    for (int i = from; i < lines.length; i++) {
      String text = lines[i].text;
      String stripped = lines[i].bare();
      if (closes(text, mark, width) || closes(stripped, mark, width)) {
        return i + 1;
      }
      // Code and closing fence on one line, or words right behind the fence: it is closed, too.
      if (mark == '`' && text.endsWith("```") && runOf(text, '`') < 3) {
        return i + 1;
      }
    }
    return lines.length;
  }

  private static boolean closes(String text, char mark, int width) {
    return !text.isEmpty()
        && text.charAt(0) == mark
        && runOf(text, mark) >= width
        && runOf(text, mark) == text.length();
  }

  private static int runOf(String text, char mark) {
    int i = 0;
    while (i < text.length() && text.charAt(i) == mark) {
      i++;
    }
    return i;
  }

  private static boolean isWord(String text) {
    return text.length() <= 20
        && text.chars()
            .allMatch(c -> Character.isLetterOrDigit(c) || c == '+' || c == '#' || c == '-');
  }

  static @Nullable String languageOf(String info) {
    int end = 0;
    while (end < info.length()
        && (Character.isLetterOrDigit(info.charAt(end))
            || info.charAt(end) == '+'
            || info.charAt(end) == '#')) {
      end++;
    }
    return LANGUAGES.get(info.substring(0, end).toLowerCase(Locale.ROOT));
  }

  private static Map<String, String> languages() {
    Map<String, String> names = new java.util.HashMap<>();
    String plain =
        "ada apl assembly awk bash c clojure cmake cobol crystal css dart diff dockerfile elixir elm erlang fortran"
            + " go graphql groovy haskell hcl html ini java javascript json julia kotlin latex lisp lua makefile"
            + " markdown matlab nim nix ocaml pascal perl php powershell prolog proto python r ruby rust sas scala"
            + " scheme shell solidity sql svelte swift tcl terraform text toml typescript vb verilog vhdl vue xml"
            + " yaml zig";
    for (String name : plain.split(" ", -1)) {
      names.put(name, name);
    }
    names.putAll(
        Map.ofEntries(
            Map.entry("js", "javascript"),
            Map.entry("jsx", "javascript"),
            Map.entry("ts", "typescript"),
            Map.entry("tsx", "typescript"),
            Map.entry("py", "python"),
            Map.entry("rb", "ruby"),
            Map.entry("rs", "rust"),
            Map.entry("sh", "shell"),
            Map.entry("zsh", "shell"),
            Map.entry("console", "shell"),
            Map.entry("golang", "go"),
            Map.entry("kt", "kotlin"),
            Map.entry("cs", "c sharp"),
            Map.entry("csharp", "c sharp"),
            Map.entry("c#", "c sharp"),
            Map.entry("cpp", "c plus plus"),
            Map.entry("c++", "c plus plus"),
            Map.entry("cc", "c plus plus"),
            Map.entry("objc", "objective c"),
            Map.entry("fsharp", "f sharp"),
            Map.entry("yml", "yaml"),
            Map.entry("md", "markdown"),
            Map.entry("protobuf", "proto"),
            Map.entry("ex", "elixir"),
            Map.entry("erl", "erlang"),
            Map.entry("hs", "haskell"),
            Map.entry("ml", "ocaml"),
            Map.entry("tf", "terraform"),
            Map.entry("ps1", "powershell"),
            Map.entry("txt", "text")));
    return Map.copyOf(names);
  }
}
