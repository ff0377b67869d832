// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics;

import io.sourceblind.analytics.access.Readings;
import io.sourceblind.audit.AuditLog;
import io.sourceblind.audit.Receipts;
import io.sourceblind.db.DatabaseRole;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.identity.Credentials;
import io.sourceblind.identity.DeviceGrants;
import io.sourceblind.identity.Domains;
import io.sourceblind.identity.IdentityProviders;
import io.sourceblind.identity.Invitations;
import io.sourceblind.identity.Organizations;
import io.sourceblind.identity.Passkeys;
import io.sourceblind.identity.Passwords;
import io.sourceblind.identity.Post;
import io.sourceblind.identity.Provisioning;
import io.sourceblind.identity.Role;
import io.sourceblind.identity.SecondFactors;
import io.sourceblind.identity.SignIns;
import io.sourceblind.identity.SignOnSettings;
import io.sourceblind.identity.SignOns;
import io.sourceblind.identity.TextRecords;
import io.sourceblind.identity.Workspaces;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// What the pages are made of. Their data source can take four roles, and none of them reads what
/// is not its viewer's.
@Configuration(proxyBeanMethods = false)
class Wiring {
  private static final int CONNECTIONS = 8;

  @Bean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  AuditLog audit(Clock clock) {
    return new AuditLog(clock);
  }

  @Bean
  DataSource pages(PagesLogin login) {
    return login.open(CONNECTIONS);
  }

  @Bean
  Credentials credentials(
      DataSource pages, IdentitySettings settings, AuditLog audit, Clock clock) {
    return new Credentials(identity(pages), settings.hashing(), audit, clock);
  }

  @Bean
  Post post(MailSettings settings, @Value("${server.address:#{null}}") @Nullable String address) {
    return settings.post(address);
  }

  @Bean
  Passwords passwords() {
    return new Passwords();
  }

  @Bean
  IdentityProviders identityProviders(SignOnNetwork network, Clock clock) {
    return new IdentityProviders(network.inside(), clock);
  }

  @Bean
  SignOns signOns(
      DataSource pages,
      IdentitySettings settings,
      Credentials credentials,
      IdentityProviders providers,
      Post post,
      AuditLog audit,
      Clock clock) {
    return new SignOns(
        identity(pages), settings.hashing(), credentials, providers, post, audit, clock);
  }

  @Bean
  SignOnSettings signOnSettings(
      DataSource pages,
      IdentitySettings settings,
      IdentityProviders providers,
      AuditLog audit,
      Clock clock) {
    return new SignOnSettings(identity(pages), settings.hashing(), providers, audit, clock);
  }

  @Bean
  Domains domains(
      DataSource pages,
      IdentitySettings settings,
      SignOnNetwork network,
      AuditLog audit,
      Clock clock) {
    return new Domains(
        identity(pages), settings.hashing(), new TextRecords(network.nameServers()), audit, clock);
  }

  @Bean
  SignIns signIns(
      DataSource pages,
      IdentitySettings settings,
      Passwords passwords,
      Post post,
      AuditLog audit,
      Clock clock) {
    return new SignIns(identity(pages), settings.hashing(), passwords, post, audit, clock);
  }

  @Bean
  Invitations invitations(
      DataSource pages,
      IdentitySettings settings,
      Passwords passwords,
      Credentials credentials,
      Post post,
      AuditLog audit,
      Clock clock) {
    return new Invitations(
        identity(pages), settings.hashing(), passwords, credentials, post, audit, clock);
  }

  @Bean
  DeviceGrants deviceGrants(
      DataSource pages,
      IdentitySettings settings,
      Credentials credentials,
      AuditLog audit,
      Clock clock) {
    return new DeviceGrants(identity(pages), settings.hashing(), credentials, audit, clock);
  }

  @Bean
  SecondFactors secondFactors(
      DataSource pages, IdentitySettings settings, AuditLog audit, Clock clock) {
    return new SecondFactors(identity(pages), settings.hashing(), audit, clock);
  }

  @Bean
  Passkeys passkeys(
      DataSource pages,
      IdentitySettings settings,
      PasskeySettings passkey,
      Credentials credentials,
      AuditLog audit,
      Clock clock) {
    return new Passkeys(
        identity(pages), settings.hashing(), credentials, audit, clock, passkey.origin());
  }

  @Bean
  Organizations organizations(DataSource pages, AuditLog audit, Clock clock) {
    return new Organizations(identity(pages), audit, new SecureRandom(), clock);
  }

  @Bean
  Provisioning provisioning(
      DataSource pages, Organizations organizations, AuditLog audit, Clock clock) {
    return new Provisioning(identity(pages), organizations, audit, clock);
  }

  @Bean
  Workspaces workspaces(DataSource pages, IdentitySettings settings, AuditLog audit, Clock clock) {
    return new Workspaces(identity(pages), settings.hashing(), audit, clock);
  }

  private static TenantDatabase identity(DataSource pages) {
    return TenantDatabase.open(pages, DatabaseRole.IDENTITY_API);
  }

  @Bean
  Receipts receipts(AuditSettings settings) {
    return settings.receipts();
  }

  @Bean
  Readings readings(DataSource pages, AuditLog audit, Receipts receipts, Clock clock) {
    var manager = TenantDatabase.open(pages, DatabaseRole.MANAGER_API);
    return new Readings(
        Map.of(
            Role.ENGINEER,
            TenantDatabase.open(pages, DatabaseRole.ENGINEER_API),
            Role.MANAGER,
            manager,
            // An owner reads what a manager reads; running the organization goes by identity_api.
            Role.OWNER,
            manager,
            Role.REVIEWER,
            TenantDatabase.open(pages, DatabaseRole.REVIEWER_API),
            // Billing counts accounts, which a manager may as well; it needs no role of its own.
            Role.BILLING,
            manager),
        audit,
        receipts,
        clock);
  }
}
