// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.outbox;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// One question and its whole answer within a time and a size. A request's own timeout ends with
/// the headers, so a server that stalls behind them would be waited for without end.
final class Exchange {

  static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final long MOST_BYTES = 4L * 1024 * 1024;

  private Exchange() {}

  static HttpResponse<String> send(HttpClient http, HttpRequest request, Duration most)
      throws IOException, InterruptedException {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(
            request,
            HttpResponse.BodyHandlers.limiting(
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8), MOST_BYTES));
    try {
      return answer.get(most.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      throw new HttpTimeoutException("The answer was not whole in time");
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof IOException broken ? broken : new IOException(failed);
    } finally {
      answer.cancel(true);
    }
  }
}
