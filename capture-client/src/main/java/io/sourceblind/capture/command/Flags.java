// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.command;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/// The closed catalogue of long flags. Any other could be words, names or a secret behind two
/// dashes, and does not leave the machine.
final class Flags {

  private static final String CATALOGUE =
      """
      abbrev abbrev-commit abort absolute access add add-host address admin affected after after-context
      aggressive all all-features all-files all-match all-namespaces all-targets all-tags allow-empty
      allow-dirty allow-no-vcs allow-unrelated-histories also always amend analyze ancestry-path annotate
      annotations api-version append apply archive arg args argjson array as ascii ask assignee
      assume-yes attach audit-level author auto auto-approve autofix autostash backend backend-config
      background backtrace backup bail bare base base-href batch before before-context bench binary bind
      blame block blocked body body-file bool border branch branches break brief browser buffer build
      build-arg build-cache builder bundle bytes cache cache-dir cache-from cached cap-add capture cascade
      case-sensitive cd changed changed-files changedSince changelog check check-only checks cherry
      cherry-pick ci clean clear clear-cache clearCache clobber cluster cmd cmdline code code-blocks
      collect-only color color-words colors colour column columns combined command commit commits
      committer-date-is-author-date compact compact-output compare-branch compatible compile
      compressed concurrency config config-file confirm connect connect-timeout console container contains
      content context context-lines continue continue-on-error cookie cookie-jar copy count cover coverage
      coverageReporters cov cov-report covered create create-namespace creatordate crate-type current
      cwd daemon data data-binary data-raw data-urlencode database date debug debugger decode
      decorate deep default default-branch define delay delete delete-branch delta dependencies depth
      describe description destination destroy detach detached detail detailed details detectOpenHandles
      dev development device diff diff-algorithm diff-filter digest dir directories directory dirty
      disable disable-warnings discard dist dockerfile doc docs domain download draft driver dry dry-run
      dump duration durations each edit editable editor emit emitDeclarationOnly empty
      enable enable-only enabled encoding end endpoint engine-strict entrypoint env env-file environment
      error error-format errors-only escape esModuleInterop eval every exact example examples exclude
      exclude-dir exclude-from exclude-standard exec exec-path existing exit exit-code exit-on-error
      exit-zero exitfirst experimental explain export expose ext extend extended-regexp extension
      extensions external extra extra-index-url extract fail fail-fast fail-on-error failed failed-first
      failfast failure false fast fast-forward feature features fetch ff ff-only field fields file
      file-list filename files files-with-matches files-without-match fill filter find find-copies
      find-renames first first-parent fix fix-dry-run fixed-strings fixup flags flat flatten focus follow
      follow-symlinks follow-tags force force-exclusive force-reinstall force-with-lease forceExit
      foreground foreach fork format format-patch forward framework freeze from from-file
      from-literal frozen-lockfile frozen full full-diff full-history full-index full-name full-path full-time
      function function-context fuzz generate get git-dir glob global global-config globals go gpg-sign
      gpus grace-period graph grep group group-by group-directories-first group-id groups h hard
      hash head header headers headed headless height help helpers hidden highlight histogram history
      home hooks host hostname hot hours html http id idle ids if-exists if-not-exists if-present ignore
      ignore-case ignore-errors ignore-missing ignore-not-found ignore-path ignore-scripts ignore-space-change
      ignore-whitespace ignored image images import in in-place include include-dir include-untracked
      include-unreachable incremental indent index index-filter index-url info init initial initial-branch
      inline inline-diff input inputs insecure inspect inspect-brk install install-links instance instances
      integration interactive interface intent-to-add interval invert-grep invert-match isolated
      isolatedModules issue iso-date items iterations jobs join jq js json json-output junit junitxml
      keep keep-going keep-index kind kube-context kubeconfig label labels lang language last last-failed
      latest layout legacy-peer-deps length level lf lib limit limits line line-buffered line-length
      line-number line-numbers line-range lines linewidth link lint list list-files list-tests list-tags
      listTests live load local locale location lock lock-timeout locked lockfile lockfile-only log log-cli-level
      log-driver log-file log-level log-opt log-size login long loop ls mailmap main major make manifest
      manifest-path map mark markdown match max max-age max-args max-columns max-count max-depth max-failures
      max-filesize max-len max-line-length max-old-space-size max-parallel max-procs max-redirs max-results
      max-size max-time max-warnings maxWorkers maxfail maxdepth maximum memory merge merge-base merged
      merges message metadata method milestone min min-version mindepth minify minimal minor minutes missing
      mixed mkdir mock mode modified module modules more mount move mtime multi multiline
      name name-only name-status names namespace native nested network new new-file new-from-rev newer
      newest next no no-abbrev no-abbrev-commit no-allow-empty no-audit no-backup no-bail no-banner no-bin-links
      no-build no-build-isolation no-cache no-cache-dir no-capture no-check no-checkout no-clobber no-color
      no-color-words no-commit no-config no-confirm no-cov no-coverage no-create no-daemon no-dangling
      no-decorate no-default-features no-deps no-dev no-edit no-emit no-eol no-error no-errors no-eslintrc
      no-exclude no-ext-diff no-fail-fast no-fast-forward no-ff no-filename no-follow no-fund no-git no-gpg-sign
      no-group no-hardlinks no-heading no-headers no-hooks no-ignore no-ignore-vcs no-index no-input
      no-install no-interaction no-isolation no-keep-going no-launcher no-lib no-limit no-line-number
      no-lint no-lock no-lockfile no-log no-merge-base no-merged no-merges no-messages no-mmap no-name-prefix
      no-names no-newline no-notes no-opt no-optional no-option no-output no-owner no-pager no-parallel
      no-patch no-pin no-plugins no-preserve-root no-progress no-project no-prompt no-prune no-pull
      no-push no-quiet no-rebase no-recurse-submodules no-recursive no-redirect no-reload no-renames
      no-report no-restore no-root no-run no-save no-scripts no-search no-shell no-show-signature no-signoff
      no-silent no-single-branch no-site no-skip no-snapshot no-sort no-source no-squash no-stat no-stream
      no-strict no-sudo no-summary no-suggest no-sync no-tags no-template no-test no-tests no-textconv no-threads no-track
      no-transfer-progress no-tty no-undo no-update no-upgrade no-use no-vcs no-verbose no-verify
      no-verify-ssl no-wait no-walk no-warn no-warnings no-watch no-workspace no-wrap no-write noEmit
      noconftest nocapture node-options noheadings norestart not notes now npm nth null null-data
      null-input num num-samples numbered numeric numeric-sort numprocesses object objects offline offset
      older oldest omit on one-file-system oneline only only-matching only-names only-show-errors onlyChanged
      onlyFailures only-failed only-group onto open open-files opt optimize option optional options order
      org orphan os other others out out-dir out-file outDir outFile outfile output output-dir output-document
      output-file output-format overlay override overwrite owner package packages page page-size pager
      paginate parallel parallelism parameters parent parents partial pass-with-no-tests passWithNoTests
      passive patch patch-with-stat path path-format path-ignore-patterns paths pattern percent perl-regexp
      permissions persist pid pin pipe pkg-config platform plain plugin plugins policy poll port porcelain
      port-forward position post posix pr prefer-offline prefix preserve preserve-env preset pretty pretty-print
      prev preview previous print print-config print0 priority privileged prod production profile
      progress project project-name projects prompt properties props protocol provenance proxy prune ps public
      publish pull pull-request push pyargs python python-version query question quick quiet quit quote rank
      random range raw raw-input raw-output re read read-only readable reason rebase recent recreate
      recurse recurse-submodules recursive redirect ref refs reference refresh refspec regex regexp region
      registry reinstall reject related relative release reload remote remote-name remotes remove rename
      rename-section renames repl replace replicas repo repo-path report reporter reporters repository request
      require required reset resolution resolve resolve-conflicts resource resources restart restore resume
      retries retry retry-delay reuse reverse reverse-sort review reviewer revision rm role root rootDir
      rounds route rule rules run run-in-band runInBand runner runtime safe same sandbox save save-dev save-exact
      save-optional save-peer scale schema scope scopes script scripts search seconds section select selector
      separate-git-dir sequence serial server serve service set set-string set-upstream set-upstream-to
      settings severity sha shallow shallow-since shard shared shell shift short short-format shortstat show
      show-all show-branch show-current show-current-patch show-ends show-error show-events show-labels
      show-locals show-names show-origin show-pulls show-scope show-signature show-source show-toplevel
      showConfig shuffle sign signal signed signoff silent simple simplify since since-commit single
      single-branch site size skip skip-checks skip-existing skip-errors skip-git skip-install skip-lib-check
      skip-tests skip-unchanged skip-worktree skipLibCheck slow slurp slurpfile smart-case snapshot soft sort
      sort-by sort-keys source source-dir source-map sources space sparse spec split squash src ssl stack
      stacktrace stage staged standalone stars start start-point starting stash stash-untracked stat state
      state-reason static statistics stats status stderr stdin stdin-filename stdin-filepath stdout step
      step-size steps stop stop-on-failure storage store strategy strategy-option stream strict strict-peer-deps
      string strip strip-trailing-cr style sub subdirectory subject submodule suffix suite summarize summary
       supports suppress switch symbolic symbolic-full-name symlinks sync syntax-only system
      system-site-packages table tables tag tags tail take tap target target-branch target-dir task tasks
      tb team tee temp template temporary terse test test-concurrency test-name-pattern test-only
      test-path-pattern testNamePattern testPathPattern tests text textconv theme then thread threads threshold
      tick time time-style timeout timestamps timezone title tls to tolerance tool top topic topo-order total
      total-count touch trace track track-error transform transpile-only tree true truncate trust ts tsconfig
      tty type type-check type-add type-list type-not types ui unchanged undo unicode unified uninstall unique
      unit unix unknown unmerged unpushed unreleased unrestricted unsafe unset unshallow unstaged until
      untracked untracked-files unused up update update-baseline update-refs update-snapshot updateSnapshot
      upgrade upgrade-package upload upstream uri url usage use user user-agent username users utc
      validate value values var var-file vcs verbose verbosity verify verify-signatures version versions vertical
      vimgrep view visibility volume volumes vs wait wait-for-jobs walk-reflogs warn warning warnings
      warnings-as-errors warning-mode watch watch-all watchAll web weekly whitespace whole width wildcard
      window with with-deps with-filename with-tree without-scripts word word-diff word-diff-regex
      word-regexp words work-tree workdir worker workers workflow working-directory workspace
      workspace-root workspaces worktree wrap write yaml year yes zero zero-terminated zip
      """;

  private static final Set<String> LONG =
      Arrays.stream(CATALOGUE.split("\\s+", -1))
          .filter(name -> !name.isEmpty())
          .collect(Collectors.toUnmodifiableSet());

  private Flags() {}

  /// Whether a name, without its dashes, is that of a well-known flag.
  static boolean isKnown(String name) {
    return LONG.contains(name);
  }
}
