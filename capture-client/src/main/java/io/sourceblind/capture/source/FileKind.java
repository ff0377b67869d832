// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.FileCategory;
import java.util.Arrays;
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

  /// Every extension that may leave; another could be a name or a secret behind a dot.
  private static final Set<String> EXTENSIONS =
      Set.copyOf(
          Arrays.asList(
              """
              3ds 3gp 7z a aab aac adoc ads adb ahk ai aidl aiff aj apk app applescript ar arb arw as asc ascx ashx asm asmx asp aspx astro au avi avif avro avsc awk
              babelrc bash bashrc bat bats bazel bib bicep bin blade blend bmp browserslistrc bz2 bzl c cabal cake cal cbl cc cer cert cfg cfm cgi cjs cl class clj cljc cljs
              cls cmake cmd cob code coffee conf config conll cpp cpy cr crt cs csh cshtml csl cson csproj css csv cts cu cue cuh cxx
              d dart dat dats db dbf deb def desktop dev dhall diff dll dmg doc dockerfile dockerignore docx dot dpr ds dtd dts dump dylib
              ear ebuild ec ecr editorconfig edn eex ejs el elc elf elm eml env eot eps epub erb erl eslintignore eslintrc ex example exe exs
              f f03 f08 f77 f90 f95 fish flac flake flow flv fnt for fs fsi fsproj fsx ftl fxml fxs g4 gd gdshader gem gemspec geojson gif gitattributes gitignore gitkeep gitmodules gleam glsl
              gltf glb go gpx gql gradle graphql graphqls groovy gsp gsql gv gz h haml handlebars hbs hcl heex heic heif hh hjson hlsl hpp hrl hs hta htm html http hx hxx
              ico ics idl iml in inc ini inl ino iml ipynb iss iso j2 jade jar java jbuilder jinja jinja2 jks jl jpeg jpg js jsm json json5 jsonc jsonl jsonld jsonnet jsp jspx jsx jte
              key keystore kdl kml ks kt kts kv l las latex ld less lhs lib liquid lisp list ll lng local lock log lookml lst lua lz4 lzma
              m m4 mak make makefile map markdown mat mc md mdc mdx mermaid meta metal mid mjs mk mkd mkv ml mli mll mly mm mmd mo mobi mod mojo mov mp3 mp4 mpeg mpg mst mts mustache mvn mxml
              ndjson nim nimble nix njk nlog npmignore npmrc nsh nsi nuspec nvmrc o obj ocaml odp ods odt ogg opus org orig otf out
              p12 parquet pas pas patch pb pbxproj pcd pch pck pcss pcx pdb pdf pdm pem perl pfx php phps phtml pickle pid pkg pkl pks pl plist plsql plt plx pm png po pod pot ppt pptx prefs
              prettierignore prettierrc pri prisma pro proj project properties props proto ps ps1 psd psd1 psm1 psql psv pth pu pub pug puml purs pxd py pyc pyd pyi pyo pyw pyx qml qrc
              r ra rake rar raw rb rbi rbs rbw rc rd rdb rdf rdl rego res resource resx rest rhtml rkt rlib rmd robot roc ron rpm rprofile rproj rs rsc rss rst rtf ru rules rviz
              s sample sas sass sav sbt sc scala scm scpt scss sdf sed service settings sh sha256 shader shp shtml sig sketch sln slim slint slnx smali smk sml snap so sol soy spec sql sqlite sqlite3
              squirrel srt ss ssi st stan stl storyboard styl strings sty sum suo sv svelte svg svh svn swf swift swp sys
              t tab tac tar targets tcl template templ test tex text tf tfstate tftpl tfvars tga tgz thrift tiff tif tm tmpl tmp toml tpl tps trig ts tsbuildinfo tsv tsx ttf ttl ttml twig txt typ
              ui unity ux v vala vb vbproj vbs vcf vcl vcxproj vert vhd vhdl vim vm vmx vpp vsix vtt vue war wasm wat wav webm webmanifest webp wgsl whl wma wmv woff woff2 wsdl wsf
              x xaml xbm xcf xcconfig xcodeproj xcscheme xcworkspacedata xhtml xib xlf xliff xls xlsm xlsx xml xmi xpm xproto xq xql xquery xsd xsl xslt xul xz y yaml yang yml yul yy zig zip zon zsh zshrc zst
              """
                  .strip()
                  .split("\\s+", -1)));

  static FileKind of(String path) {
    String name = path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    int dot = name.lastIndexOf('.');
    String tail = dot >= 0 ? name.substring(dot + 1) : "";
    String extension = EXTENSIONS.contains(tail) ? tail : null;
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
