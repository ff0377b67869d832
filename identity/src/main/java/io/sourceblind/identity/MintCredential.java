// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

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
public final class MintCredential implements Callable<Integer> {
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

  static void main(String[] arguments) {
    System.exit(
        run(
            System.getenv(),
            Clock.systemUTC(),
            new PrintWriter(System.out, true, UTF_8),
            new PrintWriter(System.err, true, UTF_8),
            arguments));
  }

  static int run(
      Map<String, String> environment,
      Clock clock,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    return new CommandLine(new MintCredential(environment, clock))
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((wrong, _) -> {
          err.println(fault(wrong));
          err.println("--help shows an example.");
          return CommandLine.ExitCode.USAGE;
        })
        .setExecutionExceptionHandler((failed, _, _) -> {
          err.println(failure(failed));
          return CommandLine.ExitCode.SOFTWARE;
        })
        .execute(arguments);
  }

  @Override
  public Integer call() {
    if (days < 1 || days > 366) {
      throw new ParameterException(spec.commandLine(), "--days takes a number from 1 to 366");
    }
    if (label.isBlank() || label.length() > 80) {
      throw new ParameterException(spec.commandLine(), "--label takes 1 to 80 characters");
    }
    var database =
        new DriverManagerDataSource(
            needed("DATABASE_URL"), Login.IDENTITY.sqlName(), needed("IDENTITY_DATABASE_PASSWORD"));
    var pepper = pepper();
    var credentials =
        new Credentials(
            TenantDatabase.open(database, DatabaseRole.IDENTITY_API),
            pepper,
            new AuditLog(clock),
            clock);
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

  private Pepper pepper() {
    try {
      return Pepper.of(needed("IDENTITY_PEPPER"));
    } catch (IllegalArgumentException unfit) {
      throw new ParameterException(
          spec.commandLine(),
          String.valueOf(unfit.getMessage()).replace("identity.pepper", "IDENTITY_PEPPER"));
    }
  }

  private String needed(String name) {
    var value = environment.get(name);
    if (value == null || value.isBlank() || value.contains("${")) {
      throw new ParameterException(spec.commandLine(), name + " is not set");
    }
    return value;
  }

  /// Without what was typed: it may be a secret in the wrong place.
  private static String fault(ParameterException wrong) {
    if (wrong instanceof UnmatchedArgumentException) {
      return "There is an argument that this command does not know.";
    }
    if (wrong.getArgSpec() instanceof OptionSpec option
        && !(wrong instanceof MissingParameterException)) {
      return "%s is not what it should be: %s"
          .formatted(option.longestName(), String.join(" ", option.description()));
    }
    return String.valueOf(wrong.getMessage());
  }

  private static String failure(Exception failed) {
    return switch (failed) {
      case DataIntegrityViolationException _ ->
          "Nothing was minted: there is no such person in that organization";
      case DataAccessException _ -> "Nothing was minted: the database cannot be reached";
      case TransactionException _ -> "Nothing was minted: the database cannot be reached";
      default -> "Nothing was minted: " + failed.getMessage();
    };
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
