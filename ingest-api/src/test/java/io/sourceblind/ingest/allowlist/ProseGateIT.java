// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.allowlist;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.db.EmbeddedDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The gate beside the database's domain: written apart, and so compared from outside.
class ProseGateIT {
  private static final Bound PROSE = new Bound.Prose(4_000);

  /// Pieces that the database's rules are about, and what stands around them.
  private static final List<String> PIECES =
      List.of(
          "select",
          "Select",
          "from",
          "where",
          "join",
          "group",
          "by",
          "order",
          "limit",
          "insert",
          "into",
          "values",
          "update",
          "set",
          "delete",
          "create",
          "drop",
          "alter",
          "table",
          "view",
          "index",
          "function",
          "identification",
          "data",
          "procedure",
          "division",
          "working-storage",
          "section",
          "using",
          "namespace",
          "std",
          "begin",
          "BEGIN",
          "rsa",
          "private",
          "key",
          "import",
          "as",
          "os",
          "package",
          "io.x",
          "a",
          "b.c",
          "1",
          "é",
          "é.",
          "the",
          "person",
          "x.select",
          "-begin",
          "key-----",
          "where,",
          "from:",
          "note:",
          "why?",
          "stop!",
          "so.",
          "…",
          "ſelect",
          "wherever",
          "by-",
          "İ",
          "K",
          "[path]",
          "[code removed]",
          "[code removed, 14 lines, java]",
          "[code removed, ]",
          "[secret removed, a b]",
          "[name",
          "name]",
          "(x)",
          "中文",
          "。",
          "（好）",
          "हिन्दी",
          "ไทย",
          "a\u0301",
          "\u0301",
          "„x“",
          "x;y",
          "abcdefghijklmnopqrstuvwxyzabcdef",
          "abcdefghijklmnopqrstuvwxyzabcdefg",
          "Ⅷ",
          "²",
          "Ⓐ");

  private static final String ALPHABET =
      "abcXYZ0189 .,?!:'’‘“”„«»–—…¿¡，。、？！：「」『』（）؟،؛।·€-[]éßжक中あ한ا٣ก\u0301\u093e"
          + "_(){};=/\\\"`$#@*+^~&%|<>\t\u00a0\u200b";

  private static EmbeddedDatabase database;
  private static JdbcClient jdbc;

  @BeforeAll
  static void start() {
    database = EmbeddedDatabase.fresh();
    jdbc = JdbcClient.create(database.superuser());
    jdbc.sql(
            """
            create function public.is_prose(value text) returns boolean language plpgsql as
            $$
            begin
              return value::capture.prose is not null;
            exception when check_violation then
              return false;
            end
            $$
            """)
        .update();
  }

  @AfterAll
  static void stop() {
    database.close();
  }

  @Test
  void whatTheGateTakesTheDatabaseTakes() {
    var random = new Random(20_261_121);
    var taken = new HashSet<String>();
    for (var i = 0; i < 300_000; i++) {
      var text = i % 3 == 0 ? letters(random) : words(random);
      if (refusal(text) == null) {
        taken.add(text);
      }
    }

    var refused = refusedByTheDatabase(taken);

    assertThat(taken).hasSizeGreaterThan(10_000);
    assertThat(refused).isEmpty();
  }

  @Test
  void aGateWithoutItsRulesAboutWordsWouldTakeWhatTheDatabaseRefuses() {
    var random = new Random(20_261_121);
    var shapedLikeProse = new HashSet<String>();
    for (var i = 0; i < 30_000; i++) {
      var text = words(random);
      if (refusal(text) == Reason.PROSE_CODE) {
        shapedLikeProse.add(text);
      }
    }

    assertThat(refusedByTheDatabase(shapedLikeProse)).hasSizeGreaterThan(100);
  }

  @Test
  void whatTheDatabaseTakesOfOrdinaryProseTheGateTakes() throws IOException {
    var texts = new HashSet<String>();
    for (var row : rows("redaction/negatives.jsonl")) {
      texts.add(projected(row.path("text").asString()));
    }
    texts.removeIf(text -> text.isEmpty() || text.codePointCount(0, text.length()) > 4_000);

    var refusedByTheDatabase = refusedByTheDatabase(texts);
    var refusedByTheGate =
        texts.stream()
            .filter(text -> !refusedByTheDatabase.contains(text))
            .filter(text -> refusal(text) != null)
            .collect(Collectors.toSet());

    System.out.printf(
        "Ordinary prose: of %d texts the database refuses %d; of the others the gate refuses %d%n",
        texts.size(), refusedByTheDatabase.size(), refusedByTheGate.size());
    assertThat(refusedByTheGate).isEmpty();
  }

