// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/// An answer of RFC 9457 that says what would be right. It has no place for anything of the
/// request.
@JsonPropertyOrder({"type", "title", "status", "detail"})
record Problem(int status, String title, @Nullable String detail) {
  private static final JsonMapper JSON = JsonMapper.shared();

  /// What is said where nothing more is known than the status.
  static Problem of(int status) {
    var known = HttpStatus.resolve(status);
    return new Problem(
        status,
        known == null ? "Refused" : known.getReasonPhrase(),
        switch (status) {
          case 400 -> "The request is not well-formed HTTP or JSON.";
          case 401 ->
              "Send the device's token as `Authorization: Bearer sbd_...`; this one is missing,"
                  + " unknown, expired or revoked.";
          case 403 ->
              "A device may POST /v1/events, GET /v1/enrolment and GET /v1/contract, and nothing"
                  + " else.";
          case 404 -> "There is nothing here.";
          case 405 -> "This address does not take this method.";
          case 406 -> "Answers are application/json.";
          case 413 -> "The request is too large.";
          case 415 -> "Send application/x-ndjson or application/json.";
          case 503 -> "Nothing was stored. Send it again later.";
          default -> "The request was refused; nothing of it was stored.";
        });
  }

  @JsonProperty
  String type() {
    return "about:blank";
  }

  void writeTo(HttpServletResponse response, @Nullable Duration retryAfter) throws IOException {
    if (response.isCommitted()) {
      return;
    }
    response.resetBuffer();
    response.setStatus(status);
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    if (retryAfter != null) {
      // Whole seconds, and never none: a client that comes back at once comes back too soon.
      response.setHeader(
          HttpHeaders.RETRY_AFTER,
          Long.toString(Math.max(1, retryAfter.plusMillis(999).toSeconds())));
    }
    if (status == HttpStatus.UNAUTHORIZED.value()) {
      response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Bearer");
    }
    response.getOutputStream().write(JSON.writeValueAsBytes(this));
  }
}
