// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.retry.Retry;
import io.sourceblind.db.Tenant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// Gathers the batches of many requests into few transactions: those that come while the writers
/// are busy wait together, and nothing waits for company.
final class GroupCommit implements AutoCloseable {
  /// With so many rows a larger statement is no cheaper.
  private static final int ENOUGH_ROWS = 500;

  private static final Comparator<Waiting> BY_SENDER =
      Comparator.comparing((Waiting waiting) -> waiting.batch().sender().organization())
          .thenComparing(waiting -> String.valueOf(waiting.batch().sender().person()));

  private final EventStore store;
  private final Retry again;
  private final CircuitBreaker database;
  private final Queue<Waiting> queue = new ConcurrentLinkedQueue<>();
  private final ExecutorService writers;

  /// @param writers how many transactions are under way at once
  GroupCommit(EventStore store, Retry again, CircuitBreaker database, int writers) {
    this.store = store;
    this.again = again;
    this.database = database;
    this.writers = Executors.newFixedThreadPool(writers, Thread.ofVirtual().factory());
  }

  /// Adds what a sender sent, and returns once that is committed, saying what became of each event.
  ///
  /// @param leftOut what was left out of it or refused already; it is counted with it
  ///
  /// @throws org.springframework.dao.DataAccessException if the database fails
  /// @throws io.github.resilience4j.circuitbreaker.CallNotPermittedException if it failed just now
  List<Fate> add(Tenant sender, List<? extends JsonNode> events, List<EventStore.LeftOut> leftOut) {
    if (events.isEmpty() && leftOut.isEmpty()) {
      return List.of();
    }
    var waiting = new Waiting(store.batch(sender, events, leftOut), new CompletableFuture<>());
    queue.add(waiting);
    // One task for each batch, so none is forgotten; most find that another took theirs along.
    writers.execute(this::write);
    try {
      return waiting.fates().join();
    } catch (CompletionException failed) {
      throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
    }
  }

  /// How many batches wait for a writer.
  int waiting() {
    return queue.size();
  }

  /// Returns once all that waits is written.
  @Override
  public void close() {
    writers.close();
  }

  private void write() {
    var together = gather();
    if (together.isEmpty()) {
      return;
    }
    try {
      Supplier<List<List<Fate>>> work =
          () -> store.add(together.stream().map(Waiting::batch).toList());
      // Twice is harmless: an event is known by its id.
      var fates = again.executeSupplier(CircuitBreaker.decorateSupplier(database, work)).iterator();
      together.forEach(waiting -> waiting.fates().complete(fates.next()));
    } catch (RuntimeException | Error failed) {
      together.forEach(waiting -> waiting.fates().completeExceptionally(failed));
    }
  }

  private List<Waiting> gather() {
    var together = new ArrayList<Waiting>();
    var rows = 0;
    while (rows < ENOUGH_ROWS) {
      var next = queue.poll();
      if (next == null) {
        break;
      }
      together.add(next);
      rows += next.batch().events().size();
    }
    // In one order everywhere, so that two transactions seldom wait for each other.
    together.sort(BY_SENDER);
    return together;
  }

  private record Waiting(EventStore.Batch batch, CompletableFuture<List<Fate>> fates) {}
}
