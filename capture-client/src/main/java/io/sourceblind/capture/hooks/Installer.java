// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.outbox.CaptureFolder;
import io.sourceblind.capture.outbox.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts our hooks into the settings of a tool, and takes out exactly those again.
public final class Installer {

  static final String SHIM = "hook";
  private static final String HEADER = "hook-header";

  private final CaptureFolder folder;
  private final Path home;
  private final Map<String, String> environment;
  private final Clock clock;

  public Installer(CaptureFolder folder, Path home, Map<String, String> environment, Clock clock) {
    this.folder = folder;
    this.home = home;
    this.environment = environment;
    this.clock = clock;
  }

  /// What would change in a file, or did.
  ///
  /// @param difference our own hooks, each behind its sign, and nothing else of the file: it may
  ///   hold keys; empty where nothing changes
  public record Change(Path file, List<String> difference) {
    public Change {
      difference = List.copyOf(difference);
    }
  }

  /// Why a file was left alone, as a sentence for people.
  public static final class Refused extends IOException {
    Refused(String message) {
      super(message);
    }
  }

  /// Whether this machine has the tool.
  public boolean isThere(HookedTool tool) {
    return Files.isDirectory(tool.folder(home, environment));
  }

  /// Which of the hooks we want are in the tool's settings.
  public List<String> installed(HookedTool tool) throws IOException {
    Path file = target(tool);
    return Files.exists(file) ? installed(tool, file, Files.readString(file)) : List.of();
  }

  private List<String> installed(HookedTool tool, Path file, String text) throws Refused {
    if (text.isBlank()) {
      return List.of();
    }
    Document document = read(file, text);
    return tool.events().stream().filter(event -> has(document, event)).toList();
  }

  private List<String> difference(String sign, HookedTool tool, List<String> events) {
    return events.stream()
        .map(event -> sign + " " + event + ": " + tool.entry(shim(), event))
        .toList();
  }

  /// A copy of settings may hold keys, so it goes when it is of no use any more.
  private void forget(Ledger.@Nullable Entry entry) throws IOException {
    if (entry != null && entry.backup() != null) {
      Files.deleteIfExists(folder.file(entry.backup()));
    }
  }

  public List<String> wanted(HookedTool tool) {
    return tool.events();
  }

  /// Puts the hooks in; with `dryRun` only says what would change.
  public Change install(HookedTool tool, AgentKeys keys, boolean dryRun) throws IOException {
    Path file = target(tool);
    boolean isThere = Files.exists(file);
    String found = isThere ? Files.readString(file) : "";
    Ledger ledger = Ledger.load(folder);
    List<String> made = new ArrayList<>();
    String bare = found;
    Ledger.Entry before = ledger.of(tool);
    try {
      if (before != null && !found.isBlank()) {
        Document present = Document.of(found);
        if (tool.events().stream().allMatch(event -> isCurrent(present, tool, event))) {
          if (!dryRun) {
            // An older client may have written another.
            writeShim(keys);
          }
          return new Change(file, List.of());
        }
        bare = without(present, before.made()).text();
      }
      String with = with(tool, bare, made);
      Change change = new Change(file, difference("+", tool, tool.events()));
      if (!dryRun) {
        writeShim(keys);
        String backup = isThere ? backUp(tool, bare) : null;
        // Noted first: what a crash leaves behind can then be taken out.
        ledger.set(tool, new Ledger.Entry(file.toString(), Sha256.of(with), backup, made));
        write(file, with);
        forget(before);
      }
      return change;
    } catch (Document.Unreadable why) {
      throw refused(file, why);
    }
  }

  /// Takes the hooks out. A file that nobody changed since is again what it was, byte for byte.
  public Change uninstall(HookedTool tool, boolean dryRun) throws IOException {
    Ledger ledger = Ledger.load(folder);
    Ledger.Entry entry = ledger.of(tool);
    Path file = entry == null ? target(tool) : Path.of(entry.file());
    if (!Files.exists(file)) {
      if (entry != null && !dryRun) {
        ledger.remove(tool);
      }
      return new Change(file, List.of());
    }
    String found = Files.readString(file);
    try {
      String bare = bare(entry, found);
      Change change = new Change(file, difference("-", tool, installed(tool, file, found)));
      if (!dryRun) {
        boolean ours = entry != null && entry.backup() == null && isOnlyHead(tool, bare);
        if (ours) {
          Files.delete(file);
        } else if (!found.equals(bare)) {
          write(file, bare);
        }
        if (entry != null) {
          ledger.remove(tool);
          forget(entry);
        }
      }
      return change;
    } catch (Document.Unreadable why) {
      throw refused(file, why);
    }
  }

