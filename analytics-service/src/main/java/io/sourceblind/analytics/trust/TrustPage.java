// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.analytics.deletion.RetentionHealth;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Export;
import io.sourceblind.audit.Witnesses;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// What a reviewer sees.
@Controller
class TrustPage {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM uuuu, HH:mm:ss 'UTC'", Locale.ENGLISH).withZone(UTC);

  /// What was published of one week.
  record Release(LocalDate week, int rules, LocalDate releasedOn, int released, int withheld) {
    public String weekName() {
      return new IsoWeek(week).toString();
    }
  }

  private final RetentionHealth retention;
  private final Clock clock;

  TrustPage(RetentionHealth retention, Clock clock) {
    this.retention = retention;
    this.clock = clock;
  }

  /// How the controls are right now.
  private record State(
      int keptDays,
      Optional<Export.Signed> checkpoint,
      Optional<Witnesses.Anchor> anchor,
      Optional<Instant> unsignedSince,
      String fingerprint) {
    static State of(JdbcClient jdbc, UUID organization) {
      return new State(
          jdbc.sql("select retention_days from identity.organization where id = :org")
              .param("org", organization)
              .query(Integer.class)
              .single(),
          Export.newest(jdbc, organization),
          Witnesses.lastAnchor(jdbc, organization),
          AuditLog.unsignedSince(jdbc),
          jdbc.sql("select audit.fingerprint()").query(String.class).single());
    }
  }

  private record Evidence(
      State state,
      List<Catalogue.Kind> kinds,
      List<Catalogue.Column> columns,
      List<Catalogue.Domain> domains,
      List<Catalogue.Relation> rights,
      List<Release> ledger,
      List<LeftOut> leftOut,
      Panel panel) {}

  @GetMapping("/trust")
  String trust(Reading reading, Model model) {
    var evidence =
        reading.read(
            "schema",
            jdbc ->
                new Evidence(
                    State.of(jdbc, reading.organization()),
                    Catalogue.kinds(jdbc),
                    Catalogue.columns(jdbc),
                    Catalogue.domains(jdbc),
                    Catalogue.rights(jdbc),
                    ledger(jdbc),
                    LeftOut.all(jdbc),
                    Panel.of(jdbc, reading.organization(), clock)));
    show(model, evidence.state());
    model.addAttribute("kinds", evidence.kinds());
    model.addAttribute("columns", evidence.columns());
    model.addAttribute("domains", evidence.domains());
    model.addAttribute("roles", Catalogue.ROLES);
    model.addAttribute("rights", evidence.rights());
    model.addAttribute("ledger", evidence.ledger());
    model.addAttribute("leftOut", evidence.leftOut());
    model.addAttribute("clients", evidence.panel().clients());
    return "trust";
  }

  private void show(Model model, State state) {
    model.addAttribute("keptDays", state.keptDays());
    model.addAttribute("daysLate", retention.daysLate());
    state
        .checkpoint()
        .ifPresent(checkpoint -> {
          model.addAttribute("signedAt", TIME.format(checkpoint.signedAt()));
          model.addAttribute("signedEntries", checkpoint.size());
        });
    state.unsignedSince().ifPresent(since -> model.addAttribute("waiting", TIME.format(since)));
    state
        .anchor()
        .ifPresent(anchor -> model.addAttribute("anchoredAt", TIME.format(anchor.signedAt())));
    model.addAttribute("fingerprint", state.fingerprint());
  }

  private static List<Release> ledger(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select week, rules,
                   min(released_at at time zone 'UTC')::date as released_on,
                   count(*) filter (where state = 'released') as released,
                   count(*) filter (where state = 'withheld') as withheld
              from release.released_cell
             group by week, rules
             order by week desc
            """)
        .query(DataClassRowMapper.newInstance(Release.class))
        .list();
  }
}
