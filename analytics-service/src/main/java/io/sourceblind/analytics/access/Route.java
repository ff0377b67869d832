// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.access;

import static io.sourceblind.analytics.access.Permission.CONNECT_DEVICE;
import static io.sourceblind.analytics.access.Permission.HOLD_TOKENS;
import static io.sourceblind.analytics.access.Permission.KEEP_KEYS;
import static io.sourceblind.analytics.access.Permission.PROVISION;
import static io.sourceblind.analytics.access.Permission.READ_AUDIT_LOG;
import static io.sourceblind.analytics.access.Permission.READ_OWN_DATA;
import static io.sourceblind.analytics.access.Permission.RUN_ORGANIZATION;
import static org.springframework.http.HttpMethod.DELETE;
import static org.springframework.http.HttpMethod.GET;
import static org.springframework.http.HttpMethod.PATCH;
import static org.springframework.http.HttpMethod.POST;
import static org.springframework.http.HttpMethod.PUT;

import io.sourceblind.identity.CredentialKind;
import io.sourceblind.identity.Role;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;

/// Every door there is: who may open it, with which credential and how fresh a proof, with which
/// parameters, and what is written down when something is read or changed behind it. The filter
/// chains, the page for reviewers, the OpenAPI description and the matrix of tests are made from
/// this table and from nothing else; a handler without a line here, or a line without a handler,
/// stops the boot.
@SuppressWarnings("ImmutableEnumChecker") // What its fields hold never changes.
enum Route {
  STYLE_SHEET(GET, "/style.css", everyone(), "v"),
  PASSKEY_SCRIPT(GET, "/passkey.js", everyone(), "v"),
  HEALTH(GET, "/actuator/health", everyone()),
  HEALTH_OF_A_PART(GET, "/actuator/health/**", everyone()),
  HOW_IT_WORKS(GET, "/how-it-works", everyone()),
  SIGN_IN_PAGE(GET, "/sign-in", everyone(), "token", "to"),
  SIGN_IN(POST, "/sign-in", everyone(), "token"),
  SIGN_IN_WITH_PASSWORD(POST, "/sign-in/password", everyone(), "email", "password", "to"),
  SIGN_IN_BY_MAIL(POST, "/sign-in/code", everyone(), "email", "to"),
  SIGN_IN_WITH_CODE(POST, "/sign-in/code/entered", everyone(), "asked", "email", "code", "to"),
  SIGN_IN_WITH_PASSKEY(POST, "/sign-in/passkey", everyone(), "answer", "to"),
  INVITATION_PAGE(GET, "/invitation", everyone(), "token"),
  INVITATION(POST, "/invitation", everyone(), "token", "name", "password"),
  SIGN_ON_PAGE(GET, "/sign-in/sso", everyone(), "to"),
  SIGN_ON(POST, "/sign-in/sso", everyone(), "email", "to"),
  // A provider may add what it likes; what it is known to add is let through and not looked at.
  SIGN_ON_ANSWER(
      GET,
      "/sign-in/sso/{provider}",
      everyone(),
      "code",
      "state",
      "iss",
      "error",
      "error_description",
      "error_uri",
      "session_state",
      "scope",
      "authuser",
      "prompt",
      "hd",
      "client_info"),
  // The one post that comes from another site; it changes nothing by which anybody is known.
  SIGN_ON_POSTED(POST, "/sign-in/sso/{provider}", everyone(), "SAMLResponse", "RelayState"),
  SIGN_OUT(POST, "/sign-out", halfway()),
  HOME(GET, "/", signedIn()),
  CONFIRM_PAGE(GET, "/confirm", halfway(), "to"),
  CONFIRM_WITH_PASSWORD(POST, "/confirm/password", halfway(), "password", "to"),
  CONFIRM_BY_MAIL(POST, "/confirm/code", halfway(), "to"),
  CONFIRM_WITH_CODE(POST, "/confirm/code/entered", halfway(), "asked", "code", "to"),
  CONFIRM_WITH_PASSKEY(POST, "/confirm/passkey", halfway(), "answer", "to"),
  CONFIRM_BY_SIGN_ON(POST, "/confirm/sso", halfway(), "to"),
  SECOND_FACTOR(GET, "/second-factor", halfway()),
  SHOW_SECOND_FACTOR(POST, "/second-factor", halfway(), "code"),
  BEGIN_SECOND_FACTOR(POST, "/second-factor/begin", freshly(halfway())),
  REMOVE_SECOND_FACTOR(POST, "/second-factor/remove", freshly(signedIn())),
  ACCOUNT(GET, "/account", signedIn()),
  NEW_PASSWORD(POST, "/account/password", freshly(signedIn()), "password"),
  PASSKEYS(GET, "/account/passkeys", freshly(signedIn())),
  ADD_PASSKEY(POST, "/account/passkeys", freshly(signedIn()), "label", "answer"),
  RENAME_PASSKEY(POST, "/account/passkeys/{passkey}/rename", freshly(signedIn()), "label"),
  REMOVE_PASSKEY(POST, "/account/passkeys/{passkey}/remove", freshly(signedIn())),
  END_SESSION(POST, "/account/held/{held}/end", signedIn()),
  END_OTHER_SESSIONS(POST, "/account/end-others", signedIn()),
  TOKENS(GET, "/account/tokens", may(HOLD_TOKENS), reads("tokens.read")),
  NEW_TOKEN(
      POST,
      "/account/tokens",
      freshly(may(HOLD_TOKENS)),
      changes("credential.minted"),
      "label",
      "days",
      "scope"),
  ROTATE_TOKEN(
      POST,
      "/account/tokens/{token}/rotate",
      freshly(may(HOLD_TOKENS)),
      changes("credential.rotated")),

