// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.signin;

import io.sourceblind.identity.Letter;
import io.sourceblind.identity.Post;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.mail.MailException;
import org.springframework.mail.SimpleMailMessage;
import org.springframework.mail.javamail.JavaMailSenderImpl;

/// Hands letters to a mail server, over TLS unless it is on this machine.
public final class SmtpPost implements Post {
  private static final Logger LOG = LoggerFactory.getLogger(SmtpPost.class);
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "::1");
  private static final String MILLISECONDS = "10000";

  private final JavaMailSenderImpl server = new JavaMailSenderImpl();
  private final String from;

  /// @param username null for a server that asks for none
  public SmtpPost(
      String host, int port, @Nullable String username, @Nullable String password, String from) {
    this.from = from;
    server.setHost(host);
    server.setPort(port);
    server.setDefaultEncoding("UTF-8");
    var properties = server.getJavaMailProperties();
    properties.setProperty("mail.smtp.connectiontimeout", MILLISECONDS);
    properties.setProperty("mail.smtp.timeout", MILLISECONDS);
    properties.setProperty("mail.smtp.writetimeout", MILLISECONDS);
    if (!THIS_MACHINE.contains(host)) {
      properties.setProperty("mail.smtp.starttls.enable", "true");
      properties.setProperty("mail.smtp.starttls.required", "true");
      properties.setProperty("mail.smtp.ssl.checkserveridentity", "true");
    }
    if (username != null) {
      properties.setProperty("mail.smtp.auth", "true");
      server.setUsername(username);
      server.setPassword(password);
    }
  }

  @Override
  public void send(Letter letter) {
    Thread.startVirtualThread(() -> {
      var mail = new SimpleMailMessage();
      mail.setFrom(from);
      mail.setTo(letter.to());
      mail.setSubject(letter.subject());
      mail.setText(letter.text());
      try {
        server.send(mail);
      } catch (MailException failed) {
        // Its message may repeat the address.
        LOG.error("A mail could not be handed over: {}", failed.getClass().getSimpleName());
      }
    });
  }
}
