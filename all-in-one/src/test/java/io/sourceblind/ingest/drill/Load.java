// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest.drill;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Devices that send all the time and behave as the real client does: what was not answered is sent
/// again with the same ids. Some also do what it does not: they send again what was acknowledged,
/// or two of one person's send the same in different order at once.
final class Load implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int OK = 200;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
  private static final String CUT_OFF = "no answer after SIGTERM";
  private static final int ONE_IN_OLD = 8;
  private static final int ONE_IN_GIVEN_UP = 20;
  private static final int REMEMBERED = 20;
  private static final int LONGEST_PAUSE = 60;
  private static final int LONGEST_PAUSE_AFTER_FAILURE = 400;
  private static final Duration ARRIVED = Duration.ofMillis(300);

  private final URI address;
  private final Samples samples;
  private final Ledger ledger;
  private final Findings findings;
  private final long seed;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpClient http = HttpClient.newHttpClient();
  private final List<Future<?>> running = new ArrayList<>();
  private final Map<Ledger.Attempt, Long> underWay = new ConcurrentHashMap<>();
  private final AtomicLong lastAnswered = new AtomicLong(System.nanoTime());
  private final Map<String, LongAdder> outcomes = new ConcurrentSkipListMap<>();
  private volatile Set<Ledger.Attempt> owed = Set.of();
  private volatile boolean ending;
  private volatile boolean stopped;
  private int devices;

  /// Somebody's device.
  record Device(Sent.Owner owner, String token) {}

  Load(URI address, Samples samples, Ledger ledger, Findings findings, long seed) {
    this.address = address;
    this.samples = samples;
    this.ledger = ledger;
    this.findings = findings;
    this.seed = seed;
  }

  /// A device that sends one batch after the other.
  void add(Device device) {
    devices++;
    var random = random();
    submit(() -> {
      sendOnAndOn(device, random);
      return null;
    });
  }

  /// Two devices of one person that send the same events, each in its own order.
  void addPair(Device one, Device other) {
    devices += 2;
    var random = random();
    submit(() -> {
      sendTogether(one, other, random);
      return null;
    });
  }

  /// Waits until a batch is acknowledged whose sending began after the moment.
  ///
  /// @param since of `System.nanoTime()`
  void awaitAnAnswerSince(long since, Duration patience) {
    await()
        .atMost(patience)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(5))
        .until(() -> {
          failIfAClientFailed();
          return lastAnswered.get() - since > 0;
        });
  }

  /// While somebody holds the events: waits until half of the devices have a batch in the service,
  /// and notes that each of these batches is owed an answer.
  void awaitBatchesAtWork() {
    await()
        .atMost(LONGEST_ANSWER)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> {
          failIfAClientFailed();
          owed = atWork();
          return owed.size() >= devices / 2;
        });
  }

  /// Waits until it is known what became of the batches that were owed an answer.
  void awaitAnswersOwed() {
    await().atMost(LONGEST_ANSWER).until(() -> owed.stream().noneMatch(underWay::containsKey));
    owed = Set.of();
  }

  /// Says whether the service was told to end and has not yet.
  void serviceIsEnding(boolean isSo) {
    ending = isSo;
  }

  /// How many requests found their connection closed because they came after SIGTERM.
  long cutOffAfterSigterm() {
    var cutOff = outcomes.get(CUT_OFF);
    return cutOff == null ? 0 : cutOff.sum();
  }

  /// What the requests ended with, and how often.
  String outcomes() {
    return outcomes.entrySet().stream()
        .map(outcome -> outcome.getKey() + " " + outcome.getValue())
        .collect(Collectors.joining(", "));
  }

  /// Lets the devices finish what they have begun.
  @Override
  public void close() {
    stopped = true;
    threads.close();
    http.close();
    failIfAClientFailed();
  }

  private void sendOnAndOn(Device device, Random random) throws InterruptedException {
    var acknowledged = new ArrayList<Batch>();
    @Nullable Batch waiting = null;
    while (!stopped) {
      var old = waiting == null && !acknowledged.isEmpty() && random.nextInt(ONE_IN_OLD) == 0;
      var batch =
          waiting != null
              ? waiting
              : old
                  ? acknowledged.get(random.nextInt(acknowledged.size())).shuffled(random)
                  : samples.batch(device.owner(), random);
      var answered = post(device, batch);
      // Some machines are never opened again.
      waiting = answered || random.nextInt(ONE_IN_GIVEN_UP) == 0 ? null : batch;
      if (answered && !old) {
        acknowledged.add(batch);
        if (acknowledged.size() > REMEMBERED) {
          acknowledged.removeFirst();
        }
      }
      pause(answered, random);
    }
  }

  private void sendTogether(Device one, Device other, Random random)
      throws InterruptedException, ExecutionException {
    @Nullable Batch waiting = null;
    while (!stopped) {
      var batch = waiting == null ? samples.batch(one.owner(), random) : waiting;
      var same = batch.shuffled(random);
      var left = threads.submit(() -> post(one, batch));
      var right = threads.submit(() -> post(other, same));
      var settled = left.get();
      var answered = right.get() && settled;
      waiting = answered ? null : batch;
      pause(answered, random);
    }
  }

  private Set<Ledger.Attempt> atWork() {
    var now = System.nanoTime();
    return underWay.entrySet().stream()
        .filter(batch -> now - batch.getValue() > ARRIVED.toNanos())
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  /// True if it is settled what became of the batch.
  private boolean post(Device device, Batch batch) throws InterruptedException {
    var attempt = ledger.begin(batch);
    var begun = System.nanoTime();
    underWay.put(attempt, begun);
    try {
      var answer = http.send(request(device, batch), HttpResponse.BodyHandlers.ofString(UTF_8));
      count(Integer.toString(answer.statusCode()));
      switch (answer.statusCode()) {
        case OK -> {
          attempt.answered(JSON.readTree(answer.body()).path("events"));
          lastAnswered.accumulateAndGet(begun, Math::max);
          return true;
        }
        case TOO_MANY -> attempt.turnedAway();
        case UNAVAILABLE -> attempt.unanswered();
        default -> {
          findings.add(
              BrokenPromise.STRANGE_ANSWER, "%d %s".formatted(answer.statusCode(), answer.body()));
          attempt.unanswered();
        }
      }
    } catch (ConnectException _) {
      count("refused connection");
      attempt.turnedAway();
    } catch (IOException broken) {
      count(ending ? CUT_OFF : "no answer");
      if (owed.contains(attempt)) {
        findings.add(BrokenPromise.UNANSWERED_AT_A_CLEAN_SHUTDOWN, broken);
      }
      attempt.unanswered();
    } finally {
      underWay.remove(attempt);
    }
    return false;
  }

  private HttpRequest request(Device device, Batch batch) {
    return HttpRequest.newBuilder(address)
        .timeout(LONGEST_ANSWER)
        .header("Authorization", "Bearer " + device.token())
        .header("Content-Type", "application/x-ndjson")
        .header("Content-Encoding", "gzip")
        .POST(HttpRequest.BodyPublishers.ofByteArray(batch.packed()))
        .build();
  }

  private void pause(boolean answered, Random random) throws InterruptedException {
    Thread.sleep(random.nextInt(answered ? LONGEST_PAUSE : LONGEST_PAUSE_AFTER_FAILURE));
  }

  private void count(String outcome) {
    outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
  }

  private Random random() {
    return new Random(seed + running.size());
  }

  private void submit(Callable<?> client) {
    running.add(threads.submit(client));
  }

  private void failIfAClientFailed() {
    for (var client : running) {
      if (client.state() == Future.State.FAILED) {
        throw new IllegalStateException("A client of the drill failed", client.exceptionNow());
      }
    }
  }
}
