// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import io.sourceblind.events.CommandCategory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// The closed catalogue of programs, their subcommands and what they are for. A name that does not
/// stand here does not leave the machine.
final class Programs {

  private record Program(CommandCategory category, Map<String, CommandCategory> subcommands) {}

  /// One line each: category, program, then subcommands; `sub=category` where it differs.
  private static final String CATALOGUE =
      """
      vcs git add am apply archive bisect blame branch bundle cat-file check-attr check-ignore checkout cherry cherry-pick clean clone commit commit-tree config describe diff diff-tree diff-index difftool fetch for-each-ref format-patch fsck gc grep=search hash-object init log ls-files ls-remote ls-tree merge merge-base mergetool mv notes pull push range-diff rebase reflog remote repack replace request-pull rerere reset restore rev-list rev-parse revert rm shortlog show show-ref sparse-checkout stash status submodule switch symbolic-ref tag update-index update-ref var verify-commit version whatchanged worktree write-tree lfs
      vcs gh alias api auth browse cache codespace config extension gist gpg-key issue label org pr project release repo ruleset run search secret ssh-key status variable workflow
      vcs glab api auth ci issue mr repo release
      vcs hg add branch clone commit diff log pull push status update
      vcs svn add checkout commit diff info log revert status update
      vcs jj abandon bookmark commit describe diff edit git log new rebase show split squash status undo
      vcs gt create modify submit sync restack log
      vcs pre-commit install run=lint autoupdate
      build mvn clean compile deploy=deploy install package site test=test test-compile validate verify=test dependency:tree=package spotless:apply=format spotless:check=format
      build mvnw clean compile deploy=deploy install package site test=test verify=test
      build mvnd clean compile install package test=test verify=test
      build gradle assemble bootRun=run build check=test clean compileJava compileKotlin dependencies=package jar lint=lint publish=deploy run=run tasks test=test
      build gradlew assemble bootRun=run build check=test clean compileJava compileKotlin dependencies=package jar lint=lint publish=deploy run=run tasks test=test
      build ant build clean compile jar test=test
      build sbt assembly clean compile run=run test=test
      build lein compile run=run test=test uberjar
      build bazel build clean query run=run test=test
      build make all build check=test clean fmt=format format=format install lint=lint release run=run test=test
      build cmake
      build ninja
      build meson compile setup test=test
      build just build fmt=format lint=lint test=test
      build task build fmt=format lint=lint test=test
      build mise exec install run=run trust use tasks
      build go build clean doc env fix=format fmt=format generate get=package help install list mod=package run=run test=test tool version vet=lint work
      format gofmt
      format goimports
      format gofumpt
      lint golangci-lint run fmt=format linters
      lint staticcheck
      build cargo add=package bench=test build check=typecheck clean clippy=lint doc fmt=format init install=package metadata nextest=test new publish=deploy remove=package run=run search test=test tree update=package
      build rustc
      format rustfmt
      package rustup component default install show target toolchain update
      build dotnet add=package build clean format=format list new pack publish=deploy remove restore=package run=run test=test tool
      build msbuild
      build swift build package=package run=run test=test
      build xcodebuild build clean test=test
      package npm audit ci config exec=run i info init install link list ls outdated pack prune publish=deploy rebuild run=run run-script=run start=run stop t=test test=test uninstall update version view
      run npx
      package pnpm add audit build=build dlx=run exec=run i install list outdated remove run=run start=run test=test update why
      package yarn add audit build=build dlx=run install lint=lint list outdated remove run=run start=run test=test upgrade why workspace
      package bun add build=build create i install remove run=run test=test update x=run
      run deno cache check=typecheck compile=build fmt=format install lint=lint run task test=test
      run node
      run ts-node
      run tsx
      typecheck tsc
      lint eslint
      format prettier
      lint biome check ci format=format lint
      test jest
      test vitest run watch
      test mocha
      test playwright install test
      test cypress open run
      build vite build dev=run preview=run
      build webpack
      build esbuild
      build rollup
      build turbo build lint=lint run=run test=test
      build nx affected build lint=lint run=run test=test
      build next build dev=run lint=lint start=run
      run python
      run python3
      run python2
      package pip check download freeze install list show uninstall
      package pip3 check download freeze install list show uninstall
      package pipx install list run=run upgrade
      package uv add build=build init lock pip publish=deploy python remove run=run sync tool tree venv
      run uvx
      package poetry add build=build check env init install lock publish=deploy remove run=run shell show update
      package pipenv install lock run=run shell sync
      package conda activate create env install list update
      test pytest
      test tox
      test nox
      lint ruff check clean format=format
      lint flake8
      lint pylint
      format black
      format isort
      typecheck mypy
      typecheck pyright
      test coverage html report run xml
      run ruby
      package bundle add check exec=run install lock outdated update
      package gem build=build install list uninstall update
      test rspec
      build rake db:migrate spec=test test=test
      run rails console db generate new runner server test=test
      lint rubocop
      run php
      package composer dump-autoload install remove require run update
      test phpunit
      lint phpstan analyse
      run perl
      test prove
      run lua
      run java
      build javac
      build jar
      run jshell
      build kotlinc
      build scalac
      lint ktlint
      lint checkstyle
      build gcc
      build g++
      build clang
      build clang++
      build cc
      format clang-format
      lint clang-tidy
      build ld
      build zig build fmt=format run=run test=test
      build dart analyze=lint compile format=format pub=package run=run test=test
      build flutter analyze=lint build clean pub=package run=run test=test
      build elixir
      build mix compile deps.get=package ecto.migrate format=format phx.server=run run=run test=test
      build erl
      build rebar3 compile ct=test eunit=test
      build ghc
      build cabal build install run=run test=test
      build stack build exec=run install run=run test=test
      build dune build exec=run fmt=format runtest=test test=test
      build opam install list switch update
      build nix build develop=run eval flake run=run shell
      build R
      run Rscript
      run julia
      container docker attach build compose container cp create exec image images info inspect kill load login logs network port ps pull push restart rm rmi run save start stats stop system tag top volume
      container docker-compose build config down exec logs ps pull restart run start stop up
      container podman build exec images inspect logs ps pull push rm run start stop
      deploy kubectl annotate apply config cp create delete describe diff edit exec expose get label logs patch port-forward rollout run scale top wait
      deploy helm create dependency get install lint=lint list package repo rollback show status template test uninstall upgrade
      deploy terraform apply destroy fmt=format get graph import init output plan show state taint test=test validate=lint workspace
      deploy tofu apply destroy fmt=format init output plan show state validate=lint
      deploy ansible
      deploy ansible-playbook
      deploy aws cloudformation configure dynamodb ec2 ecr ecs iam lambda logs rds s3 s3api secretsmanager sns sqs ssm sts
      deploy gcloud app auth builds compute config container functions iam projects run secrets sql storage
      deploy az account acr aks group keyvault login storage vm webapp
      deploy fly deploy launch logs scale secrets ssh status
      deploy heroku config create logs ps run
      deploy vercel deploy dev env inspect logs
      deploy netlify build deploy dev
      deploy wrangler deploy dev publish tail
      deploy pulumi destroy preview refresh stack up
      deploy skaffold build dev run
      package apt autoremove install list purge remove search show update upgrade
      package apt-get autoremove install purge remove update upgrade
      package dpkg
      package yum install remove update
      package dnf install remove update
      package apk add del update
      package pacman
      package brew cleanup doctor info install list search services tap uninstall update upgrade
      package asdf current global install list local plugin
      package nvm install ls use
      filesystem cat
      filesystem cd
      filesystem chmod
      filesystem chown
      filesystem cp
      filesystem dd
      filesystem df
      filesystem dirname
      filesystem basename
      filesystem du
      filesystem file
      filesystem head
      filesystem install
      filesystem less
      filesystem ln
      filesystem ls
      filesystem md5sum
      filesystem mkdir
      filesystem mktemp
      filesystem more
      filesystem mv
      filesystem od
      filesystem pwd
      filesystem readlink
      filesystem realpath
      filesystem rm
      filesystem rmdir
      filesystem rsync
      filesystem sha256sum
      filesystem shasum
      filesystem stat
      filesystem tail
      filesystem tar
      filesystem tee
      filesystem touch
      filesystem tree
      filesystem unzip
      filesystem gzip
      filesystem gunzip
      filesystem zip
      filesystem xxd
      filesystem hexdump
      search ag
      search awk
      search comm
      search cmp
      search cut
      search diff
      search egrep
      search fd
      search fgrep
      search find
      search fzf
      search grep
      search jq
      search yq
      search locate
      search rg
      search sed
      search sort
      search strings
      search tr
      search uniq
      search wc
      search which
      search whereis
      search xargs
      search column
      search paste
      search nl
      search rev
      search tac
      search fold
      search base64
      network curl
      network dig
      network nc
      network netstat
      network nslookup
      network ping
      network scp
      network ssh
      network ssh-keygen
      network ss
      network telnet
      network wget
      network http
      network lsof
      network openssl dgst enc genrsa rand req s_client x509
      run bash
      run sh
      run zsh
      run fish
      run pwsh
      run powershell
      run source
      run eval
      run claude config doctor mcp update
      run codex exec login
      run gemini
      run aider
      run cursor
      run code
      run tmux
      run screen
      run systemctl disable enable reload restart start status stop
      run service
      run journalctl
      run launchctl
      run psql
      run mysql
      run mysqldump
      run pg_dump
      run pg_isready
      run sqlite3
      run mongosh
      run redis-cli
      run flyway clean info migrate validate
      run liquibase rollback status update
      lint shellcheck
      format shfmt
      lint hadolint
      lint semgrep ci scan
      lint trivy fs image
      lint actionlint
      lint markdownlint
      lint yamllint
      build protoc
      build buf build format=format generate lint=lint
      other date
      other echo
      other env
      other exit
      other export
      other false
      other id
      other kill
      other killall
      other pkill
      other pgrep
      other printf
      other ps
      other read
      other set
      other shift
      other sleep
      other test
      other time
      other top
      other true
      other type
      other ulimit
      other uname
      other unset
      other wait
      other watch
      other whoami
      other yes
      other seq
      other trap
      other local
      other return
      other alias
      other history
      other hostname
      other man
      other open
      other pbcopy
      other tput
      other clear
      other pushd
      other popd
      other cut
      other parallel
      other timeout
      other crontab
      other sudo
      """;

