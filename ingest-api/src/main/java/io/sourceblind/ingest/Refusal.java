// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// A request that is refused as a whole, with nothing stored.
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Duration SOON = Duration.ofSeconds(5);

  private final HttpStatus status;
  private final transient @Nullable Duration retryAfter;

  private Refusal(HttpStatus status, String detail, @Nullable Duration retryAfter) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  static Refusal unreadable(String detail) {
    return new Refusal(HttpStatus.BAD_REQUEST, detail, null);
  }

  static Refusal tooLarge(String detail) {
    return new Refusal(HttpStatus.CONTENT_TOO_LARGE, detail, null);
  }

  static Refusal unsupported(String detail) {
    return new Refusal(HttpStatus.UNSUPPORTED_MEDIA_TYPE, detail, null);
  }

  static Refusal tooSlow(String detail) {
    return new Refusal(HttpStatus.REQUEST_TIMEOUT, detail, null);
  }

  static Refusal tooOften(Duration wait) {
    return new Refusal(
        HttpStatus.TOO_MANY_REQUESTS, "Too many requests. Send fewer and larger batches.", wait);
  }

  static Refusal busy() {
    return new Refusal(
        HttpStatus.SERVICE_UNAVAILABLE, "Too much is going on. Nothing was stored.", SOON);
  }

  static Refusal noDatabase() {
    return new Refusal(
        HttpStatus.SERVICE_UNAVAILABLE, "The database does not answer. Send it again.", SOON);
  }

  Problem problem() {
    return new Problem(status.value(), status.getReasonPhrase(), getMessage());
  }

  @Nullable Duration retryAfter() {
    return retryAfter;
  }
}
