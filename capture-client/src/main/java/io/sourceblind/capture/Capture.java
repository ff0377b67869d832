// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The capture client on the command line.
@Command(
    name = "capture",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Captures how you work with AI coding tools, and leaves your source code where it is.",
    footer = {"", "Example: capture preview ~/.claude/projects"},
    subcommands = {
      LoginCommand.class,
      EnrollCommand.class,
      ImportCommand.class,
      SendCommand.class,
      PreviewCommand.class,
      RedactCommand.class,
      StatusCommand.class,
      NoteCommand.class,
      AgentCommand.class,
      InstallCommand.class,
      HooksCommand.class,
      AcceptCommand.class,
      PauseCommand.class,
      ResumeCommand.class,
      MineCommand.class,
      VerifyCommand.class,
      ExportCommand.class,
      PurgeCommand.class,
      DoctorCommand.class,
      LogoutCommand.class,
      CompletionCommand.class
    })
public final class Capture {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

  private Capture() {}

  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    PrintStream err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(System.in, out, err, args));
  }

  /// Runs one command as `main` does, but with these streams and without ending the process.
  ///
  /// @return 0 done, 1 found or failed, 2 used wrongly
  public static int run(InputStream in, PrintStream out, PrintStream err, String... args) {
    Surroundings real =
        new Surroundings(
            in,
            out,
            err,
            Map.copyOf(System.getenv()),
            System.getProperty("user.home", "."),
            Clock.systemUTC(),
            Thread::sleep,
            new SecureRandom());
    return run(real, args);
  }

  static int run(Surroundings surroundings, String... args) {
    CommandLine commands = new CommandLine(new Capture(), new Commands(surroundings));
    commands.setOut(new PrintWriter(surroundings.out(), true, StandardCharsets.UTF_8));
    commands.setErr(new PrintWriter(surroundings.err(), true, StandardCharsets.UTF_8));
    commands.setCaseInsensitiveEnumValuesAllowed(true);
    commands.setParameterExceptionHandler((wrong, _) -> {
      // picocli's own message would repeat the refused value.
      surroundings.err().println(Usage.sentence(wrong));
      surroundings
          .err()
          .println("Try: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
      return MISUSED;
    });
    commands.setExecutionExceptionHandler((failure, _, _) -> {
      surroundings.err().println(Usage.sentence(failure));
      return failure instanceof Misuse ? MISUSED : FAILED;
    });
    if (args.length == 0) {
      commands.usage(surroundings.err());
      return MISUSED;
    }
    return commands.execute(args);
  }

  /// Makes commands with what surrounds them, which the annotations cannot.
  private record Commands(Surroundings surroundings) implements CommandLine.IFactory {
    @Override
    public <K> K create(Class<K> type) throws Exception {
      try {
        return type.getDeclaredConstructor(Surroundings.class).newInstance(surroundings);
      } catch (NoSuchMethodException _) {
        return CommandLine.defaultFactory().create(type);
      }
    }
  }
}
