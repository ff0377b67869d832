// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.Set;

/// What one run of characters without blanks is, in a line that was kept.
enum Token {
  /// Fits the alphabet, perhaps after a rewrite.
  PLAIN,
  /// Fits the alphabet and is what programmers call things; source beside it swallows it.
  IDENTIFIER,
  /// An identifier that does not fit the alphabet.
  NAME,
  PATH,
  LINK,
  /// Only signs, such as `=` or `->`.
  OPERATOR,
  /// Source.
  CODE,
  /// A long run of letters and digits that no person wrote.
  DATA;

  private static final Set<String> EXTENSIONS =
      Set.of(
          "c",
          "cc",
          "cpp",
          "h",
          "hpp",
          "cs",
          "java",
          "kt",
          "kts",
          "scala",
          "groovy",
          "gradle",
          "go",
          "rs",
          "py",
          "pyi",
          "ipynb",
          "rb",
          "erb",
          "php",
          "pl",
          "pm",
          "lua",
          "js",
          "jsx",
          "mjs",
          "cjs",
          "ts",
          "tsx",
          "vue",
          "svelte",
          "css",
          "scss",
          "less",
          "html",
          "htm",
          "xml",
          "json",
          "jsonl",
          "yaml",
          "yml",
          "toml",
          "ini",
          "cfg",
          "conf",
          "env",
          "properties",
          "md",
          "mdx",
          "rst",
          "txt",
          "log",
          "csv",
          "tsv",
          "sql",
          "sh",
          "bash",
          "zsh",
          "fish",
          "ps1",
          "bat",
          "cmd",
          "tf",
          "hcl",
          "nix",
          "ex",
          "exs",
          "erl",
          "hrl",
          "hs",
          "ml",
          "mli",
          "clj",
          "cljs",
          "swift",
          "dart",
          "r",
          "jl",
          "zig",
          "nim",
          "sol",
          "proto",
          "graphql",
          "lock",
          "mod",
          "sum",
          "gz",
          "zip",
          "tar",
          "png",
          "jpg",
          "jpeg",
          "gif",
          "svg",
          "pdf",
          "exe",
          "dll",
          "so",
          "jar",
          "war",
          "class",
          "o",
          "f90",
          "cob",
          "cbl",
          "vhd",
          "asm",
          "s",
          "mk",
          "cmake",
          "diff",
          "patch",
          "tmpl",
          "tpl",
          "plist",
          "xcodeproj",
          "sln",
          "csproj");

  /// @param core the run without quotes, brackets and sentence punctuation around it
  static Token of(String core) {
    if (core.length() <= Alphabet.LONGEST_RUN && isLetters(core, core.length())) {
      return LineScore.isCamel(core) ? IDENTIFIER : PLAIN;
    }
    if (core.contains("://") || core.startsWith("www.") || core.startsWith("mailto:")) {
      return LINK;
    }
    int letters = 0;
    int digits = 0;
    int slashes = 0;
    int odd = 0;
    int dots = 0;
    int run = 0;
    int longest = 0;
    int changes = 0;
    int before = -1;
    boolean cjk = false;
    boolean humps = false;
    for (int i = 0; i < core.length(); ) {
      int c = core.codePointAt(i);
      int kind;
      if (Marks.isMark((char) c) && c < 0x10000) {
        kind = 4;
      } else if (Alphabet.isLetterOrDigit(c)) {
        boolean digit = Character.isDigit(c);
        kind = digit ? 0 : 1;
        letters += digit ? 0 : 1;
        digits += digit ? 1 : 0;
        run++;
        cjk |= !digit && LineScore.isCjk(c);
        humps |= i > 0 && Character.isUpperCase(c) && Character.isLowerCase(core.charAt(i - 1));
      } else {
        kind = 2;
        run = 0;
        if (c == '/') {
          slashes++;
        } else if (c == '.') {
          dots++;
        } else if (!(Alphabet.isPunctuation(c) && c != ':')) {
          odd++;
        }
      }
      longest = Math.max(longest, run);
      if (kind != before && before >= 0 && kind < 2 && before < 2) {
        changes++;
      }
      before = kind;
      i += Character.charCount(c);
    }
    if (letters + digits == 0) {
      return OPERATOR;
    }
    if (cjk) {
      return odd == 0 || !hasCodeSign(core) ? PLAIN : CODE;
    }
    if (longest > Alphabet.LONGEST_RUN) {
      boolean words =
          (digits == 0 && longest <= 80)
              || core.chars()
                  .allMatch(c ->
                      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || c == '-' || c == ':');
      return words && odd == 0 ? NAME : DATA;
    }
    if (slashes > 0 || core.indexOf('\\') >= 0) {
      return path(core, slashes, dots, digits);
    }
    if (odd > 0) {
      return oddity(core);
    }
    if (dots > 0) {
      return dotted(core);
    }
    if (digits > 0
        && letters > 0
        && ((changes > 2 && core.length() > 6) || letters + digits > 14)) {
      return NAME;
    }
    return humps ? IDENTIFIER : PLAIN;
  }

  /// Whether it begins with so many letters of ASCII, one at least.
  static boolean isLetters(String text, int count) {
    for (int i = 0; i < count; i++) {
      if (!isLetter(text.charAt(i))) {
        return false;
      }
    }
    return count > 0;
  }

