// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintWriter;
import java.time.Clock;
import java.util.Arrays;

/// What whoever runs the installation does from the command line: mints credentials and, called
/// with `new-organization` first, makes organizations.
final class OperatorCommands {
  private static final String NEW_ORGANIZATION = "new-organization";

  private OperatorCommands() {}

  static void main(String[] arguments) {
    var out = new PrintWriter(System.out, true, UTF_8);
    var err = new PrintWriter(System.err, true, UTF_8);
    var environment = System.getenv();
    System.exit(
        arguments.length > 0 && arguments[0].equals(NEW_ORGANIZATION)
            ? NewOrganization.run(
                environment,
                Clock.systemUTC(),
                out,
                err,
                Arrays.copyOfRange(arguments, 1, arguments.length))
            : MintCredential.run(environment, Clock.systemUTC(), out, err, arguments));
  }
}
