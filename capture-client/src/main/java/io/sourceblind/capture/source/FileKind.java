// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.FileCategory;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What can be told from a file's name alone.
///
/// @param extension its extension, lower case, or null
/// @param language its language, from a closed list, or null
/// @param category what such a file is for
record FileKind(@Nullable String extension, @Nullable String language, FileCategory category) {

  private static final Map<String, String> LANGUAGES = languages();

  private static final Set<String> DOCS = Set.of("md", "mdx", "rst", "adoc", "txt", "org", "tex");
  private static final Set<String> CONFIG =
      Set.of(
          "json",
          "jsonc",
          "yaml",
          "yml",
          "toml",
          "ini",
          "cfg",
          "conf",
          "env",
          "properties",
          "xml",
          "gradle",
          "lock",
          "mod",
          "sum",
          "editorconfig",
          "gitignore",
          "tf",
          "hcl");
  private static final Set<String> DATA =
      Set.of("csv", "tsv", "jsonl", "parquet", "db", "sqlite", "log", "ndjson", "avro");
  private static final Set<String> MEDIA =
      Set.of(
          "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "pdf", "mp3", "mp4", "mov", "wav",
          "ttf", "woff", "woff2");

  static FileKind of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    String tail = dot >= 0 ? name.substring(dot + 1) : "";
    boolean plain =
        !tail.isEmpty()
            && tail.length() <= 16
            && tail.chars().allMatch(c -> (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'));
    String extension = plain ? tail : null;
    String language = extension == null ? null : LANGUAGES.get(extension);
    if (language == null && (name.equals("dockerfile") || name.equals("makefile"))) {
      language = name;
    }
    return new FileKind(
        extension, language, category(path.toLowerCase(Locale.ROOT), name, tail, language));
  }

  private static FileCategory category(
      String path, String name, String tail, @Nullable String language) {
    String slashed = "/" + path;
    if (slashed.contains("/node_modules/")
        || slashed.contains("/dist/")
        || slashed.contains("/target/")
        || slashed.contains("/build/")
        || slashed.contains("/vendor/")
        || name.endsWith(".min.js")
        || name.contains(".generated.")
        || name.endsWith(".pb.go")) {
      return FileCategory.GENERATED;
    }
    if (language != null
        && (slashed.contains("/test/")
            || slashed.contains("/tests/")
            || slashed.contains("/__tests__/")
            || slashed.contains("/spec/")
            || name.contains("_test.")
            || name.contains(".test.")
            || name.contains(".spec.")
            || name.contains("_spec.")
            || name.startsWith("test_")
            || name.endsWith("test.java")
            || name.endsWith("tests.cs"))) {
      return FileCategory.TEST;
    }
    if (DOCS.contains(tail)) {
      return FileCategory.DOCS;
    }
    if (MEDIA.contains(tail)) {
      return FileCategory.MEDIA;
    }
    if (DATA.contains(tail)) {
      return FileCategory.DATA;
    }
    if (CONFIG.contains(tail)
        || name.equals("dockerfile")
        || (name.startsWith(".") && language == null)) {
      return FileCategory.CONFIG;
    }
    return language != null ? FileCategory.CODE : FileCategory.OTHER;
  }

  private static Map<String, String> languages() {
    Map<String, String> languages = new HashMap<>();
    String table =
        "java=java kt=kotlin kts=kotlin scala=scala groovy=groovy gradle=groovy clj=clojure cljs=clojure go=go rs=rust c=c h=c cc=cpp cpp=cpp cxx=cpp hpp=cpp cs=csharp fs=fsharp vb=vb"
            + " py=python pyi=python ipynb=python rb=ruby erb=ruby php=php pl=perl pm=perl lua=lua js=javascript jsx=javascript mjs=javascript cjs=javascript ts=typescript tsx=typescript"
            + " vue=vue svelte=svelte css=css scss=css less=css html=html htm=html xml=xml json=json jsonc=json yaml=yaml yml=yaml toml=toml md=markdown mdx=markdown sql=sql sh=shell bash=shell"
            + " zsh=shell fish=shell ps1=powershell bat=batch tf=terraform hcl=terraform nix=nix ex=elixir exs=elixir erl=erlang hs=haskell ml=ocaml mli=ocaml swift=swift m=objectivec mm=objectivec dart=dart"
            + " r=r jl=julia zig=zig nim=nim sol=solidity proto=protobuf graphql=graphql cob=cobol cbl=cobol f90=fortran asm=assembly s=assembly v=verilog sv=verilog vhd=vhdl cmake=cmake mk=makefile";
    for (String pair : table.split(" ", -1)) {
      int equals = pair.indexOf('=');
      languages.put(pair.substring(0, equals), pair.substring(equals + 1));
    }
    return Map.copyOf(languages);
  }
}
