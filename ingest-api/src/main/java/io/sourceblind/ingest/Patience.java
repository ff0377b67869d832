// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.transaction.TransactionSystemException;

/// How long the service bears with a database that fails.
final class Patience {
  /// For so long a database that fails is left alone, and clients are told to stay away.
  static final Duration REST = Duration.ofSeconds(2);

  /// Longer than the 500 ms for which the pool trusts a connection without asking it.
  private static final Duration BREATH = Duration.ofMillis(600);

  private static final int TRIES = 2;
  private static final int CALLS = 10;

  private Patience() {}

  /// One more try: a pool may still hold connections to a server that has gone and come back, and
  /// of two transactions that wait for each other one is turned away.
  static Retry again() {
    return Retry.of(
        "database",
        RetryConfig.custom()
            .maxAttempts(TRIES)
            .waitDuration(BREATH)
            .retryOnException(Patience::isSurelyNotStored)
            .build());
  }

  /// A commit that failed may have happened all the same. Its events would be called known though
  /// nobody had heard of them, so that is left to the client.
  private static boolean isSurelyNotStored(Throwable failed) {
    return switch (failed) {
      case DataAccessException _, CannotCreateTransactionException _ -> true;
      // The statement failed, and then the rollback as well.
      case TransactionSystemException lost -> lost.getApplicationException() != null;
      default -> false;
    };
  }

  /// When half of the last ten calls failed it is left alone for a while: no request waits any more
  /// for what will fail.
  static CircuitBreaker breaker() {
    return CircuitBreaker.of(
        "database",
        CircuitBreakerConfig.custom()
            .slidingWindowSize(CALLS)
            .minimumNumberOfCalls(CALLS)
            .waitDurationInOpenState(REST)
            .permittedNumberOfCallsInHalfOpenState(2)
            .build());
  }
}