  DEVICE_ASKS(POST, "/oauth2/device_authorization", everyone(), "client_id", "scope"),
  DEVICE_TOKEN(
      POST,
      "/oauth2/token",
      everyone(),
      "grant_type",
      "device_code",
      "refresh_token",
      "client_id",
      "scope"),
  DEVICE_PAGE(GET, "/device", may(CONNECT_DEVICE), reads("device.read"), "user_code"),
  DEVICE_LOOKED_FOR(POST, "/device", may(CONNECT_DEVICE), changes("device.read"), "user_code"),
  DEVICE_DECIDED(
      POST,
      "/device/decided",
      may(CONNECT_DEVICE),
      changes("device.approved"),
      "user_code",
      "decision"),

  MEMBERS(GET, "/admin/members", may(RUN_ORGANIZATION), reads("members.read")),
  INVITE(
      POST,
      "/admin/members/invite",
      freshly(may(RUN_ORGANIZATION)),
      changes("member.invited"),
      "email",
      "role",
      "team"),
  WITHDRAW(
      POST,
      "/admin/members/invitations/{invitation}/withdraw",
      may(RUN_ORGANIZATION),
      changes("invitation.withdrawn")),
  CHANGE_MEMBER(
      POST,
      "/admin/members/{member}/change",
      freshly(may(RUN_ORGANIZATION)),
      changes("member.changed"),
      "role",
      "team"),
  REMOVE_MEMBER(
      POST,
      "/admin/members/{member}/remove",
      freshly(may(RUN_ORGANIZATION)),
      changes("member.removed")),
  RESET_SECOND_FACTOR(
      POST,
      "/admin/members/{factor}/second-factor/remove",
      freshly(may(RUN_ORGANIZATION)),
      changes("second_factor.removed")),
  ADMIN_TEAMS(GET, "/admin/teams", may(RUN_ORGANIZATION), reads("teams.read")),
  ADD_TEAM(POST, "/admin/teams", may(RUN_ORGANIZATION), changes("team.added"), "name"),
  POLICY(GET, "/admin/policy", may(RUN_ORGANIZATION), reads("policy.read")),
  CHANGE_POLICY(
      POST,
      "/admin/policy",
      freshly(may(RUN_ORGANIZATION)),
      changes("policy.changed"),
      "days",
      "profile",
      "paths",
      "factor"),
  SIGN_ON_SETTINGS(GET, "/admin/sign-on", may(RUN_ORGANIZATION), reads("sign_on.read")),
  CHANGE_SIGN_ON(
      POST,
      "/admin/sign-on",
      freshly(may(RUN_ORGANIZATION)),
      changes("sign_on.changed"),
      "issuer",
      "client",
      "secret",
      "claim",
      "value",
      "joins",
      "required",
      "factors",
      "class"),
  CHANGE_SIGN_ON_BY_SAML(
      POST,
      "/admin/sign-on/saml",
      freshly(may(RUN_ORGANIZATION)),
      changes("sign_on.changed"),
      "metadata",
      "joins",
      "required",
      "factors",
      "class"),
  SIGN_ON_METADATA(
      GET, "/admin/sign-on/metadata.xml", may(RUN_ORGANIZATION), reads("sign_on.read")),
  REMOVE_SIGN_ON(
      POST, "/admin/sign-on/remove", freshly(may(RUN_ORGANIZATION)), changes("sign_on.removed")),
  CLAIM_DOMAIN(
      POST,
      "/admin/sign-on/domains",
      freshly(may(RUN_ORGANIZATION)),
      changes("domain.claimed"),
      "domain"),
  VERIFY_DOMAIN(
      POST,
      "/admin/sign-on/domains/verify",
      freshly(may(RUN_ORGANIZATION)),
      changes("domain.verified"),
      "domain"),
  REMOVE_DOMAIN(
      POST,
      "/admin/sign-on/domains/remove",
      freshly(may(RUN_ORGANIZATION)),
      changes("domain.removed"),
      "domain"),
  NOTES(GET, "/admin/notes", may(RUN_ORGANIZATION), reads("policy.read")),
  CHANGE_NOTES(
      POST,
      "/admin/notes",
      freshly(may(RUN_ORGANIZATION)),
      changes("notes.changed"),
      "writer",
      "key",
      "tokens"),
  ADMIN_WORKSPACES(GET, "/admin/workspaces", may(RUN_ORGANIZATION), reads("workspaces.read")),
  ADD_WORKSPACE(
      POST, "/admin/workspaces", freshly(may(RUN_ORGANIZATION)), changes("workspace.made"), "name"),
  RENAME_WORKSPACE(
      POST,
      "/admin/workspaces/{workspace}/rename",
      freshly(may(RUN_ORGANIZATION)),
      changes("workspace.renamed"),
      "name"),
  CLOSE_WORKSPACE(
      POST,
      "/admin/workspaces/{workspace}/close",
      freshly(may(RUN_ORGANIZATION)),
      changes("workspace.closed")),
  PUT_INTO_WORKSPACE(
      POST,
      "/admin/workspaces/{workspace}/members",
      freshly(may(RUN_ORGANIZATION)),
      changes("workspace.joined"),
      "person",
      "level"),
  TAKE_OUT_OF_WORKSPACE(
      POST,
      "/admin/workspaces/{workspace}/members/remove",
      freshly(may(RUN_ORGANIZATION)),
      changes("workspace.left"),
      "person"),

