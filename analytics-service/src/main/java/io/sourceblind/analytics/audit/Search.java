// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.audit;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.util.UriComponentsBuilder;

/// What a reviewer looks for in the log. Everything is read from the leaves, the bytes that are
/// proved; a column beside them may lie.
///
/// @param action what an action begins with
/// @param kind of the actor
/// @param day in UTC
/// @param target what a target begins with
/// @param before the index below which is looked
record Search(String action, String kind, String day, String target, String before) {
  static final int PAGE = 50;

  private static final Pattern ACTION = Pattern.compile("[a-z0-9_.]{0,64}");
  private static final Pattern TARGET = Pattern.compile("[A-Za-z0-9._:/,=+-]{0,200}");
  private static final Pattern KIND = Pattern.compile("(person|device|job|operator)?");
  private static final Pattern INDEX = Pattern.compile("[0-9]{0,18}");

  /// An entry as its leaf tells it; only the index where somebody spoiled the leaf.
  record Found(
      long idx,
      @Nullable String at,
      @Nullable String action,
      @Nullable String actorKind,
      @Nullable String actor,
      @Nullable String target,
      @Nullable String outcome,
      @Nullable String uid,
      @Nullable String leaf) {

    public String when() {
      return at == null || at.length() < 19 ? "?" : at.substring(0, 19).replace('T', ' ');
    }

    /// The eight digits by which people tell ids apart.
    public String who() {
      return actor == null ? "?" : actor.length() > 8 ? actor.substring(0, 8) : actor;
    }
  }

  /// Whether anything could be found at all.
  boolean fits() {
    return ACTION.matcher(action).matches()
        && TARGET.matcher(target).matches()
        && KIND.matcher(kind).matches()
        && INDEX.matcher(before).matches()
        && (day.isEmpty() || date() != null);
  }

  /// Whether it asks for less than everything.
  public boolean narrows() {
    return !(action + kind + day + target).isEmpty();
  }

  /// The newest first; one more than a page if there are more.
  List<Found> find(JdbcClient jdbc, UUID organization) {
    if (!fits()) {
      return List.of();
    }
    return jdbc.sql(
            """
            with told as (
              select l.idx, encode(e.leaf, 'escape') as leaf, audit.said(e.leaf) as said
                from audit.leaf l
                join audit.entry e on e.id = l.entry_id
               where l.org_id = :org and l.idx < :before)
            select idx, said ->> 'at' as at, said ->> 'action' as action,
                   said ->> 'actor_kind' as actor_kind, said ->> 'actor' as actor,
                   said ->> 'target' as target, said ->> 'outcome' as outcome,
                   said ->> 'uid' as uid, leaf
              from told
             where (:action = '' or starts_with(said ->> 'action', :action))
               and (:target = '' or starts_with(said ->> 'target', :target))
               and (:kind = '' or said ->> 'actor_kind' = :kind)
               and (:day = '' or starts_with(said ->> 'at', :day))
             order by idx desc
             limit :most
            """)
        .param("org", organization)
        .param("before", before.isEmpty() ? Long.MAX_VALUE : Long.parseLong(before))
        .param("action", action)
        .param("target", target)
        .param("kind", kind)
        .param("day", day)
        .param("most", PAGE + 1)
        .query(DataClassRowMapper.newInstance(Found.class))
        .list();
  }

  /// The address of the page that goes on below an index.
  String below(long index) {
    return address(Long.toString(index));
  }

  /// The address of the newest.
  String fromTheTop() {
    return address("");
  }

  private String address(String index) {
    var address = UriComponentsBuilder.fromPath("/audit");
    add(address, "action", action);
    add(address, "kind", kind);
    add(address, "day", day);
    add(address, "target", target);
    add(address, "before", index);
    return address.encode().build().toUriString();
  }

  private static void add(UriComponentsBuilder address, String name, String value) {
    if (!value.isEmpty()) {
      address.queryParam(name, "{" + name + "}").uriVariables(java.util.Map.of(name, value));
    }
  }

  private @Nullable LocalDate date() {
    try {
      return LocalDate.parse(day);
    } catch (DateTimeParseException unreadable) {
      return null;
    }
  }
}
