// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Provisioning;
import io.sourceblind.identity.Provisioning.Person;
import io.sourceblind.identity.Provisioning.Team;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;

/// The teams of an organization.
@RestController
class Groups {
  private static final String PATH = "/scim/v2/Groups";
  private static final Pattern ONE_MEMBER =
      Pattern.compile("members\\[\\s*value\\s+eq\\s+\"([^\"]*)\"\\s*]", Pattern.CASE_INSENSITIVE);

  private final Provisioning provisioning;

  Groups(Provisioning provisioning) {
    this.provisioning = provisioning;
  }

  @GetMapping(PATH)
  ResponseEntity<Map<String, Object>> find(
      @AuthenticationPrincipal Principal principal,
      Reading reading,
      @RequestParam(defaultValue = "") String filter,
      @RequestParam(defaultValue = "") String startIndex,
      @RequestParam(defaultValue = "") String count,
      @RequestParam(defaultValue = "") String excludedAttributes) {
    reading.record("teams.read", "scim");
    var part = Bodies.Part.of(startIndex, count);
    var found =
        provisioning.teams(
            principal, Bodies.sought(filter, "displayName"), part.first(), part.most());
    return Bodies.found(
        found.all(),
        part,
        found.some().stream()
            .map(team -> bodyOf(principal, team, excludedAttributes.equals("members")))
            .toList());
  }

  @GetMapping(PATH + "/{group}")
  ResponseEntity<Map<String, Object>> one(
      @AuthenticationPrincipal Principal principal,
      Reading reading,
      @PathVariable String group,
      @RequestParam(defaultValue = "") String excludedAttributes) {
    reading.record("teams.read", "scim");
    return Bodies.answer(
        HttpStatus.OK,
        bodyOf(principal, known(principal, group), excludedAttributes.equals("members")));
  }

  @PostMapping(PATH)
  ResponseEntity<Map<String, Object>> add(
      @AuthenticationPrincipal Principal principal, InputStream body) {
    var draft = Draft.of(Bodies.read(body));
    var added = provisioning.addTeam(principal, draft.name, draft.externalId, draft.members);
    return Bodies.answer(HttpStatus.CREATED, bodyOf(principal, added, false));
  }

  @PutMapping(PATH + "/{group}")
  ResponseEntity<Map<String, Object>> replace(
      @AuthenticationPrincipal Principal principal, @PathVariable String group, InputStream body) {
    var before = known(principal, group);
    return changed(principal, before, Draft.of(Bodies.read(body)));
  }

  @PatchMapping(PATH + "/{group}")
  ResponseEntity<Map<String, Object>> patch(
      @AuthenticationPrincipal Principal principal, @PathVariable String group, InputStream body) {
    var before = known(principal, group);
    var draft = new Draft();
    draft.name = before.name();
    draft.externalId = before.externalId();
    provisioning
        .membersOf(principal, before.id())
        .forEach(member -> draft.members.add(member.id()));
    Patch.of(Bodies.read(body)).forEach(draft::change);
    return changed(principal, before, draft);
  }

  @DeleteMapping(PATH + "/{group}")
  ResponseEntity<Void> end(
      @AuthenticationPrincipal Principal principal, @PathVariable String group) {
    provisioning.deleteTeam(principal, known(principal, group).id());
    return ResponseEntity.noContent().build();
  }

  private ResponseEntity<Map<String, Object>> changed(
      Principal principal, Team before, Draft draft) {
    var after =
        provisioning.changeTeam(
            principal, before.id(), draft.name, draft.externalId, draft.members);
    return Bodies.answer(HttpStatus.OK, bodyOf(principal, after, false));
  }

  private Team known(Principal principal, String group) {
    return provisioning.team(principal, Ids.of(group)).orElseThrow(NotFound::new);
  }

  private Map<String, Object> bodyOf(Principal principal, Team team, boolean withoutMembers) {
    var body = new LinkedHashMap<String, Object>();
    body.put("schemas", List.of(Bodies.GROUP));
    body.put("id", team.id());
    if (team.externalId() != null) {
      body.put("externalId", team.externalId());
    }
    body.put("displayName", team.name());
    if (!withoutMembers) {
      body.put(
          "members",
          provisioning.membersOf(principal, team.id()).stream().map(Groups::memberOf).toList());
    }
    body.put("meta", Map.of("resourceType", "Group", "location", PATH + "/" + team.id()));
    return body;
  }

  private static Map<String, Object> memberOf(Person person) {
    return Map.of(
        "value", person.id(), "display", person.name(), "$ref", "/scim/v2/Users/" + person.id());
  }

  private static final class Draft {
    private String name = "";
    private @Nullable String externalId;
    private final Set<UUID> members = new LinkedHashSet<>();

    static Draft of(JsonNode body) {
      var draft = new Draft();
      draft.name = Objects.requireNonNullElse(Bodies.text(body, "displayName"), "").strip();
      draft.externalId = Bodies.text(body, "externalId");
      var members = Bodies.attribute(body, "members");
      if (members != null) {
        draft.members.addAll(ids(members));
      }
      return draft;
    }

    void change(Patch.Change change) {
      var one = ONE_MEMBER.matcher(change.path());
      if (one.matches() && change.kind() == Patch.Kind.REMOVE) {
        members.remove(Bodies.id(one.group(1)));
        return;
      }
      var value = change.value();
      switch (change.path()) {
        case "members" -> changeMembers(change.kind(), value);
        case "displayname" -> name = text(value);
        case "externalid" -> externalId = change.kind() == Patch.Kind.REMOVE ? null : text(value);
        default -> {
          // Not kept here: Okta sends the id of the group itself.
        }
      }
    }

    private void changeMembers(Patch.Kind kind, @Nullable JsonNode value) {
      var named = value == null ? null : ids(value);
      switch (kind) {
        case ADD -> members.addAll(Objects.requireNonNull(named));
        case REPLACE -> {
          members.clear();
          members.addAll(Objects.requireNonNull(named));
        }
        case REMOVE -> {
          if (named == null) {
            members.clear();
          } else {
            members.removeAll(named);
          }
        }
      }
    }

    private static Set<UUID> ids(JsonNode members) {
      if (!members.isArray()) {
        throw Fault.unfit("invalidValue", "members is a list");
      }
      return members.values().stream()
          .map(member -> Bodies.id(member.isObject() ? Bodies.text(member, "value") : null))
          .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static String text(@Nullable JsonNode value) {
      if (value == null || !value.isString()) {
        throw Fault.unfit("invalidValue", "This attribute is a text");
      }
      return value.asString();
    }
  }
}
