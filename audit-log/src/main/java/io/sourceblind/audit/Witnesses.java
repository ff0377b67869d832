// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.note.Checkpoint;
import io.sourceblind.audit.note.MalformedNote;
import io.sourceblind.audit.note.Note;
import io.sourceblind.audit.note.VerifierKey;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Who outside has signed checkpoints of a log, as they sent it back. Evidence is what they keep;
/// here it only tells since when the log is anchored outside.
public final class Witnesses {
  private Witnesses() {}

  /// The newest signature from outside, and how many different keys have signed.
  public record Anchor(Instant signedAt, String witness, long size, int witnesses) {}

  /// What a witness sent is not its signature under a checkpoint of this log.
  public static final class NotASignature extends RuntimeException {
    private static final long serialVersionUID = 1;

    NotASignature(String message) {
      super(message);
    }
  }

  /// A signature that was sent, checked by the witness's own key.
  public record Signature(long size, String witness, String vkey, Instant signedAt, String note) {

    /// Reads what a witness printed.
    ///
    /// @param vkey its public key, as C2SP writes it
    /// @throws NotASignature if the key has not signed the note with a time
    public static Signature read(String note, String vkey, Instant now) {
      try {
        var parsed = Note.parse(note.getBytes(UTF_8));
        var checkpoint = Checkpoint.parse(parsed.text());
        var key = VerifierKey.parse(vkey);
        if (key.name().equals(checkpoint.origin())) {
          throw new NotASignature("The log is not its own witness");
        }
        var at = key.cosigner().signedAt(parsed);
        if (at.isEmpty() || at.get().isAfter(now.plusSeconds(60))) {
          throw new NotASignature(
              "The key has not signed this checkpoint with a time that is past");
        }
        return new Signature(
            checkpoint.size(), key.name(), key.cosigner().toString(), at.get(), note);
      } catch (MalformedNote malformed) {
        throw new NotASignature(String.valueOf(malformed.getMessage()));
      }
    }
  }

  /// Keeps it, if it is under a checkpoint of this log; once.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  /// @throws NotASignature if the checkpoint is not ours
  public static void keep(JdbcClient jdbc, UUID organization, Signature signature) {
    var text = Note.parse(signature.note().getBytes(UTF_8)).text();
    var ours =
        jdbc.sql(
                """
                select note from audit.checkpoint
                 where org_id = :org and size = :size
                 order by epoch desc limit 1
                """)
            .param("org", organization)
            .param("size", signature.size())
            .query(String.class)
            .optional()
            .filter(note -> Note.parse(note.getBytes(UTF_8)).text().equals(text));
    if (ours.isEmpty()) {
      throw new NotASignature("There is no such checkpoint of this log");
    }
    jdbc.sql(
            """
            insert into audit.cosignature (org_id, size, witness, vkey, signed_at, note)
            values (:org, :size, :witness, :vkey, :at, :note)
            on conflict do nothing
            """)
        .param("org", organization)
        .param("size", signature.size())
        .param("witness", signature.witness())
        .param("vkey", signature.vkey())
        .param("at", signature.signedAt().atOffset(UTC))
        .param("note", signature.note())
        .update();
  }

  /// When the log was last anchored outside, if it ever was.
  ///
  /// @param jdbc of a transaction as `reviewer_api` for this organization
  public static Optional<Anchor> lastAnchor(JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select signed_at, witness, size,
                   (select count(distinct vkey)
                      from audit.cosignature where org_id = :org) as witnesses
              from audit.cosignature
             where org_id = :org
             order by signed_at desc
             limit 1
            """)
        .param("org", organization)
        .query(Anchor.class)
        .optional();
  }
}
