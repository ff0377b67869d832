// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.identity;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.audit.Actor;
import io.sourceblind.audit.AuditEntry;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Outcome;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import io.sourceblind.identity.Throttle.Bucket;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Asks people into an organization by mail. Whoever has the link has the mailbox, so accepting it
/// shows that the address is theirs.
public final class Invitations {
  static final String PREFIX = "sbi_";
  static final Duration GOOD_FOR = Duration.ofDays(7);
  private static final int SPARE_A_DAY = 200;

  private final TenantDatabase database;
  private final Pepper pepper;
  private final Passwords passwords;
  private final Credentials credentials;
  private final Post post;
  private final AuditLog audit;
  private final Clock clock;
  private final Throttle throttle;
  private final SecureRandom random = new SecureRandom();

  /// @param database as `identity_api`
  public Invitations(
      TenantDatabase database,
      Pepper pepper,
      Passwords passwords,
      Credentials credentials,
      Post post,
      AuditLog audit,
      Clock clock) {
    this.database = database;
    this.pepper = pepper;
    this.passwords = passwords;
    this.credentials = credentials;
    this.post = post;
    this.audit = audit;
    this.clock = clock;
    this.throttle = new Throttle(database, pepper, clock);
  }

  /// An invitation that nobody has accepted yet.
  public record Open(UUID id, String email, Role role, @Nullable UUID team, Instant until) {}

  /// What an invitation says to whoever got it.
  public record Offer(String organization, String email, Role role) {}

  /// Invites somebody.
  ///
  /// @param address where the pages are, for the link in the mail
  /// @return what is wrong, or nothing when the mail is on its way
  /// @throws Organizations.NotAnOwner if whoever asks does not run the organization any more
  public Optional<String> invite(
      Principal by, String email, Role role, @Nullable UUID team, String address) {
    var to = email.strip();
    if (!Letter.isAddress(to)) {
      return Optional.of("This is not a mail address.");
    }
    if (throttle.begin(new Bucket("invite:" + by.organization(), SPARE_A_DAY)).isPositive()) {
      return Optional.of(
          "Your organization has sent very many invitations today. Please try again later.");
    }
    var id = UUID.randomUUID();
    var secret = Secret.random(PREFIX, random);
    var now = clock.instant();
    var fault =
        TenantScope.callAs(
            by.tenant(),
            () ->
                database.inTransaction(jdbc -> {
                  Organizations.demandOwner(jdbc, by);
                  if (isMember(jdbc, by.organization(), to)) {
                    return Optional.of("Somebody with this address is a member already.");
                  }
                  jdbc.sql(
                          """
                          insert into identity.invitation
                            (org_id, id, email, role, team_id, hash, invited_by, created_at, expires_at)
                          values (:org, :id, :email, :role, :team, :hash, :by, :now, :until)
                          """)
                      .param("org", by.organization())
                      .param("id", id)
                      .param("email", to)
                      .param("role", role.sqlName())
                      .param("team", team)
                      .param("hash", pepper.hash(secret))
                      .param("by", by.person())
                      .param("now", now.atOffset(UTC))
                      .param("until", now.plus(GOOD_FOR).atOffset(UTC))
                      .update();
                  record(
                      jdbc,
                      by.organization(),
                      Actor.person(by.person()),
                      "member.invited",
                      id,
                      Map.of(
                          "role", role.sqlName(), "team", team == null ? "none" : team.toString()));
                  return Optional.<String>empty();
                }));
    if (fault.isEmpty()) {
      post.send(
          new Letter(
              to,
              "You are invited to Sourceblind",
              """
              You are invited to an organization on Sourceblind, as %s. To accept, open

                  %s/invitation?token=%s

              The link works once, within seven days. If you do not know what this is about, do nothing.
              """
                  .formatted(role.sqlName(), address, secret)));
    }
    return fault;
  }

  /// The invitations that still stand, in a transaction of the organization.
  public List<Open> standing(Principal of) {
    return TenantScope.callAs(
        of.tenant(),
        () ->
            database.inTransaction(jdbc ->
                jdbc
                    .sql(
                        """
                        select id, email, role, team_id, expires_at
                          from identity.invitation
                         where org_id = :org and accepted_at is null and withdrawn_at is null
                           and expires_at > :now
                         order by lower(email), created_at
                        """)
                    .param("org", of.organization())
                    .param("now", clock.instant().atOffset(UTC))
                    .query(DataClassRowMapper.newInstance(Row.class))
                    .stream()
                    .map(Row::open)
                    .toList()));
  }

  /// Takes an invitation back.
  ///
  /// @return false if there is none like that
  public boolean withdraw(Principal by, UUID invitation) {
    return TenantScope.callAs(
        by.tenant(),
        () ->
            database.inTransaction(jdbc -> {
              var withdrawn =
                  jdbc.sql(
                          """
                          update identity.invitation set withdrawn_at = :now
                           where org_id = :org and id = :id
                             and accepted_at is null and withdrawn_at is null
                          """)
                      .param("now", clock.instant().atOffset(UTC))
                      .param("org", by.organization())
                      .param("id", invitation)
                      .update();
              if (withdrawn == 1) {
                record(
                    jdbc,
                    by.organization(),
                    Actor.person(by.person()),
                    "invitation.withdrawn",
                    invitation,
                    Map.of());
              }
              return withdrawn == 1;
            }));
  }

