// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import io.sourceblind.analytics.access.Ids;
import io.sourceblind.analytics.access.NotFound;
import io.sourceblind.analytics.access.Reading;
import io.sourceblind.identity.Principal;
import io.sourceblind.identity.Provisioning;
import io.sourceblind.identity.Provisioning.Person;
import io.sourceblind.identity.Provisioning.Wanted;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

/// The members of an organization.
@RestController
class Users {
  private static final String PATH = "/scim/v2/Users";

  private final Provisioning provisioning;

  Users(Provisioning provisioning) {
    this.provisioning = provisioning;
  }

  @GetMapping(PATH)
  ResponseEntity<Map<String, Object>> find(
      @AuthenticationPrincipal Principal principal,
      Reading reading,
      @RequestParam(defaultValue = "") String filter,
      @RequestParam(defaultValue = "") String startIndex,
      @RequestParam(defaultValue = "") String count) {
    reading.record("members.read", "scim");
    var part = Bodies.Part.of(startIndex, count);
    var found =
        provisioning.people(
            principal, Bodies.sought(filter, "userName"), part.first(), part.most());
    return Bodies.found(found.all(), part, found.some().stream().map(Users::bodyOf).toList());
  }

  @GetMapping(PATH + "/{member}")
  ResponseEntity<Map<String, Object>> one(
      @AuthenticationPrincipal Principal principal, Reading reading, @PathVariable String member) {
    reading.record("members.read", "scim");
    return Bodies.answer(HttpStatus.OK, bodyOf(known(principal, member)));
  }

  @PostMapping(PATH)
  ResponseEntity<Map<String, Object>> add(
      @AuthenticationPrincipal Principal principal, InputStream body) {
    var added = provisioning.add(principal, Draft.of(Bodies.read(body)).wanted());
    return Bodies.answer(HttpStatus.CREATED, bodyOf(added));
  }

  @PutMapping(PATH + "/{member}")
  ResponseEntity<Map<String, Object>> replace(
      @AuthenticationPrincipal Principal principal, @PathVariable String member, InputStream body) {
    var before = known(principal, member);
    var draft = Draft.of(Bodies.read(body));
    return Bodies.answer(
        HttpStatus.OK, bodyOf(provisioning.change(principal, before.id(), draft.wanted())));
  }

  @PatchMapping(PATH + "/{member}")
  ResponseEntity<Map<String, Object>> patch(
      @AuthenticationPrincipal Principal principal, @PathVariable String member, InputStream body) {
    var before = known(principal, member);
    var draft = new Draft(before);
    Patch.of(Bodies.read(body)).forEach(draft::change);
    return Bodies.answer(
        HttpStatus.OK, bodyOf(provisioning.change(principal, before.id(), draft.wanted())));
  }

  @DeleteMapping(PATH + "/{member}")
  ResponseEntity<Void> end(
      @AuthenticationPrincipal Principal principal, @PathVariable String member) {
    provisioning.deletePerson(principal, known(principal, member).id());
    return ResponseEntity.noContent().build();
  }

  private Person known(Principal principal, String member) {
    return provisioning.person(principal, Ids.of(member)).orElseThrow(NotFound::new);
  }

  private static Map<String, Object> bodyOf(Person person) {
    var body = new LinkedHashMap<String, Object>();
    body.put("schemas", List.of(Bodies.USER));
    body.put("id", person.id());
    if (person.externalId() != null) {
      body.put("externalId", person.externalId());
    }
    body.put("userName", person.address());
    body.put("displayName", person.name());
    body.put(
        "name",
        Map.of(
            "formatted", person.name(),
            "givenName", given(person.name()),
            "familyName", family(person.name())));
    body.put("emails", List.of(Map.of("value", person.address(), "type", "work", "primary", true)));
    body.put("active", person.active());
    body.put(
        "groups",
        person.teamId() == null
            ? List.of()
            : List.of(
                Map.of(
                    "value",
                    person.teamId(),
                    "display",
                    Objects.requireNonNullElse(person.team(), ""),
                    "$ref",
                    "/scim/v2/Groups/" + person.teamId())));
    body.put("meta", Map.of("resourceType", "User", "location", PATH + "/" + person.id()));
    return body;
  }

  private static String given(String name) {
    var space = name.indexOf(' ');
    return space < 0 ? name : name.substring(0, space);
  }

  private static String family(String name) {
    var space = name.indexOf(' ');
    return space < 0 ? "" : name.substring(space + 1);
  }

  /// What somebody will be, while it is read. What is not kept here is not an error: providers send
  /// titles and departments as well, which nobody here wants to know.
  private static final class Draft {
    private String address = "";
    private String name = "";
    private boolean active = true;
    private @Nullable String externalId;

    private Draft() {}

    private Draft(Person before) {
      address = before.address();
      name = before.name();
      active = before.active();
      externalId = before.externalId();
    }

    static Draft of(JsonNode body) {
      var draft = new Draft();
      draft.address = Objects.requireNonNullElse(Bodies.text(body, "userName"), "");
      draft.externalId = Bodies.text(body, "externalId");
      var active = Bodies.attribute(body, "active");
      draft.active = active == null || Bodies.truth(active);
      var display = Bodies.text(body, "displayName");
      var name = Bodies.attribute(body, "name");
      if (name != null && name.isObject()) {
        draft.name = named(name, "");
      }
      if (draft.name.isBlank()) {
        draft.name = display == null || display.isBlank() ? draft.address : display;
      }
      return draft;
    }

    void change(Patch.Change change) {
      if (change.kind() == Patch.Kind.REMOVE) {
        if (change.path().equals("externalid")) {
          externalId = null;
        } else if (change.path().equals("active") || change.path().equals("username")) {
          throw Fault.unfit("mutability", "userName and active cannot be removed");
        }
        return;
      }
      var value = Objects.requireNonNull(change.value());
      switch (change.path()) {
        case "active" -> active = Bodies.truth(value);
        case "username" -> address = text(value);
        case "externalid" -> externalId = text(value);
        case "displayname", "name.formatted" -> name = text(value);
        case "name" -> name = named(value, name);
        case "name.givenname" -> name = (text(value) + " " + family(name)).strip();
        case "name.familyname" -> name = (given(name) + " " + text(value)).strip();
        default -> {
          // Not kept here.
        }
      }
    }

    Wanted wanted() {
      return new Wanted(address.strip(), name.strip(), active, externalId);
    }

    private static String named(JsonNode name, String before) {
      var formatted = Bodies.text(name, "formatted");
      if (formatted != null && !formatted.isBlank()) {
        return formatted;
      }
      var given = Objects.requireNonNullElse(Bodies.text(name, "givenName"), given(before));
      var family = Objects.requireNonNullElse(Bodies.text(name, "familyName"), family(before));
      return (given + " " + family).strip();
    }

    private static String text(JsonNode value) {
      if (!value.isString()) {
        throw Fault.unfit("invalidValue", "This attribute is a text");
      }
      return value.asString();
    }
  }
}
