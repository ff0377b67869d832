// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.deletion;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Principal;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/// What an organization keeps and for how long, and where it has data deleted.
@Controller
class DataPages {
  /// A week's numbers come out ten days after its Monday at the earliest, and its Monday must be
  /// there.
  private static final int SHORTEST_WINDOW_WITH_NUMBERS = 11;

  private final Deletions deletions;

  DataPages(Deletions deletions) {
    this.deletions = deletions;
  }

  private record Found(UUID id) {}

  private record Everything(int window, List<Deletion> deletions) {}

  @GetMapping("/data")
  String all(Reading reading, Model model) {
    var all =
        reading.read(
            "data",
            jdbc ->
                new Everything(
                    window(jdbc, reading.organization()),
                    Deletion.all(jdbc, reading.organization())));
    model.addAttribute("window", all.window());
    model.addAttribute("tooShort", all.window() < SHORTEST_WINDOW_WITH_NUMBERS);
    model.addAttribute("deletions", all.deletions());
    return "data";
  }

  /// @param address of the person whose data is meant; empty for everybody's
  /// @param released whether the released numbers go too; only with everybody's
  @PostMapping("/data")
  String ask(
      @RequestParam String address,
      @RequestParam(defaultValue = "false") boolean released,
      Reading reading,
      @AuthenticationPrincipal Principal principal) {
    UUID person = null;
    if (!address.isBlank()) {
      person =
          reading
              .read("person", jdbc -> personAt(address.strip(), jdbc, reading.organization()))
              .orElseThrow(NotFound::new);
    }
    return "redirect:/data/deletion/"
        + deletions.ask(principal, person, released && person == null);
  }

  @GetMapping("/data/deletion/{deletion}")
  String one(@PathVariable String deletion, Reading reading, Model model) {
    var id = Ids.of(deletion);
    model.addAttribute("deletion", Deletion.read(reading, id));
    model.addAttribute("back", "/data");
    return "deletion";
  }

  @PostMapping("/data/deletion/{deletion}")
  String confirm(@PathVariable String deletion, @AuthenticationPrincipal Principal principal) {
    var id = Ids.of(deletion);
    deletions.confirm(principal, id);
    return "redirect:/data/deletion/" + id;
  }

  private static int window(JdbcClient jdbc, UUID organization) {
    return jdbc.sql("select retention_days from identity.organization where id = :org")
        .param("org", organization)
        .query(Integer.class)
        .single();
  }

  private static Optional<UUID> personAt(String address, JdbcClient jdbc, UUID organization) {
    return jdbc.sql(
            """
            select id from identity.person
             where org_id = :org and lower(email) = lower(:address)
             order by id
             limit 1
            """)
        .param("org", organization)
        .param("address", address)
        .query(DataClassRowMapper.newInstance(Found.class))
        .optional()
        .map(Found::id);
  }
}
