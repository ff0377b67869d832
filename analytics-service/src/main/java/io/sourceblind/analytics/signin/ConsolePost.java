// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Letter;
import io.sourceblind.identity.Post;

/// Prints letters, for whoever tries this on their own machine and has no mail server.
public final class ConsolePost implements Post {

  @Override
  @SuppressWarnings(
      "SystemOut") // Whoever started the process is to read it, and no log is to keep it.
  public void send(Letter letter) {
    System.out.printf("To: %s%nSubject: %s%n%n%s%n", letter.to(), letter.subject(), letter.text());
  }
}
