// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.capture.source;

import io.sourceblind.events.CapturedEvent;
import io.sourceblind.events.GapReason;
import io.sourceblind.events.TurnError;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Tells why a turn failed from what the tool says about it, of which only the class leaves.
final class Failures {

  private Failures() {}

  static void tell(Session session, String words, @Nullable Long httpStatus, long retries) {
    if (!session.canTell()) {
      session.gap(GapReason.PARSE_ERROR, null);
      return;
    }
    session.start();
    int status = httpStatus == null ? statusIn(words) : Math.clamp(httpStatus, 0, 999);
    session.emit(
        new CapturedEvent.TurnFailed(
            session.envelope("turn.failed", null),
            errorOf(status, words.toLowerCase(Locale.ROOT)),
            status >= 100 && status <= 599 ? status : null,
            Bounds.count(retries, 99)));
  }

  private static TurnError errorOf(int status, String lower) {
    return switch (status) {
      case 429 -> TurnError.RATE_LIMIT;
      case 529, 503 -> TurnError.OVERLOADED;
      case 401, 403 -> TurnError.AUTH;
      case 402 -> TurnError.BILLING;
      case 413 -> TurnError.CONTEXT_OVERFLOW;
      case 400, 404, 422 ->
          lower.contains("too long") ? TurnError.CONTEXT_OVERFLOW : TurnError.INVALID_REQUEST;
      default -> status >= 500 ? TurnError.SERVER : errorIn(lower);
    };
  }

  private static TurnError errorIn(String lower) {
    if (lower.contains("limit reached")
        || lower.contains("rate limit")
        || lower.contains("rate_limit")
        || lower.contains("ratelimit")
        || lower.contains("usage limit")
        || lower.contains("usage_limit")) {
      return TurnError.RATE_LIMIT;
    } else if (lower.contains("overloaded")) {
      return TurnError.OVERLOADED;
    } else if (lower.contains("api key")
        || lower.contains("/login")
        || lower.contains("oauth")
        || lower.contains("unauthorized")
        || lower.contains("authentication")) {
      return TurnError.AUTH;
    } else if (lower.contains("credit balance") || lower.contains("quota")) {
      return TurnError.BILLING;
    } else if (lower.contains("prompt is too long")
        || lower.contains("context_window")
        || lower.contains("contextlength")
        || lower.contains("context length")) {
      return TurnError.CONTEXT_OVERFLOW;
    } else if (lower.contains("econn")
        || lower.contains("enotfound")
        || lower.contains("etimedout")
        || lower.contains("connection")
        || lower.contains("fetch failed")) {
      return TurnError.NETWORK;
    } else if (lower.contains("unable to respond") || lower.contains("usage policy")) {
      return TurnError.REFUSED;
    }
    return TurnError.OTHER;
  }

  /// `API Error: 529 …`
  private static int statusIn(String words) {
    int at = words.indexOf("API Error: ");
    int start = at + 11;
    if (at < 0 || start + 3 > words.length()) {
      return 0;
    }
    String digits = words.substring(start, start + 3);
    return digits.chars().allMatch(c -> c >= '0' && c <= '9') ? Integer.parseInt(digits) : 0;
  }
}
