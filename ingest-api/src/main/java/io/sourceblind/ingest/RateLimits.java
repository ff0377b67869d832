// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.github.bucket4j.Bucket;
import io.sourceblind.identity.Principal;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/// How often a device, and an organization with all its devices, may send.
final class RateLimits {
  private final Buckets devices;
  private final Buckets organizations;

  RateLimits(IngestSettings settings) {
    this.devices = new Buckets(settings.perDevice());
    this.organizations = new Buckets(settings.perOrganization());
  }

  /// Counts one request.
  ///
  /// @throws Refusal if it is one too many
  void count(Principal sender) {
    devices.take(sender.credential());
    organizations.take(sender.organization());
  }

  /// One bucket for each that sends, the most recent ones only: a full bucket is like none.
  private static final class Buckets {
    private static final int MOST = 20_000;

    private final int perMinute;

    @SuppressWarnings("serial") // It is never written anywhere.
    private final Map<UUID, Bucket> recent =
        Collections.synchronizedMap(
            new LinkedHashMap<>(16, 0.75f, true) {
              @Override
              protected boolean removeEldestEntry(Map.Entry<UUID, Bucket> eldest) {
                return size() > MOST;
              }
            });

    Buckets(int perMinute) {
      this.perMinute = perMinute;
    }

    void take(UUID whose) {
      var bucket = recent.computeIfAbsent(whose, _ -> full());
      var probe = bucket.tryConsumeAndReturnRemaining(1);
      if (!probe.isConsumed()) {
        throw Refusal.tooOften(Duration.ofNanos(probe.getNanosToWaitForRefill()));
      }
    }

    private Bucket full() {
      return Bucket.builder()
          .addLimit(
              limit -> limit.capacity(perMinute).refillGreedy(perMinute, Duration.ofMinutes(1)))
          .build();
    }
  }
}
