// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The short form; `bin/agent-drill 100 10000` is the long one.
class AgentDrillIT {

  @TempDir Path temporary;

  @Test
  void anAgentThatIsKilledAtRandomLosesNothingAndTellsNothingTwice() throws Exception {
    AgentDrill.Result result = new AgentDrill(temporary, 5, 400, 11).run();

    assertThat(result.lost()).isZero();
    assertThat(result.twice()).isZero();
    assertThat(result.events()).isEqualTo(400);
    assertThat(result.kills()).isEqualTo(5);
    // A drill in which no hook met its row would not show that the two are one call.
    assertThat(result.merged()).isPositive();
  }
}
