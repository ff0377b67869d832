// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.scim;

import static org.assertj.core.api.Assertions.assertThat;

import io.sourceblind.analytics.Pages;
import io.sourceblind.analytics.Pages.Pass;
import io.sourceblind.analytics.World;
import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// An identity provider makes, changes and ends members and teams, with bodies as Okta and Entra
/// send them.
class ScimIT {
  private static final String USERS = "/scim/v2/Users";
  private static final String GROUPS = "/scim/v2/Groups";
  private static final World WORLD = new World(Clock.systemUTC());
  private static final UUID OURS = WORLD.organization();
  private static final UUID THEIRS = WORLD.organization();
  private static final UUID OWNER = WORLD.person(OURS, null, "Boss", Role.OWNER);
  private static final UUID THEIR_OWNER = WORLD.person(THEIRS, null, "Their Boss", Role.OWNER);
  private static final Pages PAGES = start();
  private static final Pass TOKEN = token(OURS, OWNER, "scim");
  private static int number;

  private static Pages start() {
    for (var organization : new UUID[] {OURS, THEIRS}) {
      WORLD
          .superuser()
          .sql(
              """
              insert into identity.domain (org_id, domain, claimed_at, verified_at)
              values (:org, :domain, now(), now())
              """)
          .param("org", organization)
          .param("domain", organization.equals(OURS) ? "example.com" : "example.org")
          .update();
    }
    return Pages.over(WORLD);
  }

  @AfterAll
  static void stop() {
    PAGES.close();
    WORLD.close();
  }