  @Test
  void atLeast995InAThousandRealPastesAreRefusedAsTheyStand() throws IOException {
    var reasons = new TreeMap<String, Integer>();
    var pastes = 0;
    var flat = 0;
    for (var row : rows("redaction/positives.jsonl")) {
      if (row.path("source_lines").isEmpty()) {
        continue;
      }
      pastes++;
      var reason = refusal(row.path("text").asString());
      reasons.merge(reason == null ? "accepted" : reason.word(), 1, Integer::sum);
      var lines =
          row.path("source_lines")
              .valueStream()
              .map(JsonNode::asString)
              .collect(Collectors.joining(" "));
      flat += refusal(lines.strip().replaceAll("\\s+", " ")) == null ? 0 : 1;
    }

    var accepted = reasons.getOrDefault("accepted", 0);
    System.out.printf(
        "Layer 2's gate alone: %d of %d pastes refused (%s); of their source lines alone, put into"
            + " one paragraph: %d%n",
        pastes - accepted, pastes, reasons, flat);
    assertThat((double) accepted / pastes).isLessThanOrEqualTo(0.005);
    assertThat((double) flat / pastes).isGreaterThanOrEqualTo(0.99);
  }

  @Test
  void plantedSecretsAreRefusedAsTheyStand() throws IOException {
    var texts = 0;
    var accepted = new ArrayList<String>();
    for (var row : rows("redaction/secrets.jsonl")) {
      if (row.path("secrets").isEmpty()) {
        continue;
      }
      texts++;
      if (refusal(row.path("text").asString()) == null) {
        accepted.add(row.path("secrets").path(0).path("type").asString());
      }
    }

    System.out.printf(
        "Layer 2's gate alone: %d of %d texts with a planted secret refused; accepted: %s%n",
        texts - accepted.size(), texts, accepted);
    assertThat((double) accepted.size() / texts).isLessThanOrEqualTo(0.02);
  }

  private static Set<String> refusedByTheDatabase(Set<String> texts) {
    var refused = new HashSet<String>();
    var all = List.copyOf(texts);
    for (var from = 0; from < all.size(); from += 5_000) {
      var some = all.subList(from, Math.min(from + 5_000, all.size()));
      refused.addAll(
          jdbc.sql("select t from unnest(:texts) t where not public.is_prose(t)")
              .param("texts", some.toArray(String[]::new))
              .query(String.class)
              .list());
    }
    return refused;
  }

  private static String letters(Random random) {
    var points = ALPHABET.codePoints().toArray();
    var text = new StringBuilder();
    var length = 1 + random.nextInt(8);
    for (var i = 0; i < length; i++) {
      // The second half of the alphabet is what no prose has: seldom, so that some texts pass.
      var rare = random.nextInt(60) == 0;
      text.appendCodePoint(points[random.nextInt(rare ? points.length : points.length - 30)]);
    }
    return text.toString();
  }

  private static String words(Random random) {
    var text = new StringBuilder();
    var length = 1 + random.nextInt(9);
    for (var i = 0; i < length; i++) {
      text.append(i == 0 || random.nextInt(20) == 0 ? "" : " ")
          .append(PIECES.get(random.nextInt(PIECES.size())));
    }
    return text.toString();
  }

  /// A rough projection, so that there is ordinary prose to judge: what does not fit is a name.
  private static String projected(String text) {
    var words = new ArrayList<String>();
    for (var word : Normalizer.normalize(text, Normalizer.Form.NFC).split("\\s+", -1)) {
      var plain = word.replaceAll("[()\\[\\]\"*`]", "").replace('/', ' ').replace(';', ',').strip();
      if (plain.isEmpty()) {
        continue;
      }
      var fits = plain.replaceAll(" +", " ").codePoints().allMatch(ProseAlphabet::has);
      words.add(fits ? plain.replaceAll(" +", " ") : "[name]");
    }
    return String.join(" ", words);
  }

  private static List<JsonNode> rows(String file) throws IOException {
    var json = JsonMapper.shared();
    return Files.readAllLines(SharedFolder.file(file)).stream().map(json::readTree).toList();
  }

  private static @Nullable Reason refusal(String text) {
    return PROSE.refuse(JsonNodeFactory.instance.stringNode(text));
  }
}
