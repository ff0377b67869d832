// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.agent;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// How an operating system starts the agent when the engineer signs in, and again if it dies.
public enum Service {
  /// Linux, for this user only.
  SYSTEMD {
    @Override
    public Path file(Path home) {
      return home.resolve(".config/systemd/user/sourceblind-capture.service");
    }

    @Override
    public String text(List<String> command, Map<String, String> environment) {
      return """
      [Unit]
      Description=Sourceblind capture agent

      [Service]
      ExecStart=%s
      Restart=on-failure
      RestartSec=10
      Nice=10
      UMask=0077
      NoNewPrivileges=yes
      %s
      [Install]
      WantedBy=default.target
      """
          .formatted(
              command.stream()
                  .map(word -> systemdWord(word).replace("$", "$$"))
                  .collect(Collectors.joining(" ")),
              environment.entrySet().stream()
                  .map(one ->
                      "Environment=" + systemdWord(one.getKey() + "=" + one.getValue()) + "\n")
                  .collect(Collectors.joining()));
    }

    @Override
    public String begin(Path home) {
      return "systemctl --user enable --now sourceblind-capture";
    }
  },

  /// macOS, for this user only.
  LAUNCHD {
    @Override
    public Path file(Path home) {
      return home.resolve("Library/LaunchAgents/io.sourceblind.capture.plist");
    }

    @Override
    public String text(List<String> command, Map<String, String> environment) {
      return """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
      <plist version="1.0">
      <dict>
        <key>Label</key>
        <string>io.sourceblind.capture</string>
        <key>ProgramArguments</key>
        <array>
      %s
        </array>
        <key>EnvironmentVariables</key>
        <dict>
      %s
        </dict>
        <key>RunAtLoad</key>
        <true/>
        <key>KeepAlive</key>
        <true/>
        <key>ProcessType</key>
        <string>Background</string>
        <key>Umask</key>
        <integer>63</integer>
      </dict>
      </plist>
      """
          .formatted(
              command.stream()
                  .map(word -> "    <string>" + xml(word) + "</string>")
                  .collect(Collectors.joining("\n")),
              environment.entrySet().stream()
                  .map(one ->
                      "    <key>"
                          + one.getKey()
                          + "</key><string>"
                          + xml(one.getValue())
                          + "</string>")
                  .collect(Collectors.joining("\n")));
    }

    @Override
    public String begin(Path home) {
      return "launchctl load -w '" + file(home) + "'";
    }
  };

  /// Where the file stands that says so.
  public abstract Path file(Path home);

  /// What it says.
  ///
  /// @param environment what the agent must know as the engineer's shell does
  public abstract String text(List<String> command, Map<String, String> environment);

  /// What the engineer runs to begin now.
  public abstract String begin(Path home);

  /// As systemd reads words: quotes, and `%` twice.
  private static String systemdWord(String word) {
    return "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"").replace("%", "%%") + "\"";
  }

  private static String xml(String word) {
    return word.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
