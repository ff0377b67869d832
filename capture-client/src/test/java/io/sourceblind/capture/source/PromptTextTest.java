// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PromptTextTest {

  @Test
  void whatTheToolPutIntoAPromptWasNotTyped() {
    assertThat(PromptText.of("a<tick>x</tick>b<system-reminder x=1>y</system-reminder>c").typed())
        .isEqualTo("abc");
  }

  @Test
  void anElementWhoseNameOnlyBeginsLikeOneOfTheToolsWasTyped() {
    assertThat(PromptText.of("the <ticket>12</ticket> is open <tick").typed())
        .isEqualTo("the <ticket>12</ticket> is open <tick");
  }

  @Test
  void anElementThatIsNeverClosedTakesNothingWithIt() {
    assertThat(PromptText.of("why does <bash-input> not close? please look").typed())
        .contains("please look");
    assertThat(PromptText.of("<command-name>/clear and more").typed()).contains("and more");
  }
}
