// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/// A syslog receiver with a certificate of its own, which takes messages apart by their lengths.
final class TlsReceiver implements AutoCloseable {
  private static final char[] PASSWORD = "not-secret".toCharArray();

  private final List<String> messages = new CopyOnWriteArrayList<>();
  private final SSLServerSocket server;
  private final Thread thread;
  private final Path certificate;
  private final KeyStore keys;
  private volatile @Nullable SSLSocket sender;

  private TlsReceiver(SSLServerSocket server, Path certificate, KeyStore keys) {
    this.server = server;
    this.keys = keys;
    this.certificate = certificate;
    this.thread = Thread.ofPlatform().name("syslog").start(this::serve);
  }

  /// @param name whose certificate it shows, such as `ip:127.0.0.1`
  static TlsReceiver named(String name, Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    var store = folder.resolve(name.replace(':', '-') + ".p12");
    keytool(
        "-genkeypair",
        "-keyalg",
        "EC",
        "-alias",
        "syslog",
        "-dname",
        "CN=syslog",
        "-validity",
        "2",
        "-ext",
        "san=" + name,
        "-storetype",
        "PKCS12",
        "-keystore",
        store.toString(),
        "-storepass",
        new String(PASSWORD));
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD);
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD);
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    var server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
    var pem = folder.resolve(name.replace(':', '-') + ".pem");
    Files.writeString(
        pem,
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("syslog").getEncoded())
            + "\n-----END CERTIFICATE-----\n");
    return new TlsReceiver(server, pem, keys);
  }

  int port() {
    return server.getLocalPort();
  }

  Path certificate() {
    return certificate;
  }

  /// What has come, as soon as it is at least so many.
  List<String> messages(int least) throws InterruptedException {
    for (var round = 0; round < 500 && messages.size() < least; round++) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    return List.copyOf(messages);
  }

  /// Closes the connection of whoever sends, as a receiver does that is restarted.
  void hangUp() throws IOException {
    Objects.requireNonNull(sender).close();
  }

  /// A connection of somebody who trusts this receiver.
  SSLSocket connect() throws IOException, GeneralSecurityException {
    var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("syslog", keys.getCertificate("syslog"));
    trust.init(trusted);
    var context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return (SSLSocket)
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port());
  }

  @Override
  public void close() throws IOException {
    server.close();
    try {
      thread.join(5_000);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve() {
    while (true) {
      try (var socket = (SSLSocket) server.accept()) {
        sender = socket;
        read(new DataInputStream(socket.getInputStream()));
      } catch (SSLException _) {
        // A sender that does not trust us goes away; others may come.
      } catch (SocketException closed) {
        if (server.isClosed()) {
          return;
        }
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  private void read(DataInputStream in) throws IOException {
    while (true) {
      var length = 0;
      for (var c = in.read(); c != ' '; c = in.read()) {
        if (c < 0) {
          return;
        }
        if (c < '0' || c > '9') {
          throw new IOException("A message does not begin with its length");
        }
        length = length * 10 + c - '0';
      }
      messages.add(new String(in.readNBytes(length), UTF_8));
    }
  }

  private static void keytool(String... arguments) throws IOException, InterruptedException {
    var command = new java.util.ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(output);
    }
  }
}
