// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.db.TenantDatabase;
import java.io.PrintWriter;
import java.util.Map;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.transaction.TransactionException;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What an operator's command has from its environment, and how it tells what went wrong.
record Operator(Map<String, String> environment, CommandSpec spec) {

  TenantDatabase database() {
    return TenantDatabase.open(
        new DriverManagerDataSource(
            needed("DATABASE_URL"), Login.IDENTITY.sqlName(), needed("IDENTITY_DATABASE_PASSWORD")),
        DatabaseRole.IDENTITY_API);
  }

  Pepper pepper() {
    try {
      return Pepper.of(needed("IDENTITY_PEPPER"));
    } catch (IllegalArgumentException unfit) {
      throw wrong(String.valueOf(unfit.getMessage()).replace("identity.pepper", "IDENTITY_PEPPER"));
    }
  }

  ParameterException wrong(String fault) {
    return new ParameterException(spec.commandLine(), fault);
  }

  private String needed(String name) {
    var value = environment.get(name);
    if (value == null || value.isBlank() || value.contains("${")) {
      throw wrong(name + " is not set");
    }
    return value;
  }

  /// @param nothing what did not happen, such as `Nothing was minted`
  /// @param unfit why the database would not take it
  static int run(
      Object command,
      String nothing,
      String unfit,
      PrintWriter out,
      PrintWriter err,
      String... arguments) {
    return new CommandLine(command)
        .setOut(out)
        .setErr(err)
        .setParameterExceptionHandler((wrong, _) -> {
          err.println(fault(wrong));
          err.println("--help shows an example.");
          return CommandLine.ExitCode.USAGE;
        })
        .setExecutionExceptionHandler((failed, _, _) -> {
          err.println(nothing + ": " + failure(failed, unfit));
          return CommandLine.ExitCode.SOFTWARE;
        })
        .execute(arguments);
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

  private static String failure(Exception failed, String unfit) {
    return switch (failed) {
      case DataIntegrityViolationException _ -> unfit;
      case DataAccessException _ -> "the database cannot be reached";
      case TransactionException _ -> "the database cannot be reached";
      default -> String.valueOf(failed.getMessage());
    };
  }
}