  /// Whether it is a letter of ASCII.
  static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }

  private static boolean hasCodeSign(String core) {
    for (int i = 0; i < core.length(); i++) {
      if ("{}()[]<>=;|\\$#@*+_^~&%`".indexOf(core.charAt(i)) >= 0) {
        return true;
      }
    }
    return false;
  }

  private static Token path(String core, int slashes, int dots, int digits) {
    for (int i = 0; i < core.length(); i++) {
      char c = core.charAt(i);
      if ("{}()[]<>=;|$\"'`^&%!".indexOf(c) >= 0) {
        return CODE;
      }
    }
    if (core.startsWith("//") || core.endsWith("//")) {
      return CODE;
    }
    if (core.indexOf('\\') >= 0) {
      return core.matches("(?:[A-Za-z]:)?[\\\\\\w.\\- ]+") ? PATH : CODE;
    }
    boolean wordsOnly =
        digits == 0
            && dots == 0
            && core.indexOf('_') < 0
            && core.indexOf('@') < 0
            && core.indexOf('*') < 0
            && core.charAt(0) != '/'
            && core.charAt(core.length() - 1) != '/'
            && core.charAt(0) != '~';
    return wordsOnly && slashes == 1 ? PLAIN : PATH;
  }

  private static Token oddity(String core) {
    String lower = core.toLowerCase(java.util.Locale.ROOT);
    if (lower.equals("c++") || lower.equals("c#") || lower.equals("f#")) {
      return PLAIN;
    }
    boolean under = false;
    boolean plus = false;
    for (int i = 0; i < core.length(); i++) {
      char c = core.charAt(i);
      switch (c) {
        case '_' -> under = true;
        case '&', '+', '~', '%', '#', '@', '$', '*' -> plus = true;
        case '(', ')' -> {
          if (isPluralInBrackets(core)) {
            return PLAIN;
          }
          return core.endsWith("()")
                  && core.indexOf('(') == core.length() - 2
                  && isName(core.substring(0, core.length() - 2))
              ? NAME
              : CODE;
        }
        case ':' -> {
          if (i + 1 < core.length() && core.charAt(i + 1) == ':') {
            return CODE;
          }
          boolean time =
              i > 0
                  && Character.isDigit(core.charAt(i - 1))
                  && i + 1 < core.length()
                  && Character.isDigit(core.charAt(i + 1));
          if (!time) {
            plus = true;
          }
        }
        case '{', '}', '[', ']', '<', '>', '=', ';', '|', '^', '`', '"' -> {
          return CODE;
        }
        default -> {}
      }
    }
    if (under) {
      return plus && !isName(core) ? CODE : NAME;
    }
    return signs(core);
  }

  /// `#12`, `50%`, `~5`, `R&D`, `@someone`, `$HOME`, `-x+y`.
  private static Token signs(String core) {
    int signs = 0;
    boolean inside = false;
    for (int i = 0; i < core.length(); i++) {
      char c = core.charAt(i);
      if ("&+~%#@$*:".indexOf(c) >= 0) {
        signs++;
        inside |= i > 0 && i < core.length() - 1;
      }
    }
    boolean number =
        core.chars().allMatch(c -> Character.isDigit(c) || "#%~$+.,:-*".indexOf(c) >= 0);
    if (number && signs <= 2) {
      return PLAIN;
    }
    if (core.indexOf('&') > 0 && signs == 1 && core.length() <= 12) {
      return PLAIN;
    }
    if (signs == 1
        && !inside
        && (core.charAt(0) == '~'
            || core.charAt(core.length() - 1) == '+'
            || core.charAt(core.length() - 1) == '*'
            || core.charAt(0) == '+'
            || core.charAt(0) == '*')) {
      return PLAIN;
    }
    return inside && core.indexOf('@') < 0 && core.indexOf(':') < 0 && core.indexOf('#') < 0
        ? CODE
        : NAME;
  }

  private static boolean isPluralInBrackets(String core) {
    int open = core.indexOf('(');
    if (open <= 0 || core.indexOf('(', open + 1) >= 0 || !core.endsWith(")")) {
      return false;
    }
    String tail = core.substring(open + 1, core.length() - 1);
    return (tail.equals("s")
            || tail.equals("es")
            || tail.equals("n")
            || tail.equals("ed")
            || tail.equals("en"))
        && core.substring(0, open).chars().allMatch(Character::isLetter);
  }

  private static boolean isName(String text) {
    return !text.isEmpty()
        && text.chars()
            .allMatch(
                c -> Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-' || c == ':');
  }

  private static Token dotted(String core) {
    if (core.charAt(0) == '.' && core.length() > 1 && Character.isLetterOrDigit(core.charAt(1))) {
      return PATH;
    }
    int at = core.lastIndexOf('.');
    String tail = core.substring(at + 1);
    String head = core.substring(0, at);
    boolean numeric =
        core.chars()
            .allMatch(c ->
                Character.isDigit(c) || c == '.' || c == ',' || c == '-' || c == 'x' || c == 'v');
    if (numeric) {
      return PLAIN;
    }
    if (EXTENSIONS.contains(tail.toLowerCase(java.util.Locale.ROOT))
        && !head.isEmpty()
        && !head.endsWith(".")) {
      return PATH;
    }
    if (core.contains("..")) {
      return core.replace(".", "").chars().allMatch(Character::isLetter) && core.contains("...")
          ? PLAIN
          : CODE;
    }
    // e.g, i.e, U.S, z.B: single letters between the dots
    boolean abbreviation = true;
    for (String part : core.split("\\.", -1)) {
      abbreviation &= part.length() <= 1;
    }
    if (abbreviation) {
      return PLAIN;
    }
    // A full stop with the blank forgotten.
    if (at > 1
        && Character.isLowerCase(core.charAt(at - 1))
        && at + 2 < core.length()
        && Character.isUpperCase(core.charAt(at + 1))
        && Character.isLowerCase(core.charAt(at + 2))
        && head.indexOf('.') < 0
        && !LineScore.isCamel(core.substring(at + 1))
        && Words.FUNCTION.contains(tail.toLowerCase(java.util.Locale.ROOT))) {
      return PLAIN;
    }
    return NAME;
  }
}
