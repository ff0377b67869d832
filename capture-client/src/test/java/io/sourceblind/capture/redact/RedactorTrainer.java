// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.redact;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Trains the redactor's model from labelled cases, the same model from the same cases each time;
/// `bin/train-redactor` runs it. With `--folds N` it also redacts every case with a model that has
/// not seen the case's repository, so that the figures speak for code nobody trained on.
final class RedactorTrainer {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int INNER = 4;
  private static final int EPOCHS = 8;

  private RedactorTrainer() {}

  /// @param fold which part of the cases its repository belongs to
  @SuppressWarnings("ArrayRecordComponent")
  private record Case(
      String id, String text, int fold, Line[] lines, List<int[]> shapes, List<Integer> labels) {}

  /// Arguments: MODEL-FOLDER THRESHOLD FOLDS OUT CASES…; OUT is where the redacted cases go.
  public static void main(String[] arguments) throws IOException {
    Path folder = Path.of(arguments[0]);
    float threshold = Float.parseFloat(arguments[1]);
    int folds = Integer.parseInt(arguments[2]);
    List<Case> cases = new ArrayList<>();
    for (int i = 4; i < arguments.length; i++) {
      read(Path.of(arguments[i]), Math.max(folds, INNER), cases);
    }
    if (folds > 1) {
      try (PrintStream out =
          new PrintStream(
              Files.newOutputStream(Path.of(arguments[3])), true, StandardCharsets.UTF_8)) {
        for (int fold = 0; fold < folds; fold++) {
          int held = fold;
          Model model = train(cases, f -> f != held, threshold);
          Redactor redactor = new Redactor(Budget.unlimited(), model);
          for (Case one : cases) {
            if (one.fold() == held) {
              out.println(
                  JSON.writeValueAsString(
                      Map.of("id", one.id(), "text", redactor.redact(one.text()).prose().text())));
            }
          }
          System.out.println("fold " + fold + " done");
        }
      }
      return;
    }
    byte[] file = train(cases, _ -> true, threshold).write();
    Files.createDirectories(folder);
    Files.write(folder.resolve("redactor.model"), file);
    Files.writeString(folder.resolve("redactor.model.sha256"), Model.hash(file) + "\n");
    System.out.println(cases.size() + " cases, model " + Model.hash(file));
  }

  private static void read(Path file, int folds, List<Case> cases) throws IOException {
    for (String json : Files.readAllLines(file)) {
      JsonNode node = JSON.readTree(json);
      String text = node.path("text").asString();
      Set<String> source = new HashSet<>();
      node.path("source_lines").forEach(line -> source.add(plain(line.asString())));
      node.path("output_lines").forEach(line -> source.add(plain(line.asString())));
      List<String> prose = new ArrayList<>();
      node.path("prose_sentences").forEach(line -> prose.add(plain(line.asString())));
      Line[] lines = Redactor.scanned(text);
      List<int[]> shapes = new ArrayList<>();
      List<Integer> labels = new ArrayList<>();
      for (Line line : lines) {
        shapes.add(TokenShapes.of(line));
        String words = plain(line.text);
        if (line.isBlank() || !line.isOpen()) {
          labels.add(0);
        } else if (source.contains(words) || source.contains(plain(line.raw))) {
          labels.add(1);
        } else {
          labels.add(prose.stream().anyMatch(one -> one.contains(words)) ? -1 : 0);
        }
      }
      String provenance = node.path("provenance").asString("");
      int at = provenance.indexOf('@');
      String repository = at < 0 ? provenance : provenance.substring(0, at);
      cases.add(
          new Case(
              node.path("id").asString(),
              text,
              Math.floorMod(repository.hashCode() * 31, folds),
              lines,
              shapes,
              labels));
    }
  }

