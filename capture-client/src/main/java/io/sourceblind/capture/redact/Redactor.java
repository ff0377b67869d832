// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns raw text into plain prose. It never throws and never gives back what it could not judge:
/// an error, a text that is too long or one that takes too much time becomes a placeholder as a
/// whole.
public final class Redactor {

  /// Longer texts are not looked at.
  public static final int MOST_BYTES = 64 * 1024;

  private static final int ATTEMPTS = 3;

  /// The first texts of a process run on code that is not compiled yet, some ten times slower.
  private static final int YOUNG = 2_000;

  private static final int LENIENCE = 10;

  private final Budget budget;
  private final AtomicInteger texts = new AtomicInteger();

  private final @Nullable Model model;
  private final Set<Structure> off;
  private final boolean projects;
  private final Watcher watcher;

  public Redactor(Budget budget) {
    this(budget, Model.shipped());
  }

  /// @param model null only for tests of what happens without one
  Redactor(Budget budget, @Nullable Model model) {
    this(budget, model, Set.of(), true, Watcher.NONE);
  }

  /// @param off structures that are not looked for, in tests of what happens then
  /// @param projects false only in tests of what happens without the projection
  Redactor(Budget budget, @Nullable Model model, Set<Structure> off, boolean projects) {
    this(budget, model, off, projects, Watcher.NONE);
  }

  private Redactor(
      Budget budget, @Nullable Model model, Set<Structure> off, boolean projects, Watcher watcher) {
    this.budget = budget;
    this.model = model;
    this.off = off;
    this.projects = projects;
    this.watcher = watcher;
  }

  /// Is shown each text with what became of it: what an engineer may look at, and nobody else.
  public interface Watcher {

    /// Looks at nothing.
    Watcher NONE = (raw, redaction) -> {};

    void see(String raw, Redaction redaction);
  }

  /// The same redactor, with somebody who looks on.
  public Redactor watchedBy(Watcher eyes) {
    return new Redactor(budget, model, off, projects, eyes);
  }

  /// A redactor with the standard budget. The code is warmed up first: the budget is meant for a
  /// slow text, not for a process that has just started.
  public static Redactor standard() {
    Redactor warm = new Redactor(Budget.unlimited());
    for (int i = 0; i < 40; i++) {
      warm.redact(SAMPLE);
    }
    return new Redactor(Budget.standard());
  }

  private static final String SAMPLE =
      """
      # Why is this slow?

      I tried `git log -p` and https://example.org/a?b=c in src/main/Foo.java, version 1.2.3 (see below).
      * it says "no" to some_name and fooBar(1), but/and then 12:30 happens; what now?

      ```java
      int a = b(1);
      ```
      Traceback (most recent call last):
        File "/x/y.py", line 3, in z
          q = 1
      ValueError: no
      diff --git a/x b/x
      @@ -1,2 +1,2 @@
      -a
      +b
       c
          if (x == y && z) { return "a b c"; } // why
      for i in range(10):
      	print(i)
      key: value
      other: 172.16.0.1
      $ mvn verify
      token=abcdef0123456789ABCDEF password: hunter22x mail me@example.org or +49 30 1234567
      please explain the change, thanks!
      """;

  public Redaction redact(String raw) {
    Redaction redaction = redacted(raw);
    watcher.see(raw, redaction);
    return redaction;
  }

  private Redaction redacted(String raw) {
    if (raw.length() > MOST_BYTES) {
      return whole(Placeholder.tooLong(), raw.length());
    }
    try {
      return patiently(raw);
    } catch (RuntimeException | StackOverflowError defect) {
      // Fail closed: a defect of ours must not let the text through, and must not stop the session.
      return whole(Placeholder.of(Removed.TEXT), raw.length());
    }
  }

