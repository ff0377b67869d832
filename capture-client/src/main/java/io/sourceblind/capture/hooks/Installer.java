// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.hooks;

import io.sourceblind.capture.agent.AgentKeys;
import io.sourceblind.capture.outbox.CaptureFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
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
  /// @param difference as `diff -u` shows it; empty where nothing changes
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
    if (!Files.exists(file)) {
      return List.of();
    }
    Document document = read(file, Files.readString(file));
    return tool.events().stream().filter(event -> has(document, event)).toList();
  }

  public List<String> wanted(HookedTool tool) {
    return tool.events();
  }

  /// Puts the hooks in; with `dryRun` only says what would change.
  public Change install(HookedTool tool, AgentKeys keys, boolean dryRun) throws IOException {
    Path file = target(tool);
    String found = Files.exists(file) ? Files.readString(file) : "";
    Ledger ledger = Ledger.load(folder);
    List<String> made = new ArrayList<>();
    String bare = found;
    Ledger.Entry before = ledger.of(tool);
    try {
      if (before != null && !found.isBlank()) {
        Document present = Document.of(found);
        if (tool.events().stream().allMatch(event -> isCurrent(present, tool, event))) {
          return new Change(file, List.of());
        }
        bare = without(present, before.made()).text();
      }
      String with = with(tool, bare, made);
      Change change = new Change(file, Difference.between(found, with));
      if (!dryRun && !change.difference().isEmpty()) {
        writeShim(keys);
        String backup = found.isEmpty() ? null : backUp(tool, bare);
        // Noted first: what a crash leaves behind can then be taken out.
        ledger.set(tool, new Ledger.Entry(file.toString(), hash(with), backup, made));
        write(file, with);
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
      Change change = new Change(file, Difference.between(found, bare));
      if (!dryRun) {
        boolean ours = entry != null && entry.backup() == null && isOnlyHead(tool, bare);
        if (ours) {
          Files.delete(file);
        } else if (!found.equals(bare)) {
          write(file, bare);
        }
        if (entry != null) {
          ledger.remove(tool);
        }
      }
      return change;
    } catch (Document.Unreadable why) {
      throw refused(file, why);
    }
  }

  private String bare(Ledger.@Nullable Entry entry, String found)
      throws IOException, Document.Unreadable {
    if (entry != null && entry.backup() != null && hash(found).equals(entry.installed())) {
      return Files.readString(folder.file(entry.backup()));
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

  private boolean isOurs(Document document, Document.Value value) {
    String path = HookedTool.quoted(shim());
    return document.textOf(value).contains(path.substring(1, path.length() - 1));
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
        int ours = -1;
        for (int i = 0; i < list.all().size(); i++) {
          ours = isOurs(left, list.all().get(i)) ? i : ours;
        }
        if (ours < 0) {
          break;
        }
        left = left.withoutElement(list, ours);
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
    String here = folder.path().toAbsolutePath().toString().replace("'", "'\\''");
    folder.replace(
        SHIM,
        """
        #!/bin/sh
        # Written by `capture hooks install`. Hands what a hook is given to the capture agent of this user.
        exec >/dev/null 2>&1
        curl --silent --noproxy '*' --connect-timeout 1 --max-time 2 -H @'%s' --data-binary @- \\
          "http://127.0.0.1:%d/hook/$1/$2"
        exit 0
        """
            .formatted(here + "/" + HEADER, keys.port()));
    if (Files.getFileStore(folder.path()).supportsFileAttributeView("posix")) {
      Files.setPosixFilePermissions(
          folder.file(SHIM), PosixFilePermissions.fromString("rwx------"));
    }
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

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException missing) {
      throw new IllegalStateException("This Java has no SHA-256", missing);
    }
  }
}
