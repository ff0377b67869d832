// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import io.sourceblind.events.ExitCodeScope;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// Reads a command as a POSIX shell does, as far as it must to tell words from operators, and hands
/// finished words to {@link Simple}. Text between quotes, in substitutions and in here-documents is
/// stepped over.
final class ShellLexer {

  /// Commands that are longer are not read; their program is `other`.
  private static final int MOST_CHARACTERS = 200_000;

  private static final Set<String> OPENERS =
      Set.of("then", "else", "elif", "do", "if", "while", "until", "!", "{", "time");

  private static final Set<String> CLOSERS = Set.of("fi", "done", "esac", "}");

  private final String text;
  private int at;

  private final List<CommandSkeleton> commands = new ArrayList<>();
  private final Deque<String> heredocs = new ArrayDeque<>();
  private Simple simple = new Simple();
  private boolean hasHeredoc;
  private boolean hasPipe;
  private boolean inBackground;
  private boolean lastWasPipe;
  private boolean inCase;
  private boolean skipWord;
  private boolean skipToSeparator;

  ShellLexer(String text) {
    this.text = text;
  }

  CommandLine read() {
    if (text.length() <= MOST_CHARACTERS) {
      scan();
    }
    finish();
    if (commands.isEmpty()) {
      commands.add(
          new CommandSkeleton(
              CommandSkeleton.OTHER,
              null,
              List.of(),
              Programs.categoryOf(CommandSkeleton.OTHER, null)));
    }
    int segments = Math.min(commands.size(), CommandLine.MOST_COMMANDS);
    ExitCodeScope scope =
        segments == 1
            ? ExitCodeScope.WHOLE
            : lastWasPipe ? ExitCodeScope.LAST_OF_PIPE : ExitCodeScope.LAST_OF_LIST;
    return new CommandLine(
        commands.subList(0, segments),
        segments,
        hasHeredoc,
        hasPipe,
        inBackground,
        scope,
        text.length());
  }

  private void scan() {
    while (at < text.length()) {
      char c = text.charAt(at);
      switch (c) {
        case ' ', '\t', '\r' -> at++;
        case '\\' -> {
          if (at + 1 < text.length() && text.charAt(at + 1) == '\n') {
            at += 2;
          } else if (!word()) {
            return;
          }
        }
        case '\n' -> {
          at++;
          separate(false);
          skipHeredocs();
        }
        case '#' -> skipLine();
        case ';' -> {
          at++;
          separate(false);
          if (at < text.length() && text.charAt(at) == ';') {
            at++;
            skipPattern();
          }
        }
        case '&' -> ampersand();
        case '|' -> {
          at++;
          if (peek() == '|') {
            at++;
            separate(false);
          } else {
            if (peek() == '&') {
              at++;
            }
            hasPipe = true;
            separate(true);
          }
        }
        case '(', ')' -> {
          at++;
          if (c == '(' && simple.hasWords() && peek() == ')') {
            // name() { … }: a function; its name is nobody's business.
            at++;
            simple = new Simple();
          } else {
            separate(false);
          }
        }
        case '<', '>' -> redirect();
        default -> {
          if (!word()) {
            return;
          }
        }
      }
    }
  }

  private char peek() {
    return at < text.length() ? text.charAt(at) : '\0';
  }

  private void ampersand() {
    at++;
    if (peek() == '&') {
      at++;
      separate(false);
    } else if (peek() == '>') {
      at++;
      if (peek() == '>') {
        at++;
      }
      skipWord = true;
    } else {
      inBackground = true;
      separate(false);
    }
  }

  private void redirect() {
    char c = text.charAt(at);
    if (text.startsWith("<<<", at)) {
      at += 3;
      skipWord = true;
    } else if (text.startsWith("<<", at)) {
      at += 2;
      if (peek() == '-' || peek() == '~') {
        at++;
      }
      hasHeredoc = true;
      heredocs.add(heredocWord());
    } else if ((c == '<' || c == '>') && at + 1 < text.length() && text.charAt(at + 1) == '(') {
      at += 2;
      skipBalanced('(', ')');
    } else {
      at++;
      while (peek() == '>' || peek() == '&' || peek() == '|') {
        at++;
      }
      skipWord = true;
    }
  }