  WORKSPACES(GET, "/workspaces", may(KEEP_KEYS), reads("workspaces.read")),
  WORKSPACE(GET, "/workspaces/{workspace}", may(KEEP_KEYS), reads("workspace.read")),
  NEW_KEY(
      POST,
      "/workspaces/{workspace}/keys",
      freshly(may(KEEP_KEYS)),
      changes("workspace_key.minted"),
      "label",
      "days",
      "scope"),
  ROTATE_KEY(
      POST,
      "/workspaces/keys/{key}/rotate",
      freshly(may(KEEP_KEYS)),
      changes("workspace_key.rotated")),
  END_KEY(
      POST, "/workspaces/keys/{key}/end", freshly(may(KEEP_KEYS)), changes("workspace_key.ended")),

  TEAMS(GET, "/teams", only(Role.MANAGER), reads("teams.read")),
  TEAM(GET, "/teams/{team}", only(Role.MANAGER), reads("team.read"), "from", "to"),
  TEAM_TABLE(GET, "/teams/{team}/cells.csv", only(Role.MANAGER), reads("team.read"), "from", "to"),
  TEAM_PICTURE(
      GET, "/teams/{team}/{metric}.png", only(Role.MANAGER), reads("team.read"), "from", "to"),
  ORGANIZATION(GET, "/organization", only(Role.MANAGER), reads("team.read"), "from", "to"),
  OWN_PAGE(GET, "/me", may(READ_OWN_DATA), reads("own.read")),
  // What is set there stays in the browser: nothing is read or changed.
  OWN_HOURS(POST, "/me/hours", signedIn(), "from", "to", "days", "zone"),
  FORGET_OWN_HOURS(POST, "/me/hours/forget", signedIn()),
  OWN_SESSIONS(GET, "/me/sessions", may(READ_OWN_DATA), reads("own.read"), "page"),
  OWN_SESSION(GET, "/me/sessions/{session}", may(READ_OWN_DATA), reads("own.read"), "page"),
  OWN_DELETIONS(GET, "/me/deletion", may(READ_OWN_DATA), reads("own.read")),
  ASK_FOR_OWN_DELETION(POST, "/me/deletion", may(READ_OWN_DATA), reads("deletion.asked")),
  OWN_DELETION(GET, "/me/deletion/{deletion}", may(READ_OWN_DATA), reads("own.read")),
  CONFIRM_OWN_DELETION(
      POST, "/me/deletion/{deletion}", freshly(may(READ_OWN_DATA)), reads("deletion.confirmed")),
  OWN_CERTIFICATE(
      GET, "/me/deletion/{deletion}/certificate", may(READ_OWN_DATA), reads("own.read")),
  OWN_EXPORT(GET, "/me/export.jsonl", may(READ_OWN_DATA), reads("export.started")),
  OWN_TABLE(GET, "/me/export.csv", may(READ_OWN_DATA), reads("export.started")),
  DATA(GET, "/data", may(RUN_ORGANIZATION), reads("data.read")),
  ASK_FOR_DELETION(POST, "/data", may(RUN_ORGANIZATION), reads("data.read"), "address", "released"),
  DELETION(GET, "/data/deletion/{deletion}", may(RUN_ORGANIZATION), reads("data.read")),
  CONFIRM_DELETION(
      POST,
      "/data/deletion/{deletion}",
      freshly(may(RUN_ORGANIZATION)),
      reads("deletion.confirmed")),
  CERTIFICATE(
      GET, "/data/deletion/{deletion}/certificate", may(RUN_ORGANIZATION), reads("data.read")),
  DATA_EXPORT(GET, "/data/export.jsonl", freshly(may(RUN_ORGANIZATION)), reads("export.started")),
  TRUST(GET, "/trust", only(Role.REVIEWER), reads("schema.read")),
  DOORS(GET, "/trust/doors", only(Role.REVIEWER), reads("schema.read")),
  SEATS(GET, "/seats", only(Role.BILLING), reads("seats.read")),