  private static final Map<String, Program> PROGRAMS = read();

  /// Flags that are words behind one dash.
  private static final Map<String, Set<String>> SINGLE_DASH =
      Map.of(
          "go",
              words(
                  "run tags count race timeout json v cover coverprofile short bench benchmem failfast parallel mod ldflags gcflags o x n a cpu list m u vet trimpath exec covermode coverpkg shuffle fuzz fuzztime"),
          "find",
              words(
                  "name iname type exec execdir path ipath maxdepth mindepth mtime mmin size print print0 delete not newer empty perm user group prune regex and or depth follow quit printf ls o a"),
          "java",
              words(
                  "jar cp classpath version showversion ea esa da server client agentlib javaagent verbose Xmx Xms"),
          "javac", words("cp classpath d source target proc parameters Xlint"),
          "terraform",
              words(
                  "auto-approve var var-file out target input json chdir refresh lock upgrade backend-config destroy no-color state"),
          "openssl",
              words(
                  "in out text noout subject dates pubkey hex days nodes newkey keyout x509 connect servername showcerts"),
          "test", words("eq ne gt lt ge le nt ot"),
          "xcodebuild", words("scheme workspace project configuration destination sdk target"),
          "clang", words("std march shared static"));

  private static final Set<String> MVN = words("am amd pl rf ntp fae ff fn Pl cpu");

