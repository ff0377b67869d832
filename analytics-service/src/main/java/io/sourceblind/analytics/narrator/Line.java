// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.narrator;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// The way to one provider: two questions at a time, a second try where one may help, and none at
/// all for a while when most of them fail. No redirect is followed: a key goes nowhere else.
final class Line {
  static final Duration MOST_PATIENCE = Duration.ofSeconds(30);

  private static final long MOST_BYTES = 256 * 1024;
  private static final int AT_A_TIME = 2;
  private static final int TRIES = 2;
  private static final int CALLS = 10;
  private static final Duration REST = Duration.ofSeconds(60);
  private static final Duration TURN = Duration.ofHours(1);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /// Why there was no answer; never with a word of what was sent or came back.
  static final class Cut extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final @Nullable Duration pause;

    private Cut(String message, int status, @Nullable Duration pause) {
      super(message);
      this.status = status;
      this.pause = pause;
    }

    static Cut status(int status, @Nullable Duration pause) {
      return new Cut("The provider answered with %d".formatted(status), status, pause);
    }

    static Cut broken(String what) {
      return new Cut(what, 0, null);
    }

    int status() {
      return status;
    }

    boolean mayPass() {
      return status == 0 || status == 408 || status == 429 || status >= 500;
    }

    /// A key or a limit that is wrong is one organization's, and no reason to leave the others.
    boolean isTheProviders() {
      return status == 0 || status >= 500;
    }
  }

  private final HttpClient http =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
  private final Duration patience;
  private final Bulkhead bulkhead;
  private final CircuitBreaker breaker;
  private final Retry retry;

  Line(Duration patience, Duration pause) {
    this.patience = patience;
    bulkhead =
        Bulkhead.of(
            "narrator",
            BulkheadConfig.custom().maxConcurrentCalls(AT_A_TIME).maxWaitDuration(TURN).build());
    breaker =
        CircuitBreaker.of(
            "narrator",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(CALLS)
                .minimumNumberOfCalls(CALLS)
                .failureRateThreshold(50)
                .waitDurationInOpenState(REST)
                .recordException(failed -> failed instanceof Cut cut && cut.isTheProviders())
                .build());
    retry =
        Retry.of(
            "narrator",
            RetryConfig.<String>custom()
                .maxAttempts(TRIES)
                .retryOnException(failed -> failed instanceof Cut cut && cut.mayPass())
                .intervalBiFunction((_, outcome) -> pauseBefore(outcome, pause))
                .build());
  }

  /// The body of an answer.
  ///
  /// @throws Cut if there was none
  /// @throws CallNotPermittedException if most failed lately; then nobody was asked
  String ask(HttpRequest request) {
    return bulkhead.executeSupplier(() -> {
      var asked = new AtomicBoolean();
      try {
        return retry.executeSupplier(() ->
            breaker.executeSupplier(() -> {
              asked.set(true);
              return once(request);
            }));
      } catch (CallNotPermittedException closed) {
        throw asked.get() ? Cut.broken("Most questions failed lately") : closed;
      }
    });
  }

  private static long pauseBefore(Either<Throwable, String> outcome, Duration pause) {
    var jitter = ThreadLocalRandom.current().nextLong(pause.toMillis() + 1);
    var asked =
        outcome.isLeft() && outcome.getLeft() instanceof Cut cut && cut.pause != null
            ? cut.pause
            : Duration.ZERO;
    return pause.plus(asked).toMillis() + jitter;
  }

  private String once(HttpRequest request) {
    var answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(UTF_8), MOST_BYTES));
    try {
      var whole = answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      if (whole.statusCode() != 200) {
        throw Cut.status(
            whole.statusCode(), seconds(whole.headers().firstValue("Retry-After").orElse("")));
      }
      return whole.body();
    } catch (TimeoutException _) {
      throw Cut.broken("The answer was not whole in time");
    } catch (ExecutionException failed) {
      var cause = failed.getCause();
      throw Cut.broken(
          cause instanceof IOException
              ? "The line broke: " + cause.getClass().getSimpleName()
              : "The question could not be asked");
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw Cut.broken("Interrupted");
    } finally {
      answer.cancel(true);
    }
  }

  /// A date is not understood, which only means that the usual pause is made.
  private static @Nullable Duration seconds(String retryAfter) {
    if (!retryAfter.matches("[0-9]{1,6}")) {
      return null;
    }
    var asked = Duration.ofSeconds(Long.parseLong(retryAfter));
    return asked.compareTo(LONGEST_PAUSE) < 0 ? asked : LONGEST_PAUSE;
  }
}