  @Test
  void oktaMakesAndEndsAMemberWhoIsOutWithTheirNextRequest() {
    var address = address();
    var made =
        send(
            "POST",
            USERS,
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
             "userName": "%1$s", "name": {"givenName": "Test", "familyName": "User"},
             "emails": [{"primary": true, "value": "%1$s", "type": "work"}],
             "displayName": "Test User", "locale": "en-US", "externalId": "00ujl29u0le5T6Aj10h7",
             "groups": [], "password": "1mz050nq", "active": true}
            """
                .formatted(address),
            201);
    var id = made.get("id").asString();
    var session = Pass.session(WORLD.secret(OURS, UUID.fromString(id), CredentialKind.SESSION));
    assertThat(PAGES.get("/me", session).statusCode()).isEqualTo(200);

    var ended =
        send(
            "PATCH",
            USERS + "/" + id,
            """
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "replace", "value": {"active": false}}]}
            """,
            200);

    assertThat(made.get("userName").asString()).isEqualTo(address);
    assertThat(made.get("name").get("formatted").asString()).isEqualTo("Test User");
    assertThat(made.get("externalId").asString()).isEqualTo("00ujl29u0le5T6Aj10h7");
    assertThat(made.get("meta").get("location").asString()).isEqualTo(USERS + "/" + id);
    assertThat(made.toString()).doesNotContain("1mz050nq");
    assertThat(ended.get("active").asBoolean()).isFalse();
    assertThat(PAGES.get("/me", session).statusCode()).isEqualTo(302);
    assertThat(roleOf(id)).isEqualTo("engineer");
  }

  @Test
  void entraMatchesFirstThenMakesRenamesAndEndsAMember() {
    var address = address();
    var matched = find(USERS, "userName eq \"" + address + "\"");
    var made =
        send(
            "POST",
            USERS,
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User",
                         "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
             "externalId": "0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef", "userName": "%s",
             "active": true, "displayName": "Ada Example", "title": "Engineer",
             "emails": [{"primary": true, "type": "work", "value": "elsewhere@example.net"}],
             "meta": {"resourceType": "User"},
             "name": {"formatted": "Ada Example", "familyName": "Example", "givenName": "Ada"},
             "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "Shop"}}
            """
                .formatted(address),
            201);
    var path = USERS + "/" + made.get("id").asString();
    var renamed =
        send(
            "PATCH",
            path,
            """
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [
               {"op": "Replace", "path": "name.familyName", "value": "Sample"},
               {"op": "Add", "path": "title", "value": "Staff engineer"},
               {"op": "Replace", "path": "emails[type eq \\"work\\"].value", "value": "x@example.net"}]}
            """,
            200);
    var ended =
        send(
            "PATCH",
            path,
            """
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "Replace", "path": "active", "value": "False"}]}
            """,
            200);

    assertThat(matched.get("totalResults").asInt()).isZero();
    assertThat(made.get("emails").get(0).get("value").asString()).isEqualTo(address);
    assertThat(made.toString()).doesNotContain("elsewhere", "department", "Engineer\"");
    assertThat(renamed.get("displayName").asString()).isEqualTo("Ada Sample");
    assertThat(ended.get("active").asBoolean()).isFalse();
    assertThat(find(USERS, "USERNAME EQ \"" + address + "\"").get("totalResults").asInt()).isOne();
    assertThat(
            find(USERS, "externalId eq \"0a21f0f2-8d2a-4f8e-bf98-7363c4aed4ef\"")
                .get("totalResults")
                .asInt())
        .isOne();
  }

  @Test
  void aMemberIsReplacedAsAWhole() {
    var id = member();

    var replaced =
        send(
            "PUT",
            USERS + "/" + id,
            """
            {"userName": "%s", "name": {"formatted": "Somebody Else"}, "active": true}
            """
                .formatted(addressOf(id)),
            200);

    assertThat(replaced.get("displayName").asString()).isEqualTo("Somebody Else");
    assertThat(replaced.has("externalId")).isFalse();
  }

  @Test
  void whoIsDeletedIsNotThereAndComesBackAsAnEngineerUnderTheirOldId() {
    var id = member();
    var address = addressOf(id);
    WORLD
        .superuser()
        .sql("update identity.person set role = 'reviewer' where id = :id")
        .param("id", UUID.fromString(id))
        .update();

    assertThat(PAGES.json("DELETE", USERS + "/" + id, "", TOKEN).statusCode()).isEqualTo(204);
    assertThat(PAGES.get(USERS + "/" + id, TOKEN).statusCode()).isEqualTo(404);
    assertThat(find(USERS, "userName eq \"" + address + "\"").get("totalResults").asInt()).isZero();
    var back = send("POST", USERS, "{\"userName\": \"%s\"}".formatted(address), 201);

    assertThat(back.get("id").asString()).isEqualTo(id);
    assertThat(roleOf(id)).isEqualTo("engineer");
  }

  @Test
  void aTeamIsMadeFilledAsOktaAndAsEntraDoItAndEmptied() {
    var one = member();
    var two = member();
    var name = "Team " + ++number;
    var made =
        send(
            "POST",
            GROUPS,
            """
            {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "%s",
             "members": [{"value": "%s", "display": "Somebody"}]}
            """
                .formatted(name, one),
            201);
    var path = GROUPS + "/" + made.get("id").asString();
    var added =
        send(
            "PATCH",
            path,
            """
            {"schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
             "Operations": [{"op": "Add", "path": "members", "value": [{"$ref": null, "value": "%s"}]}]}
            """
                .formatted(two),
            200);
    var removedByOkta =
        send(
            "PATCH",
            path,
            """
            {"Operations": [{"op": "remove", "path": "members[value eq \\"%s\\"]"}]}
            """
                .formatted(one),
            200);
    var removedByEntra =
        send(
            "PATCH",
            path,
            """
            {"Operations": [{"op": "Remove", "path": "members", "value": [{"value": "%s"}]}]}
            """
                .formatted(two),
            200);
    var renamed =
        send(
            "PATCH",
            path,
            """
            {"Operations": [{"op": "replace", "value": {"id": "%s", "displayName": "%s renamed"}}]}
            """
                .formatted(made.get("id").asString(), name),
            200);

    assertThat(made.get("members").size()).isOne();
    assertThat(added.get("members").size()).isEqualTo(2);
    assertThat(removedByOkta.get("members").get(0).get("value").asString()).isEqualTo(two);
    assertThat(removedByEntra.get("members").size()).isZero();
    assertThat(renamed.get("displayName").asString()).isEqualTo(name + " renamed");
    assertThat(PAGES.get(path + "?excludedAttributes=members", TOKEN).body())
        .doesNotContain("members");
    assertThat(PAGES.json("DELETE", path, "", TOKEN).statusCode()).isEqualTo(204);
    assertThat(PAGES.get(path, TOKEN).statusCode()).isEqualTo(404);
  }

  @Test
  void somebodyIsInOneTeamAtMost() {
    var member = member();
    var first = team(member);
    var second = team(member);

    assertThat(get(GROUPS + "/" + first).get("members").size()).isZero();
    assertThat(get(GROUPS + "/" + second).get("members").size()).isOne();
    assertThat(get(USERS + "/" + member).get("groups").get(0).get("value").asString())
        .isEqualTo(second);
  }

  @Test
  void aListIsHandedOutInParts() {
    for (var count = 0; count < 3; count++) {
      member();
    }
    var all = get(USERS).get("totalResults").asInt();

    var first = get(USERS + "?startIndex=1&count=2");
    var second = get(USERS + "?startIndex=3&count=2");
    var none = get(USERS + "?count=0");
    var before = get(USERS + "?startIndex=-5&count=-1");

    assertThat(first.get("itemsPerPage").asInt()).isEqualTo(2);
    assertThat(first.get("Resources").get(0)).isNotEqualTo(second.get("Resources").get(0));
    assertThat(second.get("startIndex").asInt()).isEqualTo(3);
    assertThat(none.get("totalResults").asInt()).isEqualTo(all);
    assertThat(none.get("Resources").size()).isZero();
    assertThat(before.get("startIndex").asInt()).isOne();
  }

  @Test
  void anAddressOnAnothersDomainIsRefusedAndTheTwinOnOurOwnIsNot() {
    var refused = send("POST", USERS, "{\"userName\": \"somebody@example.org\"}", 400);
    var moved =
        send(
            "PATCH",
            USERS + "/" + member(),
            """
            {"Operations": [{"op": "replace", "path": "userName", "value": "me@example.org"}]}
            """,
            400);

    assertThat(refused.get("scimType").asString()).isEqualTo("invalidValue");
    assertThat(refused.get("detail").asString()).contains("mail domain");
    assertThat(moved.get("detail").asString()).contains("mail domain");
    WORLD
        .superuser()
        .sql("update identity.domain set verified_at = null where org_id = :org")
        .param("org", OURS)
        .update();
    assertThat(send("POST", USERS, "{\"userName\": \"%s\"}".formatted(address()), 400)).isNotNull();
    WORLD
        .superuser()
        .sql("update identity.domain set verified_at = now() where org_id = :org")
        .param("org", OURS)
        .update();
    assertThat(send("POST", USERS, "{\"userName\": \"%s\"}".formatted(address()), 201)).isNotNull();
  }

  @Test
  void anotherAddressHasToBeShownBeforeItSignsIn() {
    var id = member();
    WORLD
        .superuser()
        .sql(
            """
            insert into identity.sign_in (org_id, person_id, email)
            select org_id, id, lower(email) from identity.person where id = :id
            """)
        .param("id", UUID.fromString(id))
        .update();

    send(
        "PATCH",
        USERS + "/" + id,
        """
        {"Operations": [{"op": "replace", "path": "userName", "value": "%s"}]}
        """
            .formatted(address()),
        200);

    assertThat(
            WORLD
                .superuser()
                .sql("select count(*) from identity.sign_in where person_id = :id")
                .param("id", UUID.fromString(id))
                .query(Integer.class)
                .single())
        .isZero();
  }

  @Test
  void anAddressIsTakenOnce() {
    var id = member();

    var again = send("POST", USERS, "{\"userName\": \"%s\"}".formatted(addressOf(id)), 409);

    assertThat(again.get("scimType").asString()).isEqualTo("uniqueness");
    assertThat(again.get("schemas").get(0).asString())
        .isEqualTo("urn:ietf:params:scim:api:messages:2.0:Error");
  }

  @Test
  void anOwnerIsNeitherEndedNorMovedByAProvider() {
    // Not the last one: that one stays anyway.
    var other = WORLD.person(OURS, null, "Other Boss", Role.OWNER).toString();
    var ends = "{\"Operations\": [{\"op\": \"replace\", \"value\": {\"active\": false}}]}";
    var moves =
        "{\"Operations\": [{\"op\": \"replace\", \"value\": {\"userName\": \"%s\"}}]}"
            .formatted(address());
    var before = addressOf(other);

    for (var body : List.of(ends, moves)) {
      assertThat(send("PATCH", USERS + "/" + other, body, 409).get("detail").asString())
          .contains("An owner is ended or moved by an owner");
    }
    assertThat(PAGES.json("DELETE", USERS + "/" + other, "", TOKEN).statusCode()).isEqualTo(409);
    assertThat(roleOf(other)).isEqualTo("owner");
    assertThat(addressOf(other)).isEqualTo(before);
  }

  @Test
  void whomAProviderDeletedAndWhoOwnsTheOrganizationSinceStaysAnOwner() {
    var id = member();
    var address = addressOf(id);
    PAGES.json("DELETE", USERS + "/" + id, "", TOKEN);
    // As an invitation does it, and an owner afterwards.
    WORLD
        .superuser()
        .sql("update identity.person set removed_at = null, role = 'owner' where id = :id::uuid")
        .param("id", id)
        .update();

    send("POST", USERS, "{\"userName\": \"%s\"}".formatted(address), 409);

    assertThat(roleOf(id)).isEqualTo("owner");
  }

  @Test
  void aForeignMemberAndAMissingOneAreTheSameNothing() {
    var foreign = THEIR_OWNER.toString();
    var missing = UUID.randomUUID().toString();
    var active = "{\"Operations\": [{\"op\": \"replace\", \"value\": {\"active\": false}}]}";
    var own = team(member());

    for (var method : new String[] {"GET", "PUT", "PATCH", "DELETE"}) {
      var body = method.equals("GET") || method.equals("DELETE") ? "" : active;
      var answer = PAGES.json(method, USERS + "/" + foreign, body, TOKEN);
      assertThat(answer.statusCode()).isEqualTo(404);
      assertThat(answer.body())
          .isEqualTo(PAGES.json(method, USERS + "/" + missing, body, TOKEN).body());
    }
    var member =
        "{\"Operations\": [{\"op\": \"add\", \"path\": \"members\", \"value\": [{\"value\": \"%s\"}]}]}";
    assertThat(send("PATCH", GROUPS + "/" + own, member.formatted(foreign), 400))
        .isEqualTo(send("PATCH", GROUPS + "/" + own, member.formatted(missing), 400));
  }

  @ParameterizedTest
  @ValueSource(strings = {"cells:read", ""})
  void noOtherTokenProvisions(String scope) {
    assertThat(PAGES.get(USERS, token(OURS, OWNER, scope)).statusCode()).isEqualTo(403);
    assertThat(PAGES.get(USERS, Pass.none()).statusCode()).isEqualTo(401);
    assertThat(PAGES.get(USERS, TOKEN).statusCode()).isEqualTo(200);
    assertThat(PAGES.get("/v1/teams", TOKEN).statusCode()).isEqualTo(403);
  }

  @Test
  void anOwnerMakesTheTokenOnAPageAndNobodyElseDoes() {
    var manager = Pass.session(WORLD.secret(OURS, OWNER, CredentialKind.SESSION));
    var engineer =
        Pass.session(
            WORLD.secret(
                OURS, WORLD.person(OURS, null, "Curious", Role.ENGINEER), CredentialKind.SESSION));
    var form = Map.of("label", "provider", "days", "90", "scope", "scim");

    var page = PAGES.post("/account/tokens", form, manager).body();
    var secret = Pattern.compile("sbk_[0-9A-Za-z]{36}").matcher(page);

    assertThat(page).contains("only scim");
    assertThat(secret.find()).isTrue();
    assertThat(PAGES.get(USERS, Pass.token(secret.group())).statusCode()).isEqualTo(200);
    assertThat(PAGES.post("/account/tokens", form, engineer).statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          filter=userName%20co%20%22a%22            | invalidFilter
          filter=password%20eq%20%22a%22            | invalidFilter
          filter=userName%20eq%20a                  | invalidFilter
          filter=userName%20eq%20%22a%22%20or%20true | invalidFilter
          startIndex=one                            | invalidValue
          """)
  void whatIsNoFilterOfOursIsRefused(String query, String type) {
    var refused = PAGES.get(USERS + "?" + query, TOKEN);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.body()).contains(type);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{",
        "{\"Operations\": []}",
        "{\"Operations\": [{\"op\": \"destroy\", \"path\": \"active\"}]}",
        "{\"Operations\": [{\"op\": \"remove\"}]}",
        "{\"Operations\": [{\"op\": \"replace\", \"path\": \"active\", \"value\": \"maybe\"}]}",
        "{\"Operations\": [{\"op\": \"replace\", \"path\": \"active\"}]}",
        "{\"Operations\": [{\"op\": \"replace\", \"path\": \"userName\", \"value\": 7}]}",
        "{\"Operations\": [{\"op\": \"remove\", \"path\": \"userName\"}]}"
      })
  void whatIsNoChangeIsRefusedAndChangesNothing(String body) {
    var id = member();
    var before = get(USERS + "/" + id);

    var refused = PAGES.json("PATCH", USERS + "/" + id, body, TOKEN);

    assertThat(refused.statusCode()).isEqualTo(400);
    assertThat(refused.headers().firstValue("Content-Type").orElse(""))
        .startsWith("application/scim+json");
    assertThat(get(USERS + "/" + id)).isEqualTo(before);
  }

  @Test
  void itSaysWhatItCanDo() {
    assertThat(get("/scim/v2/ServiceProviderConfig").get("patch").get("supported").asBoolean())
        .isTrue();
    assertThat(get("/scim/v2/Schemas").get("totalResults").asInt()).isEqualTo(2);
    assertThat(get("/scim/v2/ResourceTypes").get("Resources").get(0).get("endpoint").asString())
        .isEqualTo("/Users");
  }

  @Test
  void eachChangeIsAnEntryThatNamesNobody() {
    var id = member();

    var leaves =
        WORLD
            .superuser()
            .sql(
                """
                select convert_from(leaf, 'UTF8') from audit.entry
                 where org_id = :org and action = 'member.provisioned'
                """)
            .param("org", OURS)
            .query((row, _) -> String.valueOf(row.getString(1)))
            .list();

    assertThat(leaves).anyMatch(leaf -> leaf.contains(id));
    assertThat(leaves).noneMatch(leaf -> leaf.contains("@example.com"));
  }

  private static String member() {
    return send("POST", USERS, "{\"userName\": \"%s\"}".formatted(address()), 201)
        .get("id")
        .asString();
  }

  private static String team(String member) {
    return send(
            "POST",
            GROUPS,
            "{\"displayName\": \"Team %d\", \"members\": [{\"value\": \"%s\"}]}"
                .formatted(++number, member),
            201)
        .get("id")
        .asString();
  }

  private static String address() {
    return "scim." + ++number + "@example.com";
  }

  private static String addressOf(String id) {
    return get(USERS + "/" + id).get("userName").asString();
  }

  private static String roleOf(String id) {
    return WORLD
        .superuser()
        .sql("select role from identity.person where id = :id")
        .param("id", UUID.fromString(id))
        .query(String.class)
        .single();
  }

  private static JsonNode find(String path, String filter) {
    return get(path + "?filter=" + filter.replace(" ", "%20").replace("\"", "%22"));
  }

  private static JsonNode get(String path) {
    return read(PAGES.get(path, TOKEN), 200);
  }

  private static JsonNode send(String method, String path, String body, int status) {
    return read(PAGES.json(method, path, body, TOKEN), status);
  }

  private static JsonNode read(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    return World.JSON.readTree(answer.body());
  }

  private static Pass token(UUID organization, UUID person, String scope) {
    var secret = WORLD.secret(organization, person, CredentialKind.API);
    WORLD
        .superuser()
        .sql(
            """
            update identity.credential set scope = nullif(:scope, '')
             where id = (select id from identity.credential
                          where person_id = :person order by created_at desc limit 1)
            """)
        .param("scope", scope)
        .param("person", person)
        .update();
    return Pass.token(secret);
  }
}
