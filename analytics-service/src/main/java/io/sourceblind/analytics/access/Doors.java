// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/// The table of doors, for a reviewer to read: the one that the filter chains are made from.
@Controller
class Doors {

  record Door(
      String method,
      String path,
      String who,
      String with,
      String factors,
      String action,
      String data) {

    static Door of(Route route) {
      return switch (route.who()) {
        case Who.Everyone _ -> door(route, "everybody", "nothing", "nothing of anybody");
        case Who.SignedIn signedIn ->
            door(
                route,
                "every member",
                signedIn.halfway() ? "session, also before its second factor" : "session",
                "one's own account");
        case Who.Only(var permission, var kind, _) ->
            door(
                route,
                permission.roles().stream().map(Role::name).collect(Collectors.joining(", ")),
                kind == CredentialKind.API && permission.scope() != null
                    ? "token for " + permission.scope().word()
                    : wordOf(kind),
                permission.data());
      };
    }

    private static Door door(Route route, String who, String with, String data) {
      return new Door(
          route.method().name(),
          route.pattern(),
          who.toLowerCase(Locale.ROOT),
          with,
          route.who().fresh() ? "confirmed within 10 minutes" : "",
          route.action() == null ? "" : route.action(),
          data);
    }

    private static String wordOf(CredentialKind kind) {
      return kind == CredentialKind.API ? "token" : kind.name().toLowerCase(Locale.ROOT);
    }
  }

  @GetMapping("/trust/doors")
  String page(Reading reading, Model model) {
    reading.record("schema.read", "doors");
    List<Door> doors = Stream.of(Route.values()).map(Door::of).toList();
    model.addAttribute("doors", doors);
    return "doors";
  }
}
