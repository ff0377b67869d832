// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LeafScannerTest {
  private final LeafScanner scanner = new LeafScanner();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":1}",
        "{\"a\":-7,\"b\":\"x\",\"c\":true,\"d\":false}",
        "{\"a\":0,\"a1\":\"\",\"a_\":\"\\\"\\\\\\n\\u000b\\u001f\"}",
        "{\"a\":9007199254740991,\"b\":\"Łódź\"}"
      })
  void whatIsWrittenInTheOneWayIsRead(String leaf) {
    assertThat(scan(leaf)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "{\"a\":1",
        "{\"a\":1} ",
        "{ \"a\":1}",
        "{\"a\":1,}",
        "{\"a\":1}{\"a\":1}",
        "{\"b\":1,\"a\":1}",
        "{\"a\":1,\"a\":2}",
        "{\"A\":1}",
        "{\"\":1}",
        "{\"a\":null}",
        "{\"a\":1.5}",
        "{\"a\":1e3}",
        "{\"a\":01}",
        "{\"a\":-0}",
        "{\"a\":+1}",
        "{\"a\":9007199254740992}",
        "{\"a\":123456789012345678901234567890}",
        "{\"a\":tru}",
        "{\"a\":[1]}",
        "{\"a\":{}}",
        "{\"a\":\"x}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":\"\\/\"}",
        "{\"a\":\"\\u000a\"}",
        "{\"a\":\"\\u000B\"}",
        "{\"a\":\"\\u0041\"}",
        "{\"a\":\"\\u00",
        "{\"a\":}",
        "[1]",
        "x"
      })
  void whatIsWrittenInAnyOtherWayIsNot(String leaf) {
    assertThat(scan(leaf)).isFalse();
  }

  @Test
  void moreMembersThanALeafEverHasAreRefused() {
    var many = new StringBuilder("{");
    for (var member = 10; member < 75; member++) {
      many.append("\"m").append(member).append("\":1,");
    }
    many.setCharAt(many.length() - 1, '}');

    assertThat(scan(many.toString())).isFalse();
  }

  @Test
  void membersAreFoundByTheirNames() {
    scan("{\"action\":\"thing.done\",\"count\":12,\"sealed_ip\":\"00\",\"v\":1}");

    assertThat(scanner.text(bytes("action"))).isEqualTo("thing.done");
    assertThat(scanner.text(bytes("count"))).isEqualTo("12");
    assertThat(scanner.text(bytes("missing"))).isNull();
    assertThat(scanner.is(bytes("v"), bytes("1"))).isTrue();
    assertThat(scanner.is(bytes("v"), bytes("2"))).isFalse();
    assertThat(scanner.is(bytes("action"), bytes("\"thing.done\""))).isTrue();
    assertThat(scanner.nameStartsWith(2, bytes("sealed_"))).isTrue();
    assertThat(scanner.nameStartsWith(0, bytes("sealed_"))).isFalse();
  }

  private boolean scan(String leaf) {
    // It lies in the middle of a larger buffer.
    var bytes = bytes("xx" + leaf + "\"}");
    return scanner.scan(bytes, 2, bytes.length - 2);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
