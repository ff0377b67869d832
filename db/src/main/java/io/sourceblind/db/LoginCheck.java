// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import org.springframework.jdbc.core.simple.JdbcClient;

/// Refuses a login under which row security would be a decoration.
final class LoginCheck {

  private record Rights(
      String login,
      boolean superuser,
      boolean bypassesRowSecurity,
      boolean inherits,
      boolean owns,
      boolean mayTakeRole) {}

  private LoginCheck() {}

  static void demand(JdbcClient jdbc, DatabaseRole role) {
    var rights =
        jdbc.sql(
                """
                select rolname as login,
                       rolsuper as superuser,
                       rolbypassrls as bypasses_row_security,
                       rolinherit as inherits,
                       exists (select from pg_namespace where nspowner = r.oid)
                         or exists (select from pg_class where relowner = r.oid) as owns,
                       pg_has_role(r.oid, :role, 'set') as may_take_role
                  from pg_roles r
                 where rolname = session_user
                """)
            .param("role", role.sqlName())
            .query(Rights.class)
            .single();
    if (rights.superuser() || rights.bypassesRowSecurity()) {
      throw refused(rights, "goes around row security");
    }
    if (rights.owns()) {
      throw refused(rights, "owns tables or schemas");
    }
    if (rights.inherits()) {
      throw refused(rights, "inherits the rights of its roles instead of taking one at a time");
    }
    if (!rights.mayTakeRole()) {
      throw refused(rights, "may not take the role " + role.sqlName());
    }
  }

  private static UnsafeLogin refused(Rights rights, String why) {
    return new UnsafeLogin(
        "The database login %s %s; a service needs one of the logins that `Migrations` makes"
            .formatted(rights.login(), why));
  }
}
