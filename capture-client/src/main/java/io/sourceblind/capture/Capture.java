// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/// The capture client on the command line.
@Command(
    name = "capture",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    description =
        "Captures how you work with AI coding tools, and leaves your source code where it is.",
    footer = {"", "Example: capture preview ~/.claude/projects"})
public final class Capture {

  static final int DONE = 0;
  static final int FAILED = 1;
  static final int MISUSED = 2;

  /// Each command by its name. Only the one that is asked for is made: to look at all of them takes
  /// longer than most commands do.
  static final Map<String, Class<?>> COMMANDS = commands();

  private static Map<String, Class<?>> commands() {
    Map<String, Class<?>> commands = new LinkedHashMap<>();
    commands.put("login", LoginCommand.class);
    commands.put("enroll", EnrollCommand.class);
    commands.put("import", ImportCommand.class);
    commands.put("send", SendCommand.class);
    commands.put("preview", PreviewCommand.class);
    commands.put("redact", RedactCommand.class);
    commands.put("status", StatusCommand.class);
    commands.put("note", NoteCommand.class);
    commands.put("agent", AgentCommand.class);
    commands.put("install", InstallCommand.class);
    commands.put("hooks", HooksCommand.class);
    commands.put("accept", AcceptCommand.class);
    commands.put("pause", PauseCommand.class);
    commands.put("resume", ResumeCommand.class);
    commands.put("mine", MineCommand.class);
    commands.put("verify", VerifyCommand.class);
    commands.put("export", ExportCommand.class);
    commands.put("purge", PurgeCommand.class);
    commands.put("doctor", DoctorCommand.class);
    commands.put("logout", LogoutCommand.class);
    commands.put("completion", CompletionCommand.class);
    return commands;
  }

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
            new LateRandom(),
            () -> Stream.ofNullable(System.console()).anyMatch(Console::isTerminal));
    return run(real, args);
  }

  static int run(Surroundings surroundings, String... args) {
    CommandLine commands = new CommandLine(new Capture(), new Commands(surroundings));
    needed(args).forEach(commands::addSubcommand);
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

  private static Collection<Class<?>> needed(String[] args) {
    String first = args.length == 0 ? "" : args[0];
    Class<?> asked = COMMANDS.get(first);
    if (first.equals("--version") || first.equals("-V")) {
      return List.of();
    }
    // Whoever asks for help, or mistypes a name, is told of all; the words of all are completed.
    return asked == null || asked.equals(CompletionCommand.class)
        ? COMMANDS.values()
        : List.of(asked);
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
