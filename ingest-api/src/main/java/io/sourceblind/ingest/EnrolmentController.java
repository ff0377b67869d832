// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.ingest;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Principal;
import java.util.Map;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Tells a device how its organization wants it to capture, and under which key to hash.
@RestController
class EnrolmentController {
  private final RateLimits limits;
  private final TenantDatabase database;
  private final AuditLog audit;

  EnrolmentController(RateLimits limits, TenantDatabase database, AuditLog audit) {
    this.limits = limits;
    this.database = database;
    this.audit = audit;
  }

  /// @param refKey 32 bytes in Base64
  @JsonNaming(SnakeCaseStrategy.class)
  record Enrolment(UUID organization, String refKey, String captureProfile, String pathPolicy) {

    @Override
    public String toString() {
      return "Enrolment[organization=%s]".formatted(organization);
    }
  }

  @GetMapping(path = "/v1/enrolment", produces = MediaType.APPLICATION_JSON_VALUE)
  ResponseEntity<Enrolment> enrol(@AuthenticationPrincipal Principal device) {
    limits.count(device);
    var enrolment = TenantScope.callAs(device.tenant(), () -> read(device));
    return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(enrolment);
  }

  private Enrolment read(Principal device) {
    return database.inTransaction(jdbc -> {
      audit.append(
          jdbc,
          new AuditEntry(
              device.organization(),
              Actor.device(device.credential()),
              "enrolment.read",
              device.organization().toString(),
              Outcome.DONE,
              Map.of()));
      return jdbc.sql(
              """
              select id as organization, encode(ref_key, 'base64') as ref_key,
                     capture_profile, path_policy
                from identity.organization
               where id = :organization
              """)
          .param("organization", device.organization())
          .query(Enrolment.class)
          .single();
    });
  }
}
