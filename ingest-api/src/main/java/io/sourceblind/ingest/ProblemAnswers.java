// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/// Turns whatever a request ends with into a [Problem]. Messages of exceptions are never passed on:
/// they may repeat what was sent.
@RestControllerAdvice
class ProblemAnswers {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemAnswers.class);
  private static final int FRAMES = 20;

  @ExceptionHandler
  void refused(Refusal refusal, HttpServletResponse response) throws IOException {
    refusal.problem().writeTo(response, refusal.retryAfter());
  }

  @ExceptionHandler({DataAccessException.class, TransactionException.class})
  void notStored(Exception failed, HttpServletResponse response) throws IOException {
    LOG.warn("The database did not answer as it should: {}", failed.getClass().getSimpleName());
    refused(Refusal.noDatabase(), response);
  }

  @ExceptionHandler(CallNotPermittedException.class)
  void notAsked(HttpServletResponse response) throws IOException {
    refused(Refusal.noDatabase(), response);
  }

  @ExceptionHandler
  void unforeseen(Exception failed, HttpServletResponse response) throws IOException {
    if (failed instanceof ErrorResponse known) {
      known
          .getHeaders()
          .forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
      Problem.of(known.getStatusCode().value()).writeTo(response, null);
      return;
    }
    LOG.error("Unforeseen: {}\n{}", failed.getClass().getName(), frames(failed));
    Problem.of(HttpServletResponse.SC_INTERNAL_SERVER_ERROR).writeTo(response, null);
  }

  private static String frames(Exception failed) {
    return Arrays.stream(failed.getStackTrace())
        .limit(FRAMES)
        .map(frame -> "  at " + frame)
        .collect(Collectors.joining("\n"));
  }
}
