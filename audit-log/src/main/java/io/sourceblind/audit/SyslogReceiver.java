// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A syslog receiver somewhere else, reached over TLS (RFC 5425): it must show a certificate that
/// is trusted and in its own name. Not for several threads.
final class SyslogReceiver implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /// How long is listened, in milliseconds, for a receiver to say that it goes.
  private static final int MOMENT = 5;

  private final String host;
  private final int port;
  private final SSLSocketFactory tls;
  private @Nullable SSLSocket connection;

  /// What was handed over last. If the receiver went away since, nobody knows whether it read them.
  private List<String> unsure = List.of();

  private SyslogReceiver(String host, int port, SSLSocketFactory tls) {
    this.host = host;
    this.port = port;
    this.tls = tls;
  }

  /// @param authorities certificates in PEM that are trusted instead of the machine's
  static SyslogReceiver at(String host, int port, @Nullable Path authorities) {
    try {
      var context = SSLContext.getInstance("TLS");
      context.init(
          null, authorities == null ? null : trusting(authorities).getTrustManagers(), null);
      return new SyslogReceiver(host, port, context.getSocketFactory());
    } catch (GeneralSecurityException | IOException unfit) {
      throw new IllegalArgumentException(
          "The certificates to trust cannot be read; a file of them in PEM is needed", unfit);
    }
  }

  /// Hands over messages, each with its length before it (RFC 5425, 4.3). It has no way to say that
  /// it kept them, so after an error the caller must send them again. What it may have missed when
  /// it went away in between is sent once more.
  void send(List<String> messages) {
    try {
      if (connection != null && isLeft(connection)) {
        close();
      }
      if (connection == null) {
        connection = connect();
        write(connection, unsure);
      }
      write(connection, messages);
      if (isLeft(connection)) {
        throw new EOFException("The receiver closed the connection");
      }
      unsure = List.copyOf(messages);
    } catch (IOException failed) {
      close();
      throw new UncheckedIOException("The syslog receiver cannot be reached", failed);
    }
  }

  private static void write(Socket connection, List<String> messages) throws IOException {
    var out = new BufferedOutputStream(connection.getOutputStream());
    for (var message : messages) {
      var bytes = message.getBytes(UTF_8);
      out.write((bytes.length + " ").getBytes(US_ASCII));
      out.write(bytes);
    }
    out.flush();
  }

  /// Whether the other side has closed: it says nothing else, and what is written to it after that
  /// is lost without an error.
  private static boolean isLeft(Socket connection) throws IOException {
    try {
      return connection.getInputStream().read() < 0;
    } catch (SocketTimeoutException silent) {
      return false;
    }
  }

  @Override
  public void close() {
    try (var _ = connection) {
      connection = null;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private SSLSocket connect() throws IOException {
    var plain = new Socket();
    try {
      plain.connect(new InetSocketAddress(host, port), Math.toIntExact(PATIENCE.toMillis()));
      plain.setSoTimeout(Math.toIntExact(PATIENCE.toMillis()));
      var socket = (SSLSocket) tls.createSocket(plain, host, port, true);
      var parameters = socket.getSSLParameters();
      // Without this any trusted certificate would do, whoever it belongs to.
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      socket.setSoTimeout(MOMENT);
      return socket;
    } catch (IOException | RuntimeException failed) {
      plain.close();
      throw failed;
    }
  }

  private static TrustManagerFactory trusting(Path authorities)
      throws GeneralSecurityException, IOException {
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    try (var pem = Files.newInputStream(authorities)) {
      for (var certificate : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        trusted.setCertificateEntry("trusted-" + trusted.size(), certificate);
      }
    }
    if (trusted.size() == 0) {
      throw new IOException("There is no certificate in it");
    }
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    return trust;
  }
}
