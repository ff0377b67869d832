// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.signin.ConsolePost;
import io.sourceblind.analytics.signin.NoPost;
import io.sourceblind.analytics.signin.SmtpPost;
import io.sourceblind.identity.Post;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param host of the mail server; without one nobody is offered what needs a mail
/// @param username null for a server that asks for none
/// @param from whose letters they are
/// @param console prints letters instead, for whoever tries this on their own machine
@ConfigurationProperties("mail")
record MailSettings(
    @Nullable String host,
    @DefaultValue("587") int port,
    @Nullable String username,
    @Nullable String password,
    @Nullable String from,
    @DefaultValue("false") boolean console) {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");

  Post post(@Nullable String serverAddress) {
    if (console) {
      if (serverAddress == null || !THIS_MACHINE.contains(serverAddress)) {
        throw new IllegalStateException(
            "mail.console is for this machine alone: it needs server.address=127.0.0.1");
      }
      return new ConsolePost();
    }
    if (host == null || host.isBlank()) {
      return new NoPost();
    }
    return new SmtpPost(
        Settings.demand("mail.host", host),
        port,
        username == null ? null : Settings.demand("mail.username", username),
        username == null ? null : Settings.demand("mail.password", password),
        Settings.demand("mail.from", from));
  }

  /// Without the secret, which must not end in a log.
  @Override
  public String toString() {
    return "MailSettings[]";
  }
}