  private String heredocWord() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
    StringBuilder word = new StringBuilder();
    while (at < text.length() && " \t\n;|&<>()".indexOf(text.charAt(at)) < 0) {
      char c = text.charAt(at++);
      if (c != '\'' && c != '"' && c != '\\') {
        word.append(c);
      }
    }
    return word.toString();
  }

  private void skipHeredocs() {
    while (!heredocs.isEmpty()) {
      String end = heredocs.remove();
      while (at < text.length()) {
        int eol = text.indexOf('\n', at);
        String line = text.substring(at, eol < 0 ? text.length() : eol);
        at = eol < 0 ? text.length() : eol + 1;
        if (line.strip().equals(end)) {
          break;
        }
      }
    }
  }

  private void skipLine() {
    int eol = text.indexOf('\n', at);
    at = eol < 0 ? text.length() : eol;
  }

  /// The pattern before `)` in a `case`.
  private void skipPattern() {
    if (!inCase) {
      return;
    }
    int from = at;
    while (at < text.length() && text.charAt(at) != ')') {
      if (text.startsWith("esac", at)
          && (at == from || Character.isWhitespace(text.charAt(at - 1)))) {
        inCase = false;
        return;
      }
      at++;
    }
    at = Math.min(at + 1, text.length());
  }

  /// Reads one word; false where the text ends within it, and what it holds is then unknown.
  private boolean word() {
    StringBuilder literal = new StringBuilder();
    boolean plain = true;
    boolean quoted = false;
    boolean dashIsBare = text.charAt(at) == '-';
    while (at < text.length()) {
      char c = text.charAt(at);
      if (" \t\r\n;|&<>()".indexOf(c) >= 0) {
        break;
      }
      switch (c) {
        case '\\' -> {
          if (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
            literal.append(text.charAt(at + 1));
          }
          plain = false;
          at = Math.min(at + 2, text.length());
        }
        case '\'' -> {
          int end = text.indexOf('\'', at + 1);
          if (end < 0) {
            return false;
          }
          literal.append(text, at + 1, end);
          quoted = true;
          at = end + 1;
        }
        case '"' -> {
          int end = endOfDoubleQuotes(at + 1);
          if (end < 0) {
            return false;
          }
          plain &=
              text.substring(at + 1, end).indexOf('$') < 0
                  && text.substring(at + 1, end).indexOf('`') < 0;
          literal.append(text, at + 1, end);
          quoted = true;
          at = end + 1;
        }
        case '`' -> {
          int end = text.indexOf('`', at + 1);
          if (end < 0) {
            return false;
          }
          plain = false;
          at = end + 1;
        }
        case '$' -> {
          plain = false;
          at++;
          if (peek() == '(') {
            at++;
            if (!skipBalanced('(', ')')) {
              return false;
            }
          } else if (peek() == '{') {
            at++;
            if (!skipBalanced('{', '}')) {
              return false;
            }
          } else if (peek() == '\'') {
            int end = text.indexOf('\'', at + 1);
            if (end < 0) {
              return false;
            }
            at = end + 1;
          }
        }
        default -> {
          literal.append(c);
          at++;
        }
      }
    }
    accept(literal.toString(), plain, quoted, dashIsBare);
    return true;
  }

  private void accept(String word, boolean plain, boolean quoted, boolean dashIsBare) {
    // The number before a redirection, as in 2>&1
    boolean descriptor =
        (peek() == '>' || peek() == '<')
            && !word.isEmpty()
            && word.chars().allMatch(Character::isDigit);
    if (descriptor) {
      return;
    }
    if (skipWord) {
      skipWord = false;
      return;
    }
    if (skipToSeparator) {
      return;
    }
    if (!simple.hasWords() && plain && !quoted) {
      if (OPENERS.contains(word) || CLOSERS.contains(word)) {
        return;
      }
      if (word.equals("for") || word.equals("select") || word.equals("function")) {
        skipToSeparator = true;
        return;
      }
      if (word.equals("case")) {
        inCase = true;
        skipToCaseBody();
        return;
      }
    }
    simple.add(word, plain, quoted, dashIsBare);
  }

  private void skipToCaseBody() {
    int in = text.indexOf(" in", at);
    at = in < 0 ? text.length() : in + 3;
    skipPattern();
  }

  private int endOfDoubleQuotes(int from) {
    int i = from;
    while (i < text.length()) {
      char c = text.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c == '"') {
        return i;
      } else if (c == '$' && i + 1 < text.length() && text.charAt(i + 1) == '(') {
        int saved = at;
        at = i + 2;
        boolean closed = skipBalanced('(', ')');
        i = at;
        at = saved;
        if (!closed) {
          return -1;
        }
      } else {
        i++;
      }
    }
    return -1;
  }

  /// Steps over a substitution, whatever is quoted in it, here-documents too.
  private boolean skipBalanced(char open, char close) {
    int depth = 1;
    while (at < text.length() && depth > 0) {
      char c = text.charAt(at);
      if (c == '\\') {
        at += 2;
      } else if (c == '\'') {
        int end = text.indexOf('\'', at + 1);
        if (end < 0) {
          return false;
        }
        at = end + 1;
      } else if (c == '"') {
        int end = endOfDoubleQuotes(at + 1);
        if (end < 0) {
          return false;
        }
        at = end + 1;
      } else if (text.startsWith("<<", at) && !text.startsWith("<<<", at)) {
        at += 2;
        if (peek() == '-') {
          at++;
        }
        String word = heredocWord();
        hasHeredoc = true;
        int eol = text.indexOf('\n', at);
        if (eol < 0) {
          return false;
        }
        heredocs.add(word);
        at = eol + 1;
        skipHeredocs();
      } else {
        depth += c == open ? 1 : c == close ? -1 : 0;
        at++;
      }
    }
    at = Math.min(at, text.length());
    return depth == 0;
  }

  private void separate(boolean pipe) {
    skipToSeparator = false;
    skipWord = false;
    if (simple.isCommand()) {
      finish();
      lastWasPipe = pipe;
    } else {
      simple = new Simple();
    }
  }

  private void finish() {
    if (simple.isCommand() && commands.size() < CommandLine.MOST_COMMANDS) {
      commands.add(simple.skeleton());
    }
    simple = new Simple();
  }
}