  private String bare(Ledger.@Nullable Entry entry, String found)
      throws IOException, Document.Unreadable {
    if (entry != null
        && entry.backup() != null
        && Sha256.of(found).equals(entry.installed())
        && Files.exists(folder.file(entry.backup()))) {
      return Files.readString(folder.file(entry.backup()));
    }
    if (found.isBlank()) {
      return found;
    }
    return without(Document.of(found), entry == null ? List.of() : entry.made()).text();
  }

  private static boolean isOnlyHead(HookedTool tool, String text) {
    String bare = text.replaceAll("\\s", "");
    return bare.equals("{}") || bare.equals("{" + tool.head().replace(" ", "") + "}");
  }

  private Path target(HookedTool tool) throws IOException {
    Path file = tool.settings(home, environment);
    return Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
  }

  private static Document read(Path file, String text) throws Refused {
    try {
      return Document.of(text);
    } catch (Document.Unreadable why) {
      throw refused(file, why);
    }
  }

  private static Refused refused(Path file, Document.Unreadable why) {
    return new Refused(
        file + " was left alone: " + why.getMessage() + ". Mend it and run this again.");
  }

  private String shim() {
    return folder.file(SHIM).toAbsolutePath().toString();
  }

  private boolean has(Document document, String event) {
    return document.at("hooks", event) instanceof Document.Value.Elements list
        && list.all().stream().anyMatch(one -> isOurs(document, one));
  }

  private boolean isCurrent(Document document, HookedTool tool, String event) {
    return document.at("hooks", event) instanceof Document.Value.Elements list
        && list.all().stream()
            .anyMatch(one -> document.textOf(one).equals(tool.entry(shim(), event)));
  }

  /// Whether a hook, or one of a group of hooks, starts our program.
  private boolean isOurs(Document document, Document.Value value) {
    return startsOurs(document, value)
        || inner(value).stream().anyMatch(one -> startsOurs(document, one));
  }

  private static List<Document.Value> inner(Document.Value value) {
    return hooksIn(value) instanceof Document.Value.Elements list ? list.all() : List.of();
  }

  private static Document.@Nullable Value hooksIn(Document.Value value) {
    return value instanceof Document.Value.Members group && group.all().get("hooks") != null
        ? group.all().get("hooks").value()
        : null;
  }

  private boolean startsOurs(Document document, Document.Value value) {
    if (!(value instanceof Document.Value.Members hook)) {
      return false;
    }
    for (String name : List.of("command", "bash")) {
      Document.Member member = hook.all().get(name);
      String command = member == null ? null : document.wordOf(member.value());
      if (command != null
          && (command.equals(shim()) || command.startsWith(HookedTool.shellWord(shim()) + " "))) {
        return true;
      }
    }
    return false;
  }

  private String with(HookedTool tool, String bare, List<String> made) throws Document.Unreadable {
    String begin = tool.head().isEmpty() ? "{}\n" : "{\n  " + tool.head() + "\n}\n";
    Document document = Document.of(bare.isBlank() ? begin : bare);
    if (document.at("hooks") == null) {
      document = document.withMember(members(document), 0, "hooks", "{}");
      made.add("hooks");
    }
    for (String event : tool.events()) {
      if (document.at("hooks", event) == null) {
        document = document.withMember(members(document, "hooks"), 1, event, "[]");
        made.add(event);
      }
      if (!(document.at("hooks", event) instanceof Document.Value.Elements list)) {
        throw new Document.Unreadable("its hooks are not written as this client knows them");
      }
      document = document.withElement(list, 2, tool.entry(shim(), event));
    }
    return document.text();
  }

  private static Document.Value.Members members(Document document, String... path)
      throws Document.Unreadable {
    if (document.at(path) instanceof Document.Value.Members members) {
      return members;
    }
    throw new Document.Unreadable("its hooks are not written as this client knows them");
  }

