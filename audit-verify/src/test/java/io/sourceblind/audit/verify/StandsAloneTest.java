// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.audit.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;

/// Whoever checks a log needs this module's classes and a JDK, and nothing else of ours or others'.
class StandsAloneTest {

  @Test
  void theVerifierRunsWithTheJdkAlone() throws Exception {
    try (var alone = new URLClassLoader(new URL[] {classes()}, nothingButTheJdk())) {
      var output = new ByteArrayOutputStream();
      var print = new PrintStream(output, true, StandardCharsets.UTF_8);

      var code =
          alone
              .loadClass(AuditVerify.class.getName())
              .getMethod("run", Clock.class, PrintStream.class, PrintStream.class, String[].class)
              .invoke(null, Clock.systemUTC(), print, print, new String[0]);

      assertThat(code).isEqualTo(2);
      assertThat(output.toString(StandardCharsets.UTF_8)).contains("Usage: audit-verify");
    }
  }

  @Test
  void everyClassLoadsWithTheJdkAlone() throws Exception {
    try (var alone = new URLClassLoader(new URL[] {classes()}, nothingButTheJdk());
        var files = Files.walk(Path.of(classes().toURI()))) {
      var names =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .filter(file -> !file.endsWith("package-info.class"))
              .map(StandsAloneTest::nameOf)
              .toList();

      assertThat(names).hasSizeGreaterThan(15);
      for (var name : names) {
        assertThat(alone.loadClass(name).getDeclaredMethods()).as(name).isNotNull();
      }
    }
  }

  @Test
  void whatIsNotOfTheJdkIsNotThere() throws IOException {
    try (var alone = new URLClassLoader(new URL[] {classes()}, nothingButTheJdk())) {
      assertThatThrownBy(() -> alone.loadClass(Test.class.getName()))
          .isInstanceOf(ClassNotFoundException.class);
    }
  }

  private static ClassLoader nothingButTheJdk() {
    return ClassLoader.getPlatformClassLoader();
  }

  private static URL classes() {
    return AuditVerify.class.getProtectionDomain().getCodeSource().getLocation();
  }

  private static String nameOf(Path file) {
    var root = Path.of(URI.create(classes().toString()));
    var name = root.relativize(file).toString();
    return name.substring(0, name.length() - ".class".length()).replace('/', '.');
  }
}