  /// Letters that may stand together behind one dash because none of them takes a value.
  private static final Map<String, String> CLUSTERS = clusters();

  /// Flags of a program before its subcommand that take the next word.
  private static final Map<String, Set<String>> VALUES =
      Map.of(
          "git", Set.of("-C", "-c", "--git-dir", "--work-tree", "--namespace"),
          "docker", Set.of("--context", "-H", "--host", "-f", "--file", "-p", "--project-name"),
          "docker-compose", Set.of("-f", "--file", "-p", "--project-name"),
          "kubectl", Set.of("-n", "--namespace", "--context", "--kubeconfig"),
          "helm", Set.of("-n", "--namespace", "--kube-context"),
          "npm", Set.of("--prefix", "-w", "--workspace", "-C"),
          "pnpm", Set.of("-C", "--dir", "--filter", "-F"),
          "yarn", Set.of("--cwd"),
          "aws", Set.of("--profile", "--region", "--output"),
          "mvn", Set.of("-pl", "-f", "-P", "-s", "-rf", "-T"));

  /// Subcommands that have subcommands of their own.
  private static final Map<String, Set<String>> NESTED =
      Map.of(
          "aws s3",
          Set.of("cp", "ls", "mb", "mv", "presign", "rb", "rm", "sync", "website"),
          "docker compose",
          Set.of(
              "build", "config", "down", "exec", "logs", "ps", "pull", "restart", "run", "start",
              "stop", "up"),
          "gh issue",
          Set.of("close", "comment", "create", "edit", "list", "reopen", "status", "view"),
          "gh pr",
          Set.of(
              "checkout",
              "checks",
              "close",
              "comment",
              "create",
              "diff",
              "edit",
              "list",
              "merge",
              "ready",
              "review",
              "status",
              "view"),
          "gh release",
          Set.of("create", "delete", "download", "edit", "list", "upload", "view"),
          "gh run",
          Set.of("cancel", "download", "list", "rerun", "view", "watch"));

  private static final Set<String> SEVERAL_GOALS =
      Set.of("mvn", "mvnw", "mvnd", "gradle", "gradlew", "make", "just", "bundle");

