// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.me;

import static java.time.ZoneOffset.UTC;

import io.sourceblind.analytics.chart.Timeline;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An engineer's own sessions, newest first.
final class OwnSessions {
  static final int PAGE = 20;

  private static final DateTimeFormatter START =
      DateTimeFormatter.ofPattern("EEE d MMM uuuu, HH:mm", Locale.ENGLISH).withZone(UTC);

  private OwnSessions() {}

  record Session(
      UUID sessionRef,
      String tool,
      Instant startedAt,
      Instant endedAt,
      int prompts,
      int toolCalls,
      int files,
      int linesAdded,
      int linesRemoved,
      int events) {

    public String started() {
      return START.format(startedAt);
    }

    public String duration() {
      return Durations.words(Duration.between(startedAt, endedAt));
    }

    public String toolName() {
      return ToolNames.of(tool);
    }
  }

  private record Lasted(String tool, Instant startedAt, Instant endedAt) {
    Timeline.Bar bar() {
      return new Timeline.Bar(
          startedAt,
          endedAt,
          "%s: %s, %s"
              .formatted(
                  START.format(startedAt),
                  ToolNames.of(tool),
                  Durations.words(Duration.between(startedAt, endedAt))));
    }
  }

  /// When each session of these days lasted.
  static List<Timeline.Bar> since(JdbcClient jdbc, UUID organization, LocalDate first) {
    return jdbc
        .sql(
            """
            select min(tool::text) as tool,
                   min(occurred_at) as started_at,
                   max(occurred_at) as ended_at
              from capture.event
             where org_id = :org and session_ref is not null and occurred_on >= :first
             group by session_ref
             order by started_at, session_ref
            """)
        .param("org", organization)
        .param("first", first)
        .query(DataClassRowMapper.newInstance(Lasted.class))
        .stream()
        .map(Lasted::bar)
        .toList();
  }

  /// One more than a page, so that one sees whether there is a next one.
  static List<Session> page(JdbcClient jdbc, UUID organization, int page) {
    return jdbc.sql(
            """
            select session_ref,
                   min(tool::text) as tool,
                   min(occurred_at) as started_at,
                   max(occurred_at) as ended_at,
                   count(*) filter (where kind = 'prompt.submitted') as prompts,
                   count(*) filter (where kind = 'tool.completed') as tool_calls,
                   count(distinct coalesce(path::text, path_ref::text))
                     filter (where kind = 'file.touched' and op <> 'read') as files,
                   coalesce(sum(lines_added) filter (where kind = 'file.touched'), 0) as lines_added,
                   coalesce(sum(lines_removed) filter (where kind = 'file.touched'), 0) as lines_removed,
                   count(*) as events
              from capture.event
             where org_id = :org and session_ref is not null
             group by session_ref
             order by started_at desc, session_ref
             limit :limit offset :offset
            """)
        .param("org", organization)
        .param("limit", PAGE + 1)
        .param("offset", (page - 1) * PAGE)
        .query(DataClassRowMapper.newInstance(Session.class))
        .list();
  }
}
