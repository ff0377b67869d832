// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.capture.Samples;
import io.sourceblind.events.PathMode;
import org.junit.jupiter.api.Test;

/// Fields that are no prose, but could be filled with words.
class FieldsTest {

  @Test
  void aPathThatHoldsASecretOrAPersonIsHashed() {
    ProjectPaths project = new ProjectPaths("/srv/shop");
    for (String path :
        new String[] {
          "jane.doe@corp.com/notes.md",
          "x/ghp_" + "0123456789abcdefABCDEF0123456789abcd/a.md",
          "AKIA" + "IOSFODNN7EXAMPLE.pem",
          "keys_AKIA" + "IOSFODNN7EXAMPLE.pem",
          "sk-ant-" + "api03-0123456789abcdefghij/x",
          "4111111111111111.txt",
          "DE89370400440532013000.csv",
          "calls/+49 30 3874615",
          "hosts/172.16.4.5",
          "password hunter2hunter2",
          "DROP TABLE users WHERE id 5",
          "DROP TABLE users",
          "home/x/.ssh/id_rsa",
          "Users/x/a.md",
          "one two three four five.md"
        }) {
      ProjectPaths.Shown shown =
          project.show("/srv/shop/" + path, Samples.rules(CaptureProfile.PROSE, PathMode.RELATIVE));

      assertThat(shown.path()).as(path).isNull();
      assertThat(shown.mode()).as(path).isEqualTo(PathMode.HASHED);
      assertThat(shown.ref()).as(path).isNotNull();
    }
  }

  @Test
  void aPathAsProjectsHaveThemStays() {
    for (String path :
        new String[] {
          "src/main/java/io/shop/Basket.java",
          "docs/How we work.md",
          "db/migrations/V007__a_view_for_each_kind.sql",
          "src/app/page.tsx",
          "src/auth/token_store.go",
          ".github/workflows/ci.yml",
          "cmd/entire/cli/strategy/manual_commit_session_test.go"
        }) {
      assertThat(Bounds.relativePath(path)).isEqualTo(path);
    }
  }

  @Test
  void aFolderOfHomesOrMachinesIsNoProject() {
    for (String folder :
        new String[] {
          "",
          "/",
          "/home",
          "/home/",
          "/Users",
          "C:\\",
          "C:",
          "D:/",
          "C:\\Users",
          "/mnt/c/Users",
          "//server/share",
          "\\\\server\\share\\",
          "/c/Users",
          "/var/home"
        }) {
      String below = folder.endsWith("/") || folder.endsWith("\\") ? folder + "x" : folder + "/x";
      ProjectPaths project = new ProjectPaths(folder);

      assertThat(project.root()).as(folder).isEmpty();
      assertThat(
              project
                  .show(below, Samples.rules(CaptureProfile.PROSE, PathMode.RELATIVE))
                  .inProject())
          .as(folder)
          .isFalse();
    }
    assertThat(new ProjectPaths("/home/x/shop").root()).isEqualTo("/home/x/shop");
    assertThat(new ProjectPaths("C:\\work\\shop").root()).isEqualTo("C:/work/shop");
  }

  @Test
  void aModelIsNamedByAKnownFamilyOnly() {
    assertThat(Bounds.model("claude-sonnet-4-20250514")).isEqualTo("claude-sonnet-4-20250514");
    assertThat(Bounds.model("us.anthropic.claude-3-5-sonnet-20241022-v2:0"))
        .isEqualTo("claude-3-5-sonnet-20241022-v2-0");
    assertThat(Bounds.model("anthropic/claude-opus-4")).isEqualTo("claude-opus-4");
    assertThat(Bounds.model("arn:aws:bedrock:us-east-1:123456789012:x/us.anthropic.claude-3-haiku"))
        .isEqualTo("claude-3-haiku");
    assertThat(Bounds.model("gpt-5")).isEqualTo("gpt-5");
    assertThat(Bounds.model("claude-sonnet-4[1m]")).isEqualTo("claude-sonnet-4");
    for (String unknown :
        new String[] {
          "jane-doe-finetune",
          "phishing",
          "acme/secret-model",
          "gpt-jane@corp.com",
          "claude-AKIA" + "IOSFODNN7EXAMPLE",
          "claude drop table"
        }) {
      assertThat(Bounds.model(unknown)).as(unknown).isEqualTo("other");
    }
    assertThat(Bounds.model("<synthetic>")).isNull();
  }

  @Test
  void aVersionIsNumbersAndAShortSuffix() {
    assertThat(Bounds.version("2.1.114")).isEqualTo("2.1.114");
    assertThat(Bounds.version("1.0.0-beta.1")).isEqualTo("1.0.0-beta.1");
    for (String other :
        new String[] {"hunter2", "172.16.4.5", "1.0-jane.doe.hunter2.abc", "4111111111111111"}) {
      assertThat(Bounds.version(other)).as(other).isNull();
    }
  }

  @Test
  void anExtensionComesFromAClosedList() {
    assertThat(FileKind.of("a/B.java").extension()).isEqualTo("java");
    assertThat(FileKind.of("a/b.tsx").extension()).isEqualTo("tsx");
    assertThat(FileKind.of("a/b.hunter2").extension()).isNull();
    assertThat(FileKind.of("a/jane.doe").extension()).isNull();
  }
}
