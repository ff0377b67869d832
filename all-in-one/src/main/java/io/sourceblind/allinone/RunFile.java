// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.allinone;

import io.sourceblind.allinone.demo.Demo;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.Login;
import io.sourceblind.identity.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Where everything runs and how to get in, for people and for scripts.
final class RunFile {
  private final AllInOne all;
  private final Demo.Access access;

  RunFile(AllInOne all, Demo.Access access) {
    this.all = all;
    this.access = access;
  }

  String welcome() {
    var links = new StringBuilder();
    for (var role : Role.values()) {
      links.append("  %-9s %s%n".formatted(name(role), signIn(role)));
    }
    return """

    Sourceblind is up. Everything listens on this machine only.

      pages     %s
      API       %s

    Sign in as (each link works once):
    %s
    Send your own sessions as the demo engineer, in another terminal:
      CAPTURE_TOKEN=%s bin/capture enroll --server %s
      bin/capture import ~/.claude/projects

    Ctrl-C stops everything and deletes its data.
    """
        .formatted(all.pagesUrl(), all.apiUrl(), links, access.device(), all.apiUrl());
  }

  /// Written beside and moved in place, so that whoever waits for the file finds it whole.
  void writeTo(Path file) throws IOException {
    var content =
        JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(content());
    var folder = file.toAbsolutePath().getParent();
    Files.createDirectories(folder);
    var owner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    var beside = Files.createTempFile(folder, "run", ".json", owner);
    Files.writeString(beside, content + "\n");
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE);
  }

  private Map<String, Object> content() {
    var content = new LinkedHashMap<String, Object>();
    content.put("pid", ProcessHandle.current().pid());
    content.put("services", Map.of("pages", all.pagesUrl(), "api", all.apiUrl()));
    content.put("organization", access.organization());
    content.put("audit_keys", all.auditKeys(access.organization()));
    content.put("database", databases());
    var signIn = new LinkedHashMap<String, String>();
    var tokens = new LinkedHashMap<String, String>();
    for (var role : Role.values()) {
      signIn.put(name(role), signIn(role));
      tokens.put(name(role), String.valueOf(access.tokens().get(role)));
    }
    content.put("sign_in", signIn);
    content.put("api_tokens", tokens);
    content.put("device_token", access.device());
    return content;
  }

  private Map<String, Object> databases() {
    var databases = new LinkedHashMap<String, Object>();
    var owner = all.database().ownerLogin();
    databases.put("owner", jdbc(owner.getKey(), owner.getValue()));
    for (var role : DatabaseRole.values()) {
      for (var login : Login.values()) {
        if (login.roles().contains(role)) {
          databases.putIfAbsent(
              role.sqlName(), jdbc(login.sqlName(), all.database().password(login)));
        }
      }
    }
    return databases;
  }

  private String jdbc(String user, String password) {
    return all.database().url() + "&user=" + user + "&password=" + password;
  }

  private String signIn(Role role) {
    return all.pagesUrl() + "/sign-in?token=" + access.signIn().get(role);
  }

  private static String name(Role role) {
    return role.name().toLowerCase(Locale.ROOT);
  }
}
