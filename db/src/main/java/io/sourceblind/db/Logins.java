// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.db;

import java.util.Map;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Makes the logins of the services, each with its password and nothing but its roles.
final class Logins {
  private Logins() {}

  static void create(DataSource owner, Map<Login, String> passwords) {
    var jdbc = JdbcClient.create(owner);
    passwords.forEach((login, password) -> {
      var exists =
          jdbc.sql("select exists (select from pg_roles where rolname = :login)")
              .param("login", login.sqlName())
              .query(Boolean.class)
              .single();
      // The owner may make such a login, but may not even repeat that it is no superuser later on;
      // a service looks again when it opens its door (LoginCheck).
      var form =
          exists
              ? "alter role %I login noinherit password %L"
              : "create role %I login noinherit nosuperuser nobypassrls password %L";
      // Neither statement takes parameters; the database quotes the password itself.
      var statement =
          jdbc.sql("select format(:form, :login, :password)")
              .param("form", form)
              .param("login", login.sqlName())
              .param("password", password)
              .query(String.class)
              .single();
      jdbc.sql(statement.replace(":", "\\:")).update();
      // Days are found by their bounds. Whether a check of theirs could rule one out is never so,
      // and to look at every check of every day took four fifths of a plan's time.
      jdbc.sql("alter role %s set constraint_exclusion = off".formatted(login.sqlName())).update();
      for (var role : login.roles()) {
        jdbc.sql(
                "grant %s to %s with inherit false, set true"
                    .formatted(role.sqlName(), login.sqlName()))
            .update();
      }
    });
  }
}