  private Programs() {}

  static boolean isKnown(String program) {
    return PROGRAMS.containsKey(program);
  }

  static boolean hasSubcommand(String program, String word) {
    Program known = PROGRAMS.get(program);
    return known != null && known.subcommands().containsKey(word);
  }

  static boolean hasNested(String program, String subcommand, String word) {
    return NESTED.getOrDefault(program + " " + subcommand, Set.of()).contains(word);
  }

  static boolean looksFurther(String program) {
    return SEVERAL_GOALS.contains(program);
  }

  static boolean takesValue(String program, String flag) {
    return VALUES.getOrDefault(program, Set.of()).contains(flag);
  }

  static boolean isSingleDashWord(String program, String word) {
    if (program.startsWith("mvn")) {
      return MVN.contains(word);
    }
    return SINGLE_DASH.getOrDefault(program, Set.of()).contains(word)
        // A test runner behind a task runner gets the flags of go test.
        || ((program.equals("mise")
                || program.equals("just")
                || program.equals("make")
                || program.equals("task"))
            && SINGLE_DASH.getOrDefault("go", Set.of()).contains(word));
  }

  static boolean isCluster(String program, String letters) {
    String allowed = CLUSTERS.getOrDefault(program, "");
    return letters.length() <= 5 && letters.chars().allMatch(c -> allowed.indexOf(c) >= 0);
  }

  static CommandCategory categoryOf(
      String program, @org.jspecify.annotations.Nullable String subcommand) {
    Program known = PROGRAMS.get(program);
    if (known == null) {
      return CommandCategory.OTHER;
    }
    return subcommand == null
        ? known.category()
        : known.subcommands().getOrDefault(subcommand, known.category());
  }

  private static Map<String, Program> read() {
    Map<String, Program> programs = new HashMap<>();
    CATALOGUE
        .lines()
        .forEach(line -> {
          String[] words = line.split(" ", -1);
          CommandCategory category = category(words[0]);
          Map<String, CommandCategory> subcommands = new HashMap<>();
          for (int i = 2; i < words.length; i++) {
            int equals = words[i].indexOf('=');
            if (equals < 0) {
              subcommands.put(words[i], category);
            } else {
              subcommands.put(
                  words[i].substring(0, equals), category(words[i].substring(equals + 1)));
            }
          }
          programs.put(words[1], new Program(category, Map.copyOf(subcommands)));
        });
    return Map.copyOf(programs);
  }

  private static CommandCategory category(String word) {
    return CommandCategory.valueOf(word.toUpperCase(Locale.ROOT));
  }

  private static Set<String> words(String words) {
    return Set.copyOf(new HashSet<>(java.util.Arrays.asList(words.split(" ", -1))));
  }

  private static Map<String, String> clusters() {
    Map<String, String> letters = new HashMap<>();
    letters.put("ls", "laAhtrR1SFdin");
    letters.put("grep", "rnilEovcwhHqsFRLPxza");
    letters.put("egrep", "rnilovcwhHqsRL");
    letters.put("rg", "nilovcwFSUuz");
    letters.put("rm", "rfivR");
    letters.put("cp", "rfapRvin");
    letters.put("mkdir", "pv");
    letters.put("tar", "czxvtjJ");
    letters.put("ps", "auxefwA");
    letters.put("du", "shacm");
    letters.put("df", "hTi");
    letters.put("sed", "nEir");
    letters.put("sort", "nurhfV");
    letters.put("uniq", "cdu");
    letters.put("wc", "lwcm");
    letters.put("ln", "sfn");
    letters.put("chmod", "Rv");
    letters.put("curl", "sSLfkivIgG");
    letters.put("wget", "qcN");
    letters.put("docker", "itd");
    letters.put("podman", "itd");
    letters.put("kubectl", "it");
    letters.put("git", "avfpuqds");
    letters.put("jq", "rcesnRSM");
    letters.put("bash", "exluc");
    letters.put("sh", "exuc");
    letters.put("perl", "nlepia");
    letters.put("ruby", "nepl");
    letters.put("diff", "urNqwB");
    letters.put("tail", "fqv");
    letters.put("cat", "nAev");
    letters.put("unzip", "loqp");
    letters.put("zip", "rq");
    letters.put("rsync", "avzhnP");
    letters.put("mvn", "qoeBUX");
    letters.put("tree", "adfL");
    letters.put("ssh", "tTANvf");
    letters.put("netstat", "tulnap");
    letters.put("ss", "tulnap");
    letters.put("lsof", "tiP");
    letters.put("pytest", "vxsq");
    return Map.copyOf(letters);
  }
}
