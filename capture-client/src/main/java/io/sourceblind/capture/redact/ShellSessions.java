// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// What was typed at the prompt of a shell or of an interpreter, and the answers.
final class ShellSessions implements Scanner {

  private final Page page;
  private final Line[] lines;

  ShellSessions(Page page) {
    this.page = page;
    this.lines = page.lines();
  }

  @Override
  public void scan() {
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      int prompt = line.isOpen() ? promptWidth(line, i) : 0;
      if (prompt == 0) {
        i++;
        continue;
      }
      int end = i + 1;
      while (end < lines.length) {
        Line next = lines[end];
        String text = next.bare();
        if (!next.isOpen()) {
          break;
        }
        if (promptWidth(next, end) > 0 || text.startsWith("... ") || text.equals("...")) {
          end++;
        } else if (next.isBlank()) {
          int after = end + 1;
          boolean goesOn =
              after < lines.length
                  && (promptWidth(lines[after], after) > 0
                      || lines[after].text.startsWith("Out[")
                      || lines[after].indent >= 2);
          if (!goesOn) {
            break;
          }
          end++;
        } else if (LineScore.of(next) < -1.6 && LineScore.isTalk(next)) {
          break;
        } else {
          end++;
        }
      }
      page.claim(i, end, Removed.OUTPUT, null);
      i = end;
    }
  }

  private static final List<String> PROMPTS =
      List.of(
          ">>> ",
          ">>>",
          "... ",
          "In [",
          "Out[",
          "irb(",
          "pry(",
          "iex(",
          "ghci>",
          "Prelude>",
          "scala>",
          "julia>",
          "mysql>",
          "MariaDB [",
          "sqlite>",
          "redis>",
          "hive>",
          "ocaml>",
          "utop #",
          "jshell>",
          "php >",
          "user=>",
          "\u03bb>",
          "*Main>",
          "lua>",
          "erl>",
          "spark-sql>",
          "cqlsh",
          "nix-repl>",
          "groovy:0",
          "kotlin>",
          "node>",
          "deno>",
          "R> ",
          "sage:",
          "gdb>",
          "(gdb)",
          "(lldb)",
          "(Pdb)",
          "(dbg)",
          "dbg>",
          "PS C:",
          "PS /",
          "C:\\",
          "\u276f ",
          "\u279c ",
          "$ ",
          "% ",
          "mongo>",
          "mongosh>",
          "zsh%",
          "bash$",
          "bash-5",
          "sh-5",
          "sh$",
          "fish>",
          "cmd>",
          "1> ",
          "2> ",
          "3> ",
          "4> ",
          "5> ",
          "guile>",
          "scheme@",
          "clj>",
          "smlnj>",
          "idris>",
          "stack>",
          "swift>",
          "swipl",
          "?- ",
          "psql>",
          "perl>",
          "tcl>",
          "raku>",
          "elm>",
          "crystal>",
          "coq <",
          "Coq <");

  private static final Map<Character, List<String>> PROMPTS_BY_FIRST =
      PROMPTS.stream().collect(Collectors.groupingBy(prompt -> prompt.charAt(0)));

  /// The same for ASCII, by the sign's number.
  private static final List<List<String>> PROMPTS_BY_SIGN =
      IntStream.range(0, 128)
          .mapToObj(sign -> PROMPTS_BY_FIRST.getOrDefault((char) sign, List.of()))
          .toList();

  private static List<String> promptsBeginningWith(char first) {
    return first < PROMPTS_BY_SIGN.size()
        ? PROMPTS_BY_SIGN.get(first)
        : PROMPTS_BY_FIRST.getOrDefault(first, List.of());
  }

  /// Which two signs of ASCII a prompt begins with.
  private static final boolean[] BEGINS = new boolean[128 * 128];

  static {
    for (String prompt : PROMPTS) {
      if (prompt.charAt(0) < 128) {
        BEGINS[prompt.charAt(0) * 128 + prompt.charAt(1)] = true;
      }
    }
  }

  /// Whether the longer question is worth asking: every prompt that is not in the list has one of
  /// these signs.
  private static boolean mayBePrompt(Line line) {
    Signs signs = line.signs;
    if (!signs.ascii()
        || signs.has('>')
        || signs.has('$')
        || signs.has('#')
        || signs.has('%')
        || signs.has(']')) {
      return true;
    }
    return isBeginning(line.bareFirst(), line.bareSecond());
  }

  private static boolean isBeginning(char first, char second) {
    return second < 128 && BEGINS[first * 128 + second];
  }

  private int promptWidth(Line line, int at) {
    if (!mayBePrompt(line)) {
      return 0;
    }
    String raw = line.bare();
    if (raw.length() < 2) {
      return 0;
    }
    char first = raw.charAt(0);
    List<String> prompts =
        first >= 128 || isBeginning(first, raw.charAt(1)) ? promptsBeginningWith(first) : List.of();
    for (int i = 0; i < prompts.size(); i++) {
      String prompt = prompts.get(i);
      if (raw.startsWith(prompt)) {
        boolean shy =
            prompt.equals("... ")
                || prompt.equals("% ")
                || (Character.isDigit(prompt.charAt(0)) && prompt.length() == 3);
        return shy && LineScore.of(new Line(raw.substring(prompt.length()))) < 0
            ? 0
            : prompt.length();
      }
    }
    // user@host:~/x$ , postgres=# , [root@host x]#
    int space = raw.indexOf(' ');
    boolean ends = space >= 3 && "$#%>".indexOf(raw.charAt(space - 1)) >= 0;
    if (!ends && raw.indexOf(']') < 0 && raw.charAt(0) != '>') {
      return 0;
    }
    String head = space < 0 ? raw : raw.substring(0, space);
    if (head.length() >= 3 && space > 0) {
      char last = head.charAt(head.length() - 1);
      boolean shell =
          (last == '$' || last == '#' || last == '%' || last == '>')
              && (head.indexOf('@') > 0
                  || head.indexOf('~') >= 0
                  || head.indexOf('/') >= 0
                  || head.indexOf(':') > 0
                  || Marks.isMark(head.charAt(0)));
      boolean database =
          head.endsWith("=#")
              || (head.endsWith("=>") && Character.isLetter(head.charAt(0)))
              || head.endsWith("-#")
              || head.endsWith("(#");
      if (shell || database) {
        return head.length();
      }
    }
    if ((head.startsWith("[") && raw.indexOf("]$ ") > 0)
        || (raw.indexOf("]# ") > 0 && head.indexOf('@') > 0)) {
      return raw.indexOf("] ") + 2;
    }
    // "> x": a node prompt, when the rest is source and it is not a quotation of several lines.
    if (raw.startsWith("> ")
        && LineScore.of(new Line(raw.substring(2))) > 1
        && at + 1 < lines.length
        && !lines[at + 1].bare().startsWith(">")) {
      return 2;
    }
    return 0;
  }
}