  private static String plain(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  // ---- the two stages

  private static Model train(List<Case> cases, IntPredicate isUsed, float threshold) {
    List<Case> used = cases.stream().filter(one -> isUsed.test(one.fold())).toList();
    // The second stage learns from scores of lines the first has not seen, as it will meet them.
    Map<String, double[]> scores = new TreeMap<>();
    for (int inner = 0; inner < INNER; inner++) {
      int held = inner;
      Model first =
          lines(used.stream().filter(one -> one.fold() % INNER != held).toList(), threshold);
      used.stream()
          .filter(one -> one.fold() % INNER == held)
          .forEach(
              one -> scores.put(one.id(), new Context(one.lines(), null).facts().scores(first)));
    }
    Model whole = lines(used, threshold);
    List<double[]> facts = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Case one : used) {
      double[] own = scores.get(one.id());
      Context.Facts known = new Context(one.lines(), null).facts();
      for (int i = 0; i < one.labels().size(); i++) {
        if (one.labels().get(i) != 0 && own != null) {
          facts.add(known.of(i, own));
          labels.add(one.labels().get(i));
        }
      }
    }
    return whole.with(neighbours(facts, labels));
  }

  /// Logistic regression over token shapes, by gradient steps that shrink as a bucket is seen.
  private static Model lines(List<Case> cases, float threshold) {
    double[] weights = new double[TokenShapes.BUCKETS];
    double[] squares = new double[TokenShapes.BUCKETS];
    List<int[]> shapes = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();
    for (Case one : cases) {
      for (int i = 0; i < one.labels().size(); i++) {
        if (one.labels().get(i) != 0) {
          shapes.add(one.shapes().get(i));
          labels.add(one.labels().get(i));
        }
      }
    }
    double bias = 0;
    int[] order = new int[shapes.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    Random random = new Random(7);
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
      for (int i = order.length - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        int saved = order[i];
        order[i] = order[other];
        order[other] = saved;
      }
      for (int index : order) {
        int[] features = shapes.get(index);
        double scale = 1 / StrictMath.sqrt(Math.max(1, features.length));
        double sum = bias;
        for (int feature : features) {
          sum += weights[feature] * scale;
        }
        int label = labels.get(index);
        double error = (label > 0 ? 1 : 0) - 1 / (1 + StrictMath.exp(-sum));
        error *= label > 0 ? 2 : 1;
        bias += 0.01 * error;
        for (int feature : features) {
          double gradient = error * scale - 1e-5 * weights[feature];
          squares[feature] += gradient * gradient;
          weights[feature] += 0.3 * gradient / StrictMath.sqrt(1e-2 + squares[feature]);
        }
      }
    }
    double most = 1e-6;
    for (double weight : weights) {
      most = Math.max(most, Math.abs(weight));
    }
    float step = (float) (Math.min(most, 6) / 127);
    byte[] small = new byte[weights.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = (byte) Math.clamp(Math.round(weights[i] / step), -127, 127);
    }
    return new Model(small, step, (float) bias, new float[Context.FACTS], threshold);
  }

  private static float[] neighbours(List<double[]> facts, List<Integer> labels) {
    double[] weights = new double[Context.FACTS];
    double[] squares = new double[Context.FACTS];
    Random random = new Random(11);
    for (int step = 0; step < 40 * facts.size(); step++) {
      int index = random.nextInt(facts.size());
      double[] known = facts.get(index);
      double sum = 0;
      for (int i = 0; i < known.length; i++) {
        sum += weights[i] * known[i];
      }
      int label = labels.get(index);
      double error = (label > 0 ? 1 : 0) - 1 / (1 + StrictMath.exp(-sum));
      error *= label > 0 ? 2 : 1;
      for (int i = 0; i < known.length; i++) {
        double gradient = error * known[i] - 1e-5 * weights[i];
        squares[i] += gradient * gradient;
        weights[i] += 0.2 * gradient / StrictMath.sqrt(1 + squares[i]);
      }
    }
    float[] small = new float[weights.length];
    for (int i = 0; i < small.length; i++) {
      small[i] = (float) weights[i];
    }
    return small;
  }
}
