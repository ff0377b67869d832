// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.audit;

import io.sourceblind.analytics.access.Reading;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Export;
import io.sourceblind.audit.Receipts;
import io.sourceblind.audit.Witnesses;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// The audit log as a reviewer searches it, how old its newest signature is, and since when
/// somebody outside holds one.
@Controller
class AuditPage {
  private final Receipts receipts;
  private final Clock clock;

  AuditPage(Receipts receipts, Clock clock) {
    this.receipts = receipts;
    this.clock = clock;
  }

  private record Seen(
      List<Search.Found> found,
      Optional<Export.Signed> checkpoint,
      Optional<Witnesses.Anchor> anchor,
      Optional<Instant> unsignedSince) {}

  @GetMapping("/audit")
  String audit(
      @RequestParam(defaultValue = "") String action,
      @RequestParam(defaultValue = "") String kind,
      @RequestParam(defaultValue = "") String day,
      @RequestParam(defaultValue = "") String target,
      @RequestParam(defaultValue = "") String before,
      Reading reading,
      Model model) {
    var search = new Search(action.strip(), kind, day, target.strip(), before);
    var organization = reading.organization();
    var seen =
        reading.read(
            "audit-page",
            jdbc ->
                new Seen(
                    search.find(jdbc, organization),
                    Export.newest(jdbc, organization),
                    Witnesses.lastAnchor(jdbc, organization),
                    AuditLog.unsignedSince(jdbc)));
    var page = seen.found().stream().limit(Search.PAGE).toList();
    model.addAttribute("search", search);
    model.addAttribute("entries", page);
    model.addAttribute(
        "older", seen.found().size() > Search.PAGE ? search.below(page.getLast().idx()) : null);
    model.addAttribute("newest", search.before().isEmpty() ? null : search.fromTheTop());
    seen.checkpoint()
        .ifPresent(checkpoint -> {
          model.addAttribute("size", checkpoint.size());
          model.addAttribute("signed", ago(checkpoint.signedAt()));
          model.addAttribute("root", checkpoint.note().lines().skip(2).findFirst().orElse(""));
          model.addAttribute("origin", checkpoint.note().lines().findFirst().orElse(""));
        });
    seen.unsignedSince().ifPresent(since -> model.addAttribute("waiting", ago(since)));
    seen.anchor()
        .ifPresent(anchor -> {
          model.addAttribute("anchored", ago(anchor.signedAt()));
          model.addAttribute("anchor", anchor);
        });
    model.addAttribute("receiptKey", receipts.publicKey());
    return "audit";
  }

  /// How long ago, as people say it.
  private String ago(Instant at) {
    var age = Duration.between(at, clock.instant());
    if (age.compareTo(Duration.ofMinutes(1)) < 0) {
      return "less than a minute ago";
    }
    return age.compareTo(Duration.ofHours(2)) < 0
        ? age.toMinutes() + " min ago"
        : age.compareTo(Duration.ofDays(2)) < 0
            ? age.toHours() + " hours ago"
            : age.toDays() + " days ago";
  }
}
