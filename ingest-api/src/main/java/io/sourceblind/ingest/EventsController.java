// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.identity.Principal;
import jakarta.servlet.http.HttpServletRequest;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.springframework.http.MediaType;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/// Where devices send their batches.
@RestController
class EventsController {
  private static final int PATIENCE_SECONDS = 2;

  private final RateLimits limits;
  private final BodyReader bodies;
  private final BatchReader batches;
  private final Intake intake;
  private final Semaphore places;

  EventsController(RateLimits limits, IngestSettings settings, Intake intake) {
    this.limits = limits;
    this.bodies = new BodyReader(settings);
    this.batches = new BatchReader(settings);
    this.intake = intake;
    this.places = new Semaphore(settings.atOnce());
  }

  @PostMapping(
      path = "/v1/events",
      consumes = MediaType.APPLICATION_NDJSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  Answer addLines(@AuthenticationPrincipal Principal sender, HttpServletRequest request) {
    limits.count(sender);
    var body = bodies.read(request);
    return inPlace(() -> intake.take(sender.tenant(), batches.lines(body)));
  }

  @PostMapping(
      path = "/v1/events",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = MediaType.APPLICATION_JSON_VALUE)
  Answer addArray(@AuthenticationPrincipal Principal sender, HttpServletRequest request) {
    limits.count(sender);
    var body = bodies.read(request);
    return inPlace(() -> intake.take(sender.tenant(), batches.array(body)));
  }

  /// Trees take ten times the memory of their bytes: no more of them at once than there are places.
  private Answer inPlace(Supplier<Answer> work) {
    try {
      if (!places.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw Refusal.busy();
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Refusal.busy();
    }
    try {
      return work.get();
    } finally {
      places.release();
    }
  }
}