  /// Code that runs for the first time is slow; trying again tells that from a slow text.
  private Redaction patiently(String raw) {
    for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
      try {
        return judged(raw);
      } catch (TooMuch again) {
        // The next attempt may be in time, and the last one's failure is the one that counts.
      }
    }
    return judged(raw);
  }

  private Redaction judged(String raw) {
    int times = texts.incrementAndGet() <= YOUNG ? LENIENCE : 1;
    Budget.Deadline deadline = budget.start(raw.length(), times);
    Marks marks = new Marks();
    Line[] lines = linesOf(raw, marks, deadline);
    Structure.scan(lines, off, deadline);
    new Context(lines, model).decide();
    deadline.check();
    String projected = projects ? project(lines, marks, deadline) : kept(lines);
    String cleaned = SecondLook.clean(projected, marks, deadline);
    return render(cleaned, marks, raw.length());
  }

  /// What became of one line, and by which rule.
  ///
  /// @param line as it was typed, but for secrets and personal data
  /// @param left what is left of it
  /// @param rule what took the rest; empty where nothing was taken
  public record Explained(String line, String left, String rule) {}

  /// Line by line what becomes of a text. The sentences around a line may yet decide otherwise;
  /// what leaves is what {@link #redact} says.
  public List<Explained> explain(String raw) {
    Budget.Deadline patient = Budget.unlimited().start(raw.length(), 1);
    Marks marks = new Marks();
    Line[] lines = linesOf(raw, marks, patient);
    Structure.scan(lines, off, patient);
    new Context(lines, model).decide();
    List<Explained> explained = new ArrayList<>();
    for (Line line : lines) {
      explained.add(explained(line, marks, patient));
    }
    return explained;
  }

  private static Explained explained(Line line, Marks marks, Budget.Deadline patient) {
    String typed = render(line.raw, marks);
    if (line.isBlank()) {
      return new Explained(typed, "", "");
    }
    if (!line.isOpen()) {
      Structure structure = line.structure;
      return new Explained(typed, "", structure == null ? "the model" : structure.words());
    }
    int before = marks.count();
    Projection alone = new Projection(marks);
    alone.line(line, true);
    String cleaned = SecondLook.clean(alone.text(), marks, patient);
    boolean secret = line.text.chars().anyMatch(c -> Marks.isMark((char) c));
    boolean projected =
        alone.text().chars().anyMatch(c -> Marks.isMark((char) c) && c - Marks.FIRST >= before);
    String rule =
        !cleaned.equals(alone.text())
            ? "the second look"
            : secret ? "a rule for secrets" : projected ? "the alphabet" : "";
    return new Explained(typed, render(cleaned, marks, 0).prose().text(), rule);
  }

  private static String render(String text, Marks marks) {
    StringBuilder out = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Marks.isMark(c)) {
        out.append(marks.at(c).render());
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static Line[] linesOf(String raw, Marks marks, Budget.Deadline deadline) {
    String text = Normalizer.normalize(raw);
    deadline.check();
    return lines(SecretRules.replaceIn(unescaped(text), marks, deadline));
  }

  /// The lines of a text with what the scanners say of them: where the model begins, in use as in
  /// training.
  static Line[] scanned(String raw) {
    Budget.Deadline patient = Budget.unlimited().start(raw.length(), 1);
    Line[] lines = linesOf(raw, new Marks(), patient);
    Structure.scan(lines, Set.of(), patient);
    return lines;
  }

  /// Source pasted as one line of a string literal, or as HTML, is judged as the lines it stands
  /// for.
  private static String unescaped(String text) {
    boolean broken = text.indexOf('\\') >= 0 && text.indexOf("\\n") >= 0;
    boolean marked =
        text.indexOf('&') >= 0 && (text.indexOf("&lt;") >= 0 || text.indexOf("&quot;") >= 0);
    if (!broken && !marked) {
      return text;
    }
    StringBuilder out = new StringBuilder(text.length());
    for (String line : text.split("\n", -1)) {
      int breaks = count(line, "\\n");
      String plain = line;
      if (breaks >= 2 || (breaks == 1 && (line.contains("\\t") || line.contains("\\\"")))) {
        plain =
            "{ \n" + line.replace("\\n", "\n").replace("\\t", "\t").replace("\\\"", "\"") + "\n }";
      }
      if (line.contains("&lt;") || line.contains("&quot;") || line.contains("&amp;")) {
        plain =
            plain
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&quot;", "\"")
                .replace("&#39;", "'")
                .replace("&amp;", "&");
      }
      out.append(plain).append('\n');
    }
    return out.toString();
  }

  private static int count(String text, String part) {
    int count = 0;
    int at = text.indexOf(part);
    while (at >= 0) {
      count++;
      at = text.indexOf(part, at + part.length());
    }
    return count;
  }

  private static Line[] lines(String text) {
    List<Line> lines = new ArrayList<>();
    int start = 0;
    int end = text.indexOf('\n');
    while (end >= 0) {
      lines.add(new Line(text.substring(start, end)));
      start = end + 1;
      end = text.indexOf('\n', start);
    }
    lines.add(new Line(text.substring(start)));
    return lines.toArray(Line[]::new);
  }

  private static String project(Line[] lines, Marks marks, Budget.Deadline deadline) {
    Projection projection = new Projection(marks);
    int i = 0;
    while (i < lines.length) {
      Line line = lines[i];
      if (line.isOpen()) {
        if (!line.isBlank()) {
          projection.line(line, endsHere(lines, i));
        }
        i++;
        if (i % 64 == 0) {
          deadline.check();
        }
        continue;
      }
      int end = i;
      int count = 0;
      int mostly = i;
      while (end < lines.length
          && (!lines[end].isOpen() || (lines[end].isBlank() && removedGoesOn(lines, end)))) {
        if (!lines[end].isBlank() && lines[end].isOpen() == false) {
          count++;
        }
        end++;
      }
      projection.placeholder(placeholder(lines, mostly, end, count));
      i = end;
    }
    return projection.text();
  }

  private static String kept(Line[] lines) {
    return Arrays.stream(lines)
        .filter(Line::isOpen)
        .map(line -> line.text)
        .collect(Collectors.joining(" "));
  }

  private static boolean removedGoesOn(Line[] lines, int at) {
    int i = at;
    while (i < lines.length && lines[i].isBlank() && lines[i].isOpen()) {
      i++;
    }
    return i < lines.length && !lines[i].isOpen();
  }

  /// One placeholder for neighbouring removals, named after the larger part.
  private static Placeholder placeholder(Line[] lines, int from, int to, int count) {
    Map<Removed, Integer> counts = new EnumMap<>(Removed.class);
    String language = null;
    int files = 0;
    for (int i = from; i < to; i++) {
      Line line = lines[i];
      Removed verdict = line.verdict;
      if (verdict == null) {
        continue;
      }
      counts.merge(verdict, 1, Integer::sum);
      if (verdict == Removed.DIFF) {
        files = Math.max(files, Integer.parseInt(line.language == null ? "1" : line.language));
      } else if (line.language != null) {
        language = line.language;
      }
    }
    Removed most = Removed.CODE;
    int best = 0;
    for (Map.Entry<Removed, Integer> entry : counts.entrySet()) {
      if (entry.getValue() > best) {
        best = entry.getValue();
        most = entry.getKey();
      }
    }
    return switch (most) {
      case DIFF -> Placeholder.files(files);
      case CODE -> Placeholder.lines(Removed.CODE, count, language);
      case STACK_TRACE -> Placeholder.of(Removed.STACK_TRACE);
      default -> Placeholder.lines(most, count, null);
    };
  }

  private static boolean endsHere(Line[] lines, int at) {
    Line line = lines[at];
    if (at + 1 >= lines.length || lines[at + 1].isBlank() || !lines[at + 1].isOpen()) {
      return true;
    }
    Line next = lines[at + 1];
    return next.item
        || next.first() == '#'
        || next.first() == '|'
        || line.first() == '#'
        || (line.text.length() < 50 && Character.isUpperCase(next.first()));
  }

  private static Redaction render(String cleaned, Marks marks, int rawLength) {
    Map<Removed, Integer> removed = new EnumMap<>(Removed.class);
    StringBuilder out = new StringBuilder(cleaned.length());
    String tail = TOO_LONG;
    int most = Alphabet.MOST_CHARACTERS - tail.length();
    Placeholder last = null;
    for (int i = 0; i < cleaned.length(); i++) {
      char c = cleaned.charAt(i);
      int before = out.length();
      if (Token.isLetter(c)) {
        // Most of a text is words; some are taken at once, with the signs and blanks between.
        int end = endOfWords(cleaned, i);
        if (before + 1 + end - i <= most) {
          last = null;
          if (before > 0 && out.charAt(before - 1) == ']') {
            out.append(' ');
          }
          out.append(cleaned, i, end);
          i = end - 1;
          continue;
        }
      }
      if (Marks.isMark(c)) {
        Placeholder placeholder = marks.at(c);
        if (placeholder.equals(last) && !placeholder.what().isSmall()) {
          continue;
        }
        last = placeholder;
        removed.merge(placeholder.what(), 1, Integer::sum);
        spaceBefore(out);
        out.append(placeholder.render());
      } else if (c == ' ') {
        if (out.length() > 0 && out.charAt(out.length() - 1) != ' ') {
          out.append(' ');
        }
      } else {
        if (Character.isLetterOrDigit(c)) {
          last = null;
          if (out.length() > 0 && out.charAt(out.length() - 1) == ']') {
            out.append(' ');
          }
        }
        out.append(c);
      }
      if (out.length() > most) {
        out.setLength(before);
        int cut = Math.max(out.lastIndexOf(" "), 0);
        if (before - cut < 200) {
          out.setLength(cut);
        }
        // Never within a placeholder.
        int open = out.lastIndexOf("[");
        if (open > out.lastIndexOf("]")) {
          out.setLength(open);
        }
        trim(out);
        out.append(tail);
        removed.merge(Removed.TEXT, 1, Integer::sum);
        break;
      }
    }
    trim(out);
    String text = out.toString().strip();
    return new Redaction(
        new PlainProse(text), removed, Math.max(0, rawLength - visibleLength(text)));
  }

  private static final String TOO_LONG = " " + Placeholder.tooLong().render();

  private static final int AT_ONCE = 120;

  private static final byte IN_WORDS = 1;
  private static final byte BLANK = 2;

  /// What goes on with a few words: letters, some signs, and a blank that is not behind another.
  private static final byte[] GOES_ON = new byte[128];

  static {
    for (char c = 0; c < GOES_ON.length; c++) {
      GOES_ON[c] = Token.isLetter(c) || ".,?!'".indexOf(c) >= 0 ? IN_WORDS : c == ' ' ? BLANK : 0;
    }
  }

  private static int endOfWords(String text, int start) {
    int most = Math.min(text.length(), start + AT_ONCE);
    int end = start + 1;
    int before = IN_WORDS;
    while (end < most) {
      char c = text.charAt(end);
      int kind = c < GOES_ON.length ? GOES_ON[c] : 0;
      // Nothing goes on here where what is left of the kind is nothing: one branch, rarely taken.
      if ((kind & ~(before & BLANK)) == 0) {
        break;
      }
      before = kind;
      end++;
    }
    return end;
  }

  private static void spaceBefore(StringBuilder out) {
    if (out.length() > 0
        && (Character.isLetterOrDigit(out.charAt(out.length() - 1))
            || out.charAt(out.length() - 1) == ']')) {
      out.append(' ');
    }
  }

  private static void trim(StringBuilder out) {
    while (out.length() > 0 && out.charAt(out.length() - 1) == ' ') {
      out.setLength(out.length() - 1);
    }
  }

  /// Without the placeholders; nothing else in plain prose has brackets.
  private static int visibleLength(String text) {
    int length = text.length();
    int open = text.indexOf('[');
    while (open >= 0) {
      int close = text.indexOf(']', open);
      int end = close < 0 ? text.length() : close + 1;
      length -= end - open;
      open = text.indexOf('[', end);
    }
    return length;
  }

  private static Redaction whole(Placeholder placeholder, int length) {
    return new Redaction(
        new PlainProse(placeholder.render()), Map.of(placeholder.what(), 1), length);
  }

  /// Only for tests that must see why a text failed.
  @Nullable Throwable defectOf(String raw) {
    try {
      judged(raw);
      return null;
    } catch (RuntimeException | StackOverflowError defect) {
      return defect;
    }
  }
}
