// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditLog;
import java.io.PrintWriter;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Makes an organization from the command line, and asks its first owner in.
@Command(
    name = "new-organization",
    mixinStandardHelpOptions = true,
    description = "Makes an organization and prints, this once, the link for its first owner.",
    footer = {
      "",
      "Reads DATABASE_URL, IDENTITY_DATABASE_PASSWORD and IDENTITY_PEPPER from the environment.",
      "",
      "Example:",
      "  new-organization --name 'Example Works' --owner ada@example.com \\",
      "    --pages https://sourceblind.example.com"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:made", "1:not made", "2:used wrongly"})
final class NewOrganization implements Callable<Integer> {
  private static final Set<String> THIS_MACHINE = Set.of("localhost", "127.0.0.1", "[::1]");

  private final Map<String, String> environment;
  private final Clock clock;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--name",
      required = true,
      description = "What the organization is called, at most 80 characters.")
  private String name = "";

  @Option(names = "--owner", required = true, description = "The mail address of its first owner.")
  private String owner = "";

  @Option(
      names = "--pages",
      required = true,
      description = "Where the pages are: https and a host, nothing else.")
  private URI pages = URI.create("");

  private NewOrganization(Map<String, String> environment, Clock clock) {
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
        new NewOrganization(environment, clock),
        "No organization was made",
        "the name or the address is not one that the database takes",
        out,
        err,
        arguments);
  }

  @Override
  public Integer call() {
    var operator = new Operator(environment, spec);
    if (!DisplayName.isFit(name)) {
      throw operator.wrong("--name takes 1 to 80 characters");
    }
    if (!Letter.isAddress(owner)) {
      throw operator.wrong("--owner takes a mail address");
    }
    var address = addressOf(pages);
    if (address == null) {
      throw operator.wrong("--pages takes https:// and a host; http:// is for this machine alone");
    }
    var founding =
        new Founding(
            operator.database(), operator.pepper(), new AuditLog(clock), new SecureRandom(), clock);
    var founded = founding.found(name.strip(), owner, Actor.operator("new-organization"));
    spec.commandLine().getOut().println(address + "/invitation?token=" + founded.token());
    spec.commandLine()
        .getErr()
        .println(
            "Organization %s is made. The link makes its first owner, works once and until %s, and is shown only this once."
                .formatted(founded.organization(), founded.until()));
    return CommandLine.ExitCode.OK;
  }

  private static @Nullable String addressOf(URI pages) {
    var host = pages.getHost();
    var path = pages.getPath();
    var plain =
        host != null
            && (path == null || path.isEmpty() || path.equals("/"))
            && pages.getUserInfo() == null
            && pages.getQuery() == null
            && pages.getFragment() == null;
    var scheme = pages.getScheme();
    if (!plain
        || !("https".equals(scheme) || ("http".equals(scheme) && THIS_MACHINE.contains(host)))) {
      return null;
    }
    try {
      return new URI(scheme, null, host, pages.getPort(), null, null, null).toString();
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
