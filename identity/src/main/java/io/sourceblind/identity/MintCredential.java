// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/// Mints a credential from the command line: for whoever runs the installation.
@Command(
    name = "mint-credential",
    mixinStandardHelpOptions = true,
    description = "Mints a credential and prints its secret, this once.",
    footer = {
      "",
      "Reads DATABASE_URL, IDENTITY_DATABASE_PASSWORD and IDENTITY_PEPPER from the environment.",
      "",
      "Example:",
      "  mint-credential --organization 0b1b36ad-5a4b-4a0f-9d8b-5f6b1f0a7c11 \\",
      "    --person 5f6b1f0a-7c11-4a0f-9d8b-0b1b36ad5a4b --kind device --days 90 --label laptop"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:minted", "1:not minted", "2:used wrongly"})
final class MintCredential implements Callable<Integer> {
  private final Map<String, String> environment;
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--organization", required = true, description = "The id of the organization.")
  private UUID organization = new UUID(0, 0);

  @Option(names = "--person", required = true, description = "The id of the person it is for.")
  private UUID person = new UUID(0, 0);

  @Option(
      names = "--kind",
      required = true,
      converter = KindByName.class,
      description = "device, api or sign-in-link.")
  private CredentialKind kind = CredentialKind.DEVICE;

  @Option(names = "--days", required = true, description = "How many days it is good, 1 to 366.")
  private int days;

  @Option(
      names = "--label",
      required = true,
      description = "What its owner will know it by, at most 80 characters.")
  private String label = "";

  private MintCredential(Map<String, String> environment, Clock clock) {
    this.environment = environment;
    this.clock = clock;
  }

  static int run(
      Map<String, String> environment,
      Clock clock,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    return Operator.run(
        new MintCredential(environment, clock),
        "Nothing was minted",
        "there is no such person in that organization",
        out,
        err,
        arguments);
  }

  @Override
  public Integer call() {
    var operator = new Operator(environment, spec);
    if (days < 1 || days > 366) {
      throw operator.wrong("--days takes a number from 1 to 366");
    }
    if (label.isBlank() || label.length() > 80) {
      throw operator.wrong("--label takes 1 to 80 characters");
    }
    var credentials =
        new Credentials(operator.database(), operator.pepper(), new AuditLog(clock), clock);
    var minted =
        credentials.mint(
            organization,
            person,
            kind,
            label,
            Duration.ofDays(days),
            Actor.operator("mint-credential"));
    spec.commandLine().getOut().println(minted.secret());
    spec.commandLine()
        .getErr()
        .println(
            "Credential %s is good until %s. Its secret is shown only this once."
                .formatted(minted.id(), minted.expiresAt()));
    return CommandLine.ExitCode.OK;
  }

  private static final class KindByName implements ITypeConverter<CredentialKind> {
    @Override
    public CredentialKind convert(String name) {
      return switch (name) {
        case "device" -> CredentialKind.DEVICE;
        case "api" -> CredentialKind.API;
        case "sign-in-link" -> CredentialKind.SIGN_IN_LINK;
        default ->
            throw new TypeConversionException("device, api and sign-in-link are minted here");
      };
    }
  }
}