  /// What an invitation offers, or nothing if it does not stand: used, withdrawn, too old, none.
  public Optional<Offer> offerOf(String token) {
    var found = find(token);
    return found == null
        ? Optional.empty()
        : TenantScope.callAs(
            Tenant.of(found.orgId()),
            () ->
                database.inTransaction(jdbc ->
                    jdbc.sql(
                            """
                            select o.name as organization, i.email, i.role
                              from identity.invitation i
                              join identity.organization o on o.id = i.org_id
                             where i.org_id = :org and i.id = :id and i.accepted_at is null
                               and i.withdrawn_at is null and i.expires_at > :now
                            """)
                        .param("org", found.orgId())
                        .param("id", found.id())
                        .param("now", clock.instant().atOffset(UTC))
                        .query(Offered.class)
                        .optional()
                        .map(Offered::offer)));
  }

  /// How accepting ended.
  public sealed interface Answer {

    /// They are a member now, and this is their session.
    record Joined(Minted session) implements Answer {}

    /// They are a member now, and come in by their organization's provider.
    record JoinedElsewhere() implements Answer {}

    /// It does not stand.
    record Gone() implements Answer {}

    /// It stands, and something is wrong with what was entered.
    record Wrong(String fault) implements Answer {}
  }

  /// Makes whoever shows the link a member.
  ///
  /// @param password empty for somebody who will sign in with mailed codes
  /// @param validFor how long they stay signed in
  public Answer accept(
      String token, String name, String password, String browser, Duration validFor) {
    var offer = offerOf(token);
    var found = find(token);
    if (offer.isEmpty() || found == null) {
      return new Answer.Gone();
    }
    var shown = name.strip();
    if (!DisplayName.isFit(shown)) {
      return new Answer.Wrong("A name has 1 to 80 characters.");
    }
    var fault =
        password.isEmpty()
            ? null
            : passwords.faultOf(password, List.of(shown, offer.get().email()));
    if (fault != null) {
      return new Answer.Wrong(fault);
    }
    var hash = password.isEmpty() ? null : passwords.hash(password);
    try {
      return TenantScope.callAs(
          Tenant.of(found.orgId()),
          () -> database.inTransaction(jdbc -> join(jdbc, found, shown, hash, browser, validFor)));
    } catch (DuplicateKeyException _) {
      return new Answer.Wrong(
          "This address signs in to another organization already. Ask to be invited under another"
              + " one.");
    }
  }

  private Answer join(
      JdbcClient jdbc,
      Found found,
      String name,
      @Nullable String password,
      String browser,
      Duration validFor) {
    var taken =
        jdbc.sql(
                """
                update identity.invitation set accepted_at = :now
                 where org_id = :org and id = :id and accepted_at is null
                   and withdrawn_at is null and expires_at > :now
                returning id, email, role, team_id, expires_at
                """)
            .param("now", clock.instant().atOffset(UTC))
            .param("org", found.orgId())
            .param("id", found.id())
            .query(Row.class)
            .optional();
    if (taken.isEmpty()) {
      return new Answer.Gone();
    }
    var invitation = taken.get().open();
    var joined =
        jdbc.sql(
                """
                insert into identity.person (org_id, id, team_id, name, email, role, joined_on)
                values (:org, :id, :team, :name, :email, :role, :today)
                on conflict (org_id, email) do update
                   set team_id = excluded.team_id, name = excluded.name, role = excluded.role,
                       joined_on = excluded.joined_on, removed_at = null
                 where person.removed_at is not null
                returning id
                """)
            .param("org", found.orgId())
            .param("id", UUID.randomUUID())
            .param("team", invitation.team())
            .param("name", name)
            .param("email", invitation.email())
            .param("role", invitation.role().sqlName())
            .param("today", LocalDate.ofInstant(clock.instant(), UTC))
            .query(UUID.class)
            .optional();
    if (joined.isEmpty()) {
      return new Answer.Gone();
    }
    var person = joined.get();
    SignIns.claim(jdbc, found.orgId(), person, invitation.email(), password);
    record(
        jdbc,
        found.orgId(),
        Actor.person(person),
        "invitation.accepted",
        found.id(),
        Map.of("role", invitation.role().sqlName()));
    if (SignOnSettings.isDemandedOf(jdbc, found.orgId(), person)) {
      return new Answer.JoinedElsewhere();
    }
    return new Answer.Joined(
        credentials.mint(
            jdbc,
            new Credentials.Holder(found.orgId(), person, null),
            CredentialKind.SESSION,
            browser,
            validFor,
            Actor.person(person)));
  }

  private static boolean isMember(JdbcClient jdbc, UUID organization, String email) {
    return jdbc.sql(
            """
            select exists (select from identity.person
                            where org_id = :org and lower(email) = lower(:email)
                              and removed_at is null)
            """)
        .param("org", organization)
        .param("email", email)
        .query(Boolean.class)
        .single();
  }

  private void record(
      JdbcClient jdbc,
      UUID organization,
      Actor by,
      String action,
      UUID target,
      Map<String, Object> details) {
    audit.append(
        jdbc, new AuditEntry(organization, by, action, target.toString(), Outcome.DONE, details));
  }

  private @Nullable Found find(String token) {
    if (!Secret.hasTheForm(token, PREFIX)) {
      return null;
    }
    return database.withoutTenant(jdbc ->
        jdbc.sql("select * from identity.find_invitation(:hash)")
            .param("hash", pepper.hash(token))
            .query(Found.class)
            .optional()
            .orElse(null));
  }

  private record Found(UUID orgId, UUID id) {}

  private record Row(UUID id, String email, String role, @Nullable UUID teamId, Instant expiresAt) {
    Open open() {
      return new Open(id, email, Role.of(role), teamId, expiresAt);
    }
  }

  private record Offered(String organization, String email, String role) {
    Offer offer() {
      return new Offer(organization, email, Role.of(role));
    }
  }
}