  API_TEAMS(GET, "/v1/teams", token(Role.MANAGER), reads("teams.read")),
  API_CELLS(
      GET, "/v1/cells", token(Role.MANAGER), reads("team.read"), "leaf", "metric", "from", "to"),
  API_LATEST(GET, "/v1/cells/latest", token(Role.MANAGER), reads("teams.read")),
  API_OWN_WEEKS(GET, "/v1/me/weeks", token(Role.ENGINEER), reads("own.read")),
  API_OWN_GROUPS(GET, "/v1/me/counted-in", token(Role.ENGINEER), reads("own.read")),
  API_DESCRIPTION(GET, "/v1/openapi.json", everyone()),
  API_CAPACITY(GET, "/v1/proof/capacity", token(Role.REVIEWER), reads("schema.read")),
  API_LEFT_OUT(GET, "/v1/proof/left-out", token(Role.REVIEWER), reads("schema.read")),
  API_CHECKPOINT(GET, "/v1/audit/checkpoint", token(READ_AUDIT_LOG), evidence("audit.read")),
  API_EXPORT(GET, "/v1/audit/export", token(READ_AUDIT_LOG), evidence("export.started")),
  API_OCSF(GET, "/v1/audit/ocsf", token(READ_AUDIT_LOG), evidence("export.started"), "from"),
  API_CEF(GET, "/v1/audit/cef", token(READ_AUDIT_LOG), evidence("export.started"), "from"),
  API_WITNESS(POST, "/v1/audit/witness", token(READ_AUDIT_LOG), evidence("checkpoint.witnessed")),
  AUDIT(
      GET,
      "/audit",
      may(READ_AUDIT_LOG),
      evidence("audit.read"),
      "action",
      "kind",
      "day",
      "target",
      "before"),
  LOG(GET, "/log", may(RUN_ORGANIZATION), reads("log.read"), "day"),

