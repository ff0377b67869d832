// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// A name server on this machine that knows a few texts (RFC 1035).
final class SomeNameServer implements AutoCloseable {
  private static final int TXT = 16;
  private static final int HEADER = 12;

  final Map<String, String> texts = new ConcurrentHashMap<>();
  private final DatagramSocket socket;

  SomeNameServer() throws IOException {
    socket = new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofVirtual().start(this::serve);
  }

  String address() {
    return "dns://127.0.0.1:" + socket.getLocalPort();
  }

  private void serve() {
    var buffer = new byte[512];
    while (!socket.isClosed()) {
      var asked = new DatagramPacket(buffer, buffer.length);
      try {
        socket.receive(asked);
        var answer = answer(Arrays.copyOf(asked.getData(), asked.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, asked.getSocketAddress()));
      } catch (IOException broken) {
        if (!socket.isClosed()) {
          throw new IllegalStateException(broken);
        }
      }
    }
  }

  private byte[] answer(byte[] asked) {
    var name = new StringBuilder();
    var at = HEADER;
    while (asked[at] != 0) {
      var length = asked[at];
      name.append(name.isEmpty() ? "" : ".").append(new String(asked, at + 1, length, US_ASCII));
      at += length + 1;
    }
    var question = Arrays.copyOfRange(asked, HEADER, at + 5);
    var text = texts.get(name.toString());
    var answer = new ByteArrayOutputStream();
    answer.writeBytes(Arrays.copyOf(asked, 2));
    var noSuchName = 3;
    answer.writeBytes(
        ByteBuffer.allocate(10)
            .putShort((short) (0x8180 | (text == null ? noSuchName : 0)))
            .putShort((short) 1)
            .putShort((short) (text == null ? 0 : 1))
            .array());
    answer.writeBytes(question);
    if (text != null) {
      var bytes = text.getBytes(US_ASCII);
      answer.writeBytes(
          ByteBuffer.allocate(HEADER + 1)
              .putShort((short) 0xc00c)
              .putShort((short) TXT)
              .putShort((short) 1)
              .putInt(60)
              .putShort((short) (bytes.length + 1))
              .put((byte) bytes.length)
              .array());
      answer.writeBytes(bytes);
    }
    return answer.toByteArray();
  }

  @Override
  public void close() {
    socket.close();
  }
}