  /// Takes out every hook of ours, and what was made for them if nothing else is in it.
  private Document without(Document document, List<String> made) throws Document.Unreadable {
    Document left = document;
    if (!(left.at("hooks") instanceof Document.Value.Members hooks)) {
      return left;
    }
    for (String event : hooks.all().keySet()) {
      while (left.at("hooks", event) instanceof Document.Value.Elements list) {
        Document before = left;
        Document.Value ours =
            list.all().stream().filter(one -> isOurs(before, one)).findFirst().orElse(null);
        if (ours == null) {
          break;
        }
        left = withoutOurs(left, list, ours);
      }
      if (made.contains(event)
          && left.at("hooks", event) instanceof Document.Value.Elements list
          && list.all().isEmpty()) {
        left = left.withoutMember(members(left, "hooks"), event);
      }
    }
    if (made.contains("hooks") && members(left, "hooks").all().isEmpty()) {
      left = left.withoutMember(members(left), "hooks");
    }
    return left;
  }

  /// Without our hook; a group goes with it only if nothing else is in it.
  private Document withoutOurs(Document document, Document.Value.Elements list, Document.Value one)
      throws Document.Unreadable {
    if (hooksIn(one) instanceof Document.Value.Elements group && group.all().size() > 1) {
      for (int i = 0; i < group.all().size(); i++) {
        if (startsOurs(document, group.all().get(i))) {
          return document.withoutElement(group, i);
        }
      }
    }
    return document.withoutElement(list, list.all().indexOf(one));
  }

  /// Deletes every copy of settings; ours can be taken out of them without.
  public static void forgetCopies(CaptureFolder folder) throws IOException {
    try (DirectoryStream<Path> copies =
        Files.newDirectoryStream(folder.path(), "settings-*.backup")) {
      for (Path copy : copies) {
        Files.delete(copy);
      }
    }
  }

  private String backUp(HookedTool tool, String text) throws IOException {
    String name = "settings-" + tool.word() + "-" + clock.instant().toEpochMilli() + ".backup";
    folder.replace(name, text);
    return name;
  }

  /// A program that hands on what a hook is given: it prints nothing, waits for nobody long, and
  /// never fails. The token stands in a file, not on a command line that others could see.
  private void writeShim(AgentKeys keys) throws IOException {
    folder.replace(
        HEADER,
        "Authorization: Bearer " + keys.token() + "\nContent-Type: application/json\nExpect:\n");
    String header = HookedTool.shellWord(folder.file(HEADER).toAbsolutePath().toString());
    folder.replace(
        SHIM,
        """
        #!/bin/sh
        # Written by `capture hooks install`. Hands what a hook is given to the capture agent of this user.
        exec >/dev/null 2>&1
        # While our agent is down, another user of this machine could wait at its port.
        if [ -e /proc/net/tcp ]; then
          ours=no
          for table in /proc/net/tcp6 /proc/net/tcp; do
            [ -r "$table" ] || continue
            while [ "$ours" = no ] && read -r _ here _ state _ _ _ user _; do
              case "$state $here" in
                '0A 0100007F:%1$04X' | '0A 0000000000000000FFFF00000100007F:%1$04X')
                  [ "$user" = %2$s ] && ours=yes ;;
                '0A '* | 'st '*) ;;
                # The system names those who wait before those who talk.
                *) break ;;
              esac
            done <"$table"
          done
          # A tool must be able to write all that it has to say.
          [ "$ours" = yes ] || { cat; exit 0; }
        fi
        curl -q --silent --noproxy '*' --connect-timeout 1 --max-time 2 -H @%3$s --data-binary @- \\
          "http://127.0.0.1:%1$d/hook/$1/$2"
        exit 0
        """
            .formatted(keys.port(), user(), header));
    if (Files.getFileStore(folder.path()).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          folder.file(SHIM), PosixFilePermissions.fromString("rwx------"));
    }
  }

  /// Our own number, by which the system names who listens; asking for it costs a process a hook.
  private String user() throws IOException {
    return Files.getFileStore(folder.path()).supportsFileAttributeView("posix")
        ? String.valueOf(Files.getAttribute(folder.path(), "unix:uid"))
        : "none";
  }

  /// In place as a whole, with the permissions it had; links lead to it as before.
  private static void write(Path file, String text) throws IOException {
    Path parent = java.util.Objects.requireNonNull(file.getParent());
    Files.createDirectories(parent);
    Set<PosixFilePermission> permissions =
        Files.exists(file) && Files.getFileStore(file).supportsFileAttributeView("posix")
            ? Files.getPosixFilePermissions(file)
            : Set.of();
    Path part = Files.createTempFile(parent, ".sourceblind", ".part");
    try {
      Files.write(part, text.getBytes(StandardCharsets.UTF_8));
      if (!permissions.isEmpty()) {
        Files.setPosixFilePermissions(part, permissions);
      }
      Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