  SCIM_ABILITIES(GET, "/scim/v2/ServiceProviderConfig", token(PROVISION), reads("scim.read")),
  SCIM_SCHEMAS(GET, "/scim/v2/Schemas", token(PROVISION), reads("scim.read")),
  SCIM_TYPES(GET, "/scim/v2/ResourceTypes", token(PROVISION), reads("scim.read")),
  SCIM_USERS(
      GET,
      "/scim/v2/Users",
      token(PROVISION),
      reads("members.read"),
      "filter",
      "startIndex",
      "count"),
  SCIM_ADD_USER(POST, "/scim/v2/Users", token(PROVISION), changes("member.provisioned")),
  SCIM_USER(GET, "/scim/v2/Users/{member}", token(PROVISION), reads("members.read")),
  SCIM_REPLACE_USER(
      PUT, "/scim/v2/Users/{member}", token(PROVISION), changes("member.provisioned")),
  SCIM_CHANGE_USER(
      PATCH, "/scim/v2/Users/{member}", token(PROVISION), changes("member.provisioned")),
  SCIM_END_USER(
      DELETE, "/scim/v2/Users/{member}", token(PROVISION), changes("member.deprovisioned")),
  SCIM_GROUPS(
      GET,
      "/scim/v2/Groups",
      token(PROVISION),
      reads("teams.read"),
      "filter",
      "startIndex",
      "count",
      "excludedAttributes"),
  SCIM_ADD_GROUP(POST, "/scim/v2/Groups", token(PROVISION), changes("team.provisioned")),
  SCIM_GROUP(
      GET, "/scim/v2/Groups/{group}", token(PROVISION), reads("teams.read"), "excludedAttributes"),
  SCIM_REPLACE_GROUP(PUT, "/scim/v2/Groups/{group}", token(PROVISION), changes("team.provisioned")),
  SCIM_CHANGE_GROUP(
      PATCH, "/scim/v2/Groups/{group}", token(PROVISION), changes("team.provisioned")),
  SCIM_END_GROUP(
      DELETE, "/scim/v2/Groups/{group}", token(PROVISION), changes("team.deprovisioned"));

  private static final List<String> APIS = List.of("/v1/", "/scim/");

  private final HttpMethod method;
  private final String pattern;
  private final Who who;

  private final Reads reads;
  private final Set<String> parameters;

  Route(HttpMethod method, String pattern, Who who, String... parameters) {
    this(method, pattern, who, new Reads(null, false), parameters);
  }

  Route(HttpMethod method, String pattern, Who who, Reads reads, String... parameters) {
    this.method = method;
    this.pattern = pattern;
    this.who = who;
    this.reads = reads;
    this.parameters = Set.of(parameters);
  }

  static Stream<Route> ofApi(boolean api) {
    return Stream.of(values()).filter(route -> route.isForPrograms() == api);
  }

  static Stream<Route> of(HttpMethod method, String pattern) {
    return Stream.of(values())
        .filter(route -> route.method.equals(method) && route.pattern.equals(pattern));
  }

  boolean isForPrograms() {
    return isForPrograms(pattern);
  }

  static boolean isForPrograms(String path) {
    return APIS.stream().anyMatch(path::startsWith);
  }

  HttpMethod method() {
    return method;
  }

  String pattern() {
    return pattern;
  }

  Who who() {
    return who;
  }

  /// What the audit log calls it; null where nothing of anybody else is read or changed.
  @Nullable String action() {
    return reads.action();
  }

  /// Whether it shows the audit log itself, which must be there above all when something is wrong
  /// with it.
  boolean isEvidence() {
    return reads.evidence();
  }

  /// As what it reads. What is one's own is read as an engineer reads it, with row security on
  /// one's own id, whatever one has become since.
  Role reads(Role asker) {
    return who instanceof Who.Only only && only.permission() == READ_OWN_DATA
        ? Role.ENGINEER
        : asker;
  }

  /// The parameters it knows. Any other is refused, so that nobody can ask for a cut of the data
  /// that nobody has thought about.
  Set<String> parameters() {
    return parameters;
  }

  private record Reads(@Nullable String action, boolean evidence) {}

  private static Reads reads(String action) {
    return new Reads(action, false);
  }

  private static Reads evidence(String action) {
    return new Reads(action, true);
  }

  private static Reads changes(String action) {
    return new Reads(action, false);
  }

  private static Who everyone() {
    return new Who.Everyone();
  }

  private static Who signedIn() {
    return new Who.SignedIn(false, false);
  }

  /// Also for somebody who still owes a second factor.
  private static Who halfway() {
    return new Who.SignedIn(false, true);
  }

  /// For the role that has a permission of its own to read.
  private static Who only(Role role) {
    return may(Permission.of(role));
  }

  private static Who may(Permission permission) {
    return new Who.Only(permission, CredentialKind.SESSION, false);
  }

  private static Who token(Role role) {
    return token(Permission.of(role));
  }

  private static Who token(Permission permission) {
    return new Who.Only(permission, CredentialKind.API, false);
  }

  private static Who freshly(Who who) {
    return switch (who) {
      case Who.Everyone _ -> throw new IllegalArgumentException("Nobody proves who everyone is");
      case Who.SignedIn(_, var halfway) -> new Who.SignedIn(true, halfway);
      case Who.Only(var permission, var with, _) -> new Who.Only(permission, with, true);
    };
  }
}
