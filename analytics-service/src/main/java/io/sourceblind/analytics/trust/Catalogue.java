// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.trust;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;
import static java.util.stream.Collectors.toMap;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What the database itself says about its tables, types and rights.
final class Catalogue {
  /// In the order of a matrix.
  static final List<String> ROLES =
      List.of(
          "ingest_writer",
          "engineer_api",
          "manager_api",
          "reviewer_api",
          "identity_api",
          "releaser",
          "retention",
          "audit_sequencer",
          "audit_signer");

  private Catalogue() {}

  record Column(String name, String type, boolean required) {}

  /// A kind of event, and which fields it alone may carry beside those that all may.
  record Kind(String name, List<String> fields) {}

  private record KindField(String kind, String field) {}

  record Domain(String name, String base, @Nullable String rule) {}

  private record Right(String relation, String role, String rights) {}

  record Relation(String name, Map<String, String> rights) {
    public List<String> cells() {
      return ROLES.stream().map(role -> rights.getOrDefault(role, "")).toList();
    }
  }

  /// Every column that a captured event has.
  static List<Column> columns(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select attname as name,
                   format_type(atttypid, atttypmod) as type,
                   attnotnull as required
              from pg_attribute
             where attrelid = (select c.oid
                                 from pg_class c
                                 join pg_namespace n on n.oid = c.relnamespace
                                where n.nspname = 'capture' and c.relname = 'event')
               and attnum > 0
               and not attisdropped
             order by attnum
            """)
        .query(DataClassRowMapper.newInstance(Column.class))
        .list();
  }

  /// What each kind of event may carry: the columns of its view, but for those of every kind.
  static List<Kind> kinds(JdbcClient jdbc) {
    var fields =
        jdbc
            .sql(
                """
                with field as (
                  select c.relname::text as kind, a.attname::text as field, a.attnum as place,
                         count(*) over (partition by a.attname) as kinds
                    from pg_class c
                    join pg_namespace n on n.oid = c.relnamespace
                    join pg_attribute a on a.attrelid = c.oid and a.attnum > 0
                   where n.nspname = 'capture' and c.relkind = 'v'
                     and c.relname not like 'capacity%')
                select kind, field
                  from field
                 where kinds < (select count(distinct kind) from field)
                 order by kind, place
                """)
            .query(DataClassRowMapper.newInstance(KindField.class))
            .stream()
            .collect(
                groupingBy(
                    KindField::kind, LinkedHashMap::new, mapping(KindField::field, toList())));
    return fields.entrySet().stream()
        .map(kind -> new Kind(kind.getKey().replace('_', '.'), kind.getValue()))
        .toList();
  }

  /// Every type of the capture schema with its rule.
  static List<Domain> domains(JdbcClient jdbc) {
    return jdbc.sql(
            """
            select t.typname as name,
                   format_type(t.typbasetype, t.typtypmod) as base,
                   string_agg(pg_get_constraintdef(c.oid), ' and ' order by c.conname) as rule
              from pg_type t
              join pg_namespace n on n.oid = t.typnamespace
              left join pg_constraint c on c.contypid = t.oid and c.contype = 'c'
             where n.nspname = 'capture' and t.typtype = 'd'
             group by t.oid, t.typname, t.typbasetype, t.typtypmod
             order by t.typname
            """)
        .query(DataClassRowMapper.newInstance(Domain.class))
        .list();
  }

  /// Which role may do what to which table or view, or to some of its columns.
  static List<Relation> rights(JdbcClient jdbc) {
    var byRelation =
        jdbc
            .sql(
                """
                select n.nspname || '.' || c.relname as relation,
                       r.rolname as role,
                       string_agg(
                         case when has_table_privilege(r.oid, c.oid, p.privilege)
                              then p.verb else p.verb || ' in part' end,
                         ', ' order by p.place) as rights
                  from pg_class c
                  join pg_namespace n on n.oid = c.relnamespace
                 cross join pg_roles r
                 cross join (values
                         (1, 'select', 'read'), (2, 'insert', 'add'),
                         (3, 'update', 'change'), (4, 'delete', 'delete')
                       ) as p (place, privilege, verb)
                 where n.nspname in ('capture', 'release', 'identity', 'audit')
                   and c.relkind in ('r', 'p', 'v')
                   and not c.relispartition
                   and r.rolname in (:roles)
                   and case when p.privilege = 'delete'
                            then has_table_privilege(r.oid, c.oid, 'delete')
                            else has_any_column_privilege(r.oid, c.oid, p.privilege) end
                 group by n.nspname, c.relname, r.rolname
                 order by relation
                """)
            .param("roles", ROLES)
            .query(DataClassRowMapper.newInstance(Right.class))
            .stream()
            .collect(groupingBy(Right::relation, LinkedHashMap::new, toList()));
    return byRelation.entrySet().stream()
        .map(relation ->
            new Relation(
                relation.getKey(),
                relation.getValue().stream().collect(toMap(Right::role, Right::rights))))
        .toList();
  }
}
