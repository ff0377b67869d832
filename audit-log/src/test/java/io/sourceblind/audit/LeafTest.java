// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class LeafTest {
  private static final AuditEntry ENTRY =
      new AuditEntry(
          UUID.fromString("00000000-0000-4000-8000-00000000000a"),
          Actor.person(UUID.fromString("00000000-0000-4000-8000-00000000000b")),
          "page.read",
          "team-page",
          Outcome.DENIED,
          Map.of("zeal", -7, "count", 12L, "fresh", false, "page", "team/2026-W12"));
  private static final UUID UID = UUID.fromString("00000000-0000-4000-8000-00000000000c");

  @Test
  void aLeafCanBeWrittenInOneWayOnly() {
    var leaf = Leaf.of(UID, Instant.parse("2026-09-01T12:00:00Z"), ENTRY);

    assertThat(new String(leaf.bytes(), UTF_8))
        .isEqualTo(
            """
            {"action":"page.read","actor":"00000000-0000-4000-8000-00000000000b",\
            "actor_kind":"person","at":"2026-09-01T12:00:00.000000Z","count":12,"fresh":false,\
            "org":"00000000-0000-4000-8000-00000000000a","outcome":"denied",\
            "page":"team/2026-W12","target":"team-page",\
            "uid":"00000000-0000-4000-8000-00000000000c","v":1,"zeal":-7}\
            """);
  }

  @Test
  void timeIsCutToMicroseconds() {
    var leaf = Leaf.of(UID, Instant.parse("2026-09-01T12:00:00.123456999Z"), ENTRY);

    assertThat(new String(leaf.bytes(), UTF_8)).contains("\"at\":\"2026-09-01T12:00:00.123456Z\"");
  }

  @Test
  void theHashIsThatOfALeafOfAMerkleTree() {
    var leaf = Leaf.of(UID, Instant.parse("2026-09-01T12:00:00Z"), ENTRY);

    // (printf '\0'; cat leaf.json) | sha256sum
    assertThat(HexFormat.of().formatHex(leaf.hash()))
        .isEqualTo("6fa571d0b13b581a0ec7e2e9d35fe47e2489067eb4391a44b65d322aff516f9c");
  }
}
