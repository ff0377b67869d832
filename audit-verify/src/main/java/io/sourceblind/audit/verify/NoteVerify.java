// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import io.sourceblind.audit.note.MalformedNote;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.VerifierKey;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// Checks one signed note, such as a certificate of deletion, and prints what it says.
public final class NoteVerify {
  private static final String USAGE =
      """
      Usage: note-verify NOTE KEY
        NOTE  the file as it was downloaded
        KEY   a file with the public key, as `audit-log key receipts` prints it
      Exit codes: 0 good, 1 not signed with this key, 2 used wrongly
      Example: note-verify certificate.txt receipts.vkey\
      """;

  private NoteVerify() {}

  static void main(String[] arguments) {
    System.exit(run(System.out, System.err, arguments));
  }

  /// Checks and prints, and gives the exit code.
  public static int run(PrintStream out, PrintStream err, String... arguments) {
    if (arguments.length != 2) {
      err.println(USAGE);
      return 2;
    }
    try {
      var note = Note.parse(Files.readAllBytes(Path.of(arguments[0])));
      var key = VerifierKey.parse(Files.readString(Path.of(arguments[1])));
      if (key.signedAt(note).isEmpty()) {
        err.println("Nobody signed this with the key " + key.name());
        return 1;
      }
      out.print(note.text());
      return 0;
    } catch (MalformedNote unfit) {
      err.println(unfit.getMessage());
      return 1;
    } catch (IOException unreadable) {
      err.println("A file cannot be read, so nothing is decided: " + unreadable.getMessage());
      return 2;
    }
  }
}
