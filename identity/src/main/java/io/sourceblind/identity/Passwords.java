// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import com.nulabinc.zxcvbn.Zxcvbn;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;

/// Which passwords are good enough, and whether one is right. Both are decided on this machine:
/// lists of passwords that everybody tries come with the library.
public final class Passwords {
  private static final int SHORTEST = 12;
  private static final int LONGEST = 128;
  private static final int GOOD_ENOUGH = 3;
  private static final int SHORTEST_WORD = 3;
  private static final int SHORTEST_REST = 8;
  // Each takes 16 MiB for a moment.
  private static final int AT_ONCE = 8;
  private static final long PATIENCE_SECONDS = 10;

  private final Semaphore places = new Semaphore(AT_ONCE);
  private final Zxcvbn guesses = new Zxcvbn();
  private final PasswordEncoder encoder;
  private final String nobodys;

  public Passwords() {
    this(Argon2PasswordEncoder.defaultsForSpringSecurity_v5_8());
  }

  Passwords(PasswordEncoder encoder) {
    this.encoder = encoder;
    this.nobodys = hash("nobody has this password");
  }

  /// Says what is wrong with a new password, or null when it is good enough.
  ///
  /// @param about what others know of its owner: a name, an address
  public @Nullable String faultOf(String password, List<String> about) {
    if (password.length() < SHORTEST || password.length() > LONGEST) {
      return "A password has %d to %d characters.".formatted(SHORTEST, LONGEST);
    }
    var known =
        about.stream()
            .flatMap(text ->
                Stream.concat(Stream.of(text), Stream.of(text.split("[^\\p{L}\\p{N}]+", -1))))
            .map(word -> word.toLowerCase(Locale.ROOT))
            .toList();
    if (isMadeOf(known, password) || guesses.measure(password, known).getScore() < GOOD_ENOUGH) {
      return "This password, or one much like it, is on the lists that everybody tries first."
          + " Four words that have nothing to do with each other make a good one.";
    }
    return null;
  }

  /// Whether little is left of a password without what everybody knows of its owner.
  private static boolean isMadeOf(List<String> known, String password) {
    var rest = password.toLowerCase(Locale.ROOT);
    for (var word : known) {
      if (word.length() >= SHORTEST_WORD) {
        rest = rest.replace(word, "");
      }
    }
    return rest.length() < password.length() && rest.length() < SHORTEST_REST;
  }

  String hash(String password) {
    return inPlace(() -> String.valueOf(encoder.encode(password)));
  }

  /// Takes as long for somebody who has no password, and for nobody.
  boolean isRight(String password, @Nullable String hash) {
    // No password is longer, and nobody may make us hash a book.
    var tried = password.length() > LONGEST ? "" : password;
    return inPlace(() -> encoder.matches(tried, hash == null ? nobodys : hash)) && hash != null;
  }

  private <T> T inPlace(Supplier<T> work) {
    try {
      if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new TooBusy();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new TooBusy();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }

  /// Too many passwords are being tried at this moment.
  static final class TooBusy extends RuntimeException {
    private static final long serialVersionUID = 1;

    TooBusy() {
      super("Too many passwords are being tried at this moment; try again in a minute");
    }
  }
}
