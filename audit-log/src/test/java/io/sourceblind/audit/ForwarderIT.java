// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sourceblind.db.DatabaseRole;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log on its way to a real receiver over real TLS.
class ForwarderIT {
  private static final Pattern MESSAGE =
      Pattern.compile(
          "<110>1 \\d{4}-\\d\\d-\\d\\dT[0-9:.]{15}Z audit\\.example\\.com sourceblind - [a-z.]+ - (CEF:0\\|.*)");
  private static final Pattern INDEX = Pattern.compile(" cn1=(\\d+) ");

  private final UUID ours = UUID.randomUUID();
  private Ledger ledger;
  private TlsReceiver receiver;

  @TempDir private Path folder;

  @BeforeEach
  void fiftySignedEntries() throws Exception {
    ledger = new Ledger();
    receiver = TlsReceiver.named("ip:127.0.0.1", folder);
    ledger.append(ours, 50);
    sign();
  }

  @AfterEach
  void stop() throws Exception {
    receiver.close();
    ledger.close();
  }

  @Test
  void everySignedEntryArrivesInOrderAsAnRfc5424Message() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      assertThat(forwarder.runOnce()).isEqualTo(50);
    }

    var messages = receiver.messages(50);
    assertThat(messages).hasSize(50).allMatch(message -> MESSAGE.matcher(message).matches());
    assertThat(indexes(messages)).containsExactlyElementsOf(upTo(50));
  }

  @Test
  void onlyWhatIsNewIsSentAlsoAfterARestartAndOurOwnReadingIsNoReasonToRead() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
      sign();
      assertThat(forwarder.runOnce()).as("nothing but our own entry is new").isZero();
      ledger.append(ours, 3);
      sign();
      assertThat(forwarder.runOnce()).isEqualTo(4);
    }
    ledger.append(ours, 1);
    sign();

    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
    }

    assertThat(indexes(receiver.messages(56))).containsExactlyElementsOf(upTo(56));
  }

  @Test
  void whatCouldNotBeSentIsSentLater() throws Exception {
    receiver.close();
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      assertThatThrownBy(forwarder::runOnce).hasMessage("The syslog receiver cannot be reached");
    }
    receiver = TlsReceiver.named("ip:127.0.0.1", Files.createDirectory(folder.resolve("again")));

    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
    }

    assertThat(indexes(receiver.messages(50))).containsExactlyElementsOf(upTo(50));
  }

  @Test
  void whatAReceiverMayHaveMissedWhenItWentAwayIsSentAgainToTheNext() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
      receiver.messages(50);
      receiver.hangUp();
      ledger.append(ours, 3);
      sign();

      forwarder.runOnce();
    }

    var indexes = indexes(receiver.messages(104));
    assertThat(indexes.subList(0, 50)).containsExactlyElementsOf(upTo(50));
    assertThat(indexes.subList(50, 104)).containsExactlyElementsOf(upTo(54));
  }

  @Test
  void theTwinThatDoesNotListenWritesToNobodyWithoutAnError() throws Exception {
    try (var socket = receiver.connect()) {
      socket.getOutputStream().write("5 hello".getBytes(UTF_8));
      receiver.messages(1);
      receiver.hangUp();

      socket.getOutputStream().write("5 world".getBytes(UTF_8));
    }

    assertThat(receiver.messages(0)).containsExactly("hello");
  }

  @Test
  void aLogThatBeganAnewIsSentFromItsFirstEntry() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
      ledger.asIntruder(
          "delete from audit.entry where org_id = '%s' and id not in (select entry_id from audit.leaf where idx < 40)"
              .formatted(ours),
          "delete from audit.leaf where org_id = '%s' and idx >= 40".formatted(ours));
      try (var signing = ledger.signing(folder)) {
        signing.signer().beginEpoch(ours, "backup-restored");
      }
      ledger.append(ours, 5);
      sign();

      forwarder.runOnce();
    }

    var after = receiver.messages(96).subList(50, 96);
    assertThat(after)
        .allMatch(message -> message.contains(" cs2=" + Ledger.LOGS.origin(ours) + "/epoch/2 "));
    assertThat(indexes(after)).containsExactlyElementsOf(upTo(46));
  }

  @Test
  void aSpoiledEntryDoesNotHoldUpTheOthers() throws Exception {
    ledger.asIntruder(
        "update audit.entry set leaf = 'spoiled' where id = (select entry_id from audit.leaf where org_id = '%s' and idx = 7)"
            .formatted(ours));

    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
    }

    var messages = receiver.messages(50);
    assertThat(indexes(messages)).containsExactlyElementsOf(upTo(50));
    assertThat(messages.get(7)).startsWith("<106>1 ").contains(" log.entry_lost - CEF:0|");
  }

  @Test
  void aReceiverThatNobodyVouchesForGetsNothing() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", null)) {
      assertThatThrownBy(forwarder::runOnce).hasMessage("The syslog receiver cannot be reached");
    }

    assertThat(receiver.messages(0)).isEmpty();
  }

  @Test
  void aReceiverWithAnothersNameGetsNothing() throws Exception {
    try (var other = TlsReceiver.named("dns:other.example.com", folder);
        var forwarder =
            new Forwarder(
                ledger.database.as(DatabaseRole.REVIEWER_API),
                ours,
                SyslogReceiver.at("127.0.0.1", other.port(), other.certificate()),
                folder.resolve("sent"),
                Clock.systemUTC())) {
      assertThatThrownBy(forwarder::runOnce).hasMessage("The syslog receiver cannot be reached");
      assertThat(other.messages(0)).isEmpty();
    }
  }

  @Test
  void whatIsReadForItIsAnEntry() throws Exception {
    try (var forwarder = forwarder("127.0.0.1", receiver.certificate())) {
      forwarder.runOnce();
    }

    assertThat(
            ledger
                .superuser
                .sql(
                    """
                    select count(*) from audit.entry
                     where org_id = :org and action = 'audit.read'
                       and convert_from(leaf, 'UTF8')::jsonb ->> 'target' = 'syslog'
                    """)
                .param("org", ours)
                .query(Long.class)
                .single())
        .isOne();
  }

  @Test
  void certificatesThatAreNoneAreRefusedAtTheStart() throws Exception {
    var empty = folder.resolve("empty.pem");
    Files.writeString(empty, "");

    assertThatThrownBy(() -> SyslogReceiver.at("127.0.0.1", 6514, empty))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("a file of them in PEM is needed");
  }

  private Forwarder forwarder(String host, @Nullable Path authorities) {
    return new Forwarder(
        ledger.database.as(DatabaseRole.REVIEWER_API),
        ours,
        SyslogReceiver.at(host, receiver.port(), authorities),
        folder.resolve("sent"),
        Clock.systemUTC());
  }

  private void sign() {
    ledger.newSequencer().runOnce();
    try (var signing = ledger.signing(folder)) {
      signing.signer().runOnce();
    }
  }

  private static List<Integer> indexes(List<String> messages) {
    return messages.stream()
        .map(message -> INDEX.matcher(message).results().findFirst().orElseThrow().group(1))
        .map(Integer::parseInt)
        .toList();
  }

  private static List<Integer> upTo(int end) {
    return java.util.stream.IntStream.range(0, end).boxed().toList();
  }
}
