// SPDX-License-Identifier: Apache-2.0
package io.sourceblind.analytics.rollup;

import static java.util.stream.Collectors.joining;

import io.sourceblind.analytics.metric.Metric;
import io.sourceblind.analytics.week.IsoWeek;
import io.sourceblind.db.Tenant;
import io.sourceblind.db.TenantDatabase;
import io.sourceblind.db.TenantScope;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.DataClassRowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Makes the weeks of people anew wherever an event came in since the last time.
public final class RollUp {
  /// Whether a row of `capture.event` is something that a person asked for.
  public static final String IS_A_PROMPT =
      """
      kind = 'prompt.submitted' and not is_subagent and origin not in ('hook', 'scheduled') \
      and (builtin_command is null or builtin_command = 'custom')\
      """;

  private final TenantDatabase database;

  /// @param database as `releaser`
  public RollUp(TenantDatabase database) {
    this.database = database;
  }

  /// Rolls up what has changed in an organization.
  public void runFor(UUID organization) {
    var tenant = Tenant.of(organization);
    var changed = TenantScope.callAs(tenant, () -> database.inTransaction(this::changedWeeks));
    for (var week : changed) {
      TenantScope.callAs(
          tenant, () -> database.inTransaction(jdbc -> make(jdbc, organization, week)));
    }
  }

  private List<IsoWeek> changedWeeks(JdbcClient jdbc) {
    return jdbc.sql(
            """
            with changed as (
              select distinct date_trunc('week', occurred_on)::date as monday from release.dirty_day
            )
            select monday from changed
             union
            -- The week after looks back at this one, if it was made already. It comes first: the marks
            -- of this one must be there until both are made.
            select monday + 7 from changed
             where exists (select from release.person_week where week = monday + 7)
             order by monday desc
            """)
        .query(DataClassRowMapper.newInstance(IsoWeek.class))
        .list();
  }

  private int make(JdbcClient jdbc, UUID organization, IsoWeek week) {
    OneAtATime.in(jdbc, organization);
    // The marks go first: an event that commits between the two statements is counted already and
    // keeps its mark, which costs one more run and loses nothing.
    jdbc.sql(
            "delete from release.dirty_day where org_id = :org and occurred_on between :from and :to")
        .param("org", organization)
        .param("from", week.monday())
        .param("to", week.monday().plusDays(6))
        .update();
    jdbc.sql("delete from release.person_week where org_id = :org and week = :week")
        .param("org", organization)
        .param("week", week.monday())
        .update();
    return jdbc.sql(INSERT).param("org", organization).param("week", week.monday()).update();
  }

  // A week that has begun to expire is not made: it would look like a quiet one.
  private static final String INSERT =
      """
      insert into release.person_week (org_id, person_id, week, metric, value)
      with event as (
        select *,
               kind = 'file.touched' and op <> 'read' as is_edit,
               kind = 'check.completed'
                 or (kind = 'command.executed' and category in ('test', 'build', 'lint', 'typecheck'))
                 as is_check,
               kind = 'check.completed' and check_type = 'test'
                 and outcome in ('pass', 'fail', 'error', 'partial') as is_test_run,
               %s as is_prompt
          from capture.event
         where org_id = :org
           and occurred_on between :week and :week + 6
           and :week >= capture.horizon()
      ),
      in_order as (
        select *,
               count(*) filter (where is_edit) over (
                 partition by person_id, session_ref order by occurred_at, seq, event_id) as edits_so_far
          from event
         where session_ref is not null
      ),
      test_run as (
        select person_id, session_ref, outcome,
               min(occurred_at) filter (where outcome = 'pass') over (
                 partition by person_id, session_ref order by occurred_at, seq, event_id
                 rows between 1 following and unbounded following) - occurred_at as until_it_passed,
               coalesce(lag(outcome) over (
                 partition by person_id, session_ref order by occurred_at, seq, event_id), 'pass')
                 = 'pass' as begins,
               edits_so_far > coalesce(lag(edits_so_far) over (
                 partition by person_id, session_ref order by occurred_at, seq, event_id), 0)
                 as is_first_after_an_edit
          from in_order
         where is_test_run
      ),
      first_run as (
        select person_id,
               count(*) as first_test_runs,
               count(*) filter (where outcome = 'pass') as first_runs_passed
          from test_run
         where is_first_after_an_edit
         group by person_id
      ),
      failed_run as (
        select person_id,
               count(*) as failed_runs,
               count(until_it_passed) as recovered_runs,
               count(until_it_passed) filter (where begins) as recoveries,
               coalesce(sum(extract(epoch from until_it_passed)) filter (where begins), 0) / 60
                 as minutes_to_green
          from test_run
         where outcome <> 'pass'
         group by person_id
      ),
      attempted as (
        select *,
               coalesce(category::text, check_type::text) as family,
               coalesce(status in ('error', 'timeout'), false)
                 or coalesce(outcome in ('fail', 'error'), false) as did_fail
          from in_order
         where kind in ('command.executed', 'check.completed')
      ),
      resumed as (
        select person_id,
               count(*) as resumed_failures,
               sum(extract(epoch from until_next)) / 60 as resume_minutes
          from (select person_id, did_fail,
                       lead(occurred_at) over (
                         partition by person_id, family order by occurred_at, seq, event_id)
                         - occurred_at as until_next
                  from attempted) tried
         where did_fail and until_next <= interval '1 day'
         group by person_id
      ),
      edit as (
        select person_id, session_ref, coalesce(path::text, path_ref::text) as file,
               occurred_at, occurred_on >= :week as is_of_the_week
          from capture.event
         where org_id = :org
           and occurred_on between :week - 7 and :week + 6
           and :week - 7 >= capture.horizon()
           and kind = 'file.touched' and op <> 'read'
           and session_ref is not null
           and coalesce(path::text, path_ref::text) is not null
      ),
      edited_again as (
        select person_id, file
          from edit later
          join edit earlier using (person_id, file)
         where later.is_of_the_week
           and earlier.session_ref <> later.session_ref
           and earlier.occurred_at between later.occurred_at - interval '7 days' and later.occurred_at
         group by person_id, file
      ),
      rework as (
        select person_id,
               count(distinct file) as edited_files,
               count(distinct edited_again.file) as reworked_files
          from edit left join edited_again using (person_id, file)
         where is_of_the_week
         group by person_id
      ),
      attempt as (
        select person_id, session_ref, family, did_fail,
               lag(family) over attempts as family_before,
               lag(did_fail) over attempts as failed_before,
               lag(family, 2) over attempts as family_first,
               lag(did_fail, 2) over attempts as failed_first
          from attempted
        window attempts as (
          partition by person_id, session_ref order by occurred_at, seq, event_id)
      ),
      stuck as (
        select person_id, count(distinct session_ref) as stuck_sessions
          from attempt
         where did_fail and failed_before and failed_first
           and family = family_before and family = family_first
         group by person_id
      ),
      session as (
        select person_id, session_ref,
               bool_or(not is_subagent
                 and kind in ('session.started', 'prompt.submitted', 'turn.completed', 'tool.completed'))
                 as is_session,
               bool_or(is_edit) as has_edit,
               bool_or(is_edit and category = 'code') as has_code,
               bool_or(is_edit and category = 'test') as has_test,
               bool_or(kind = 'rationale.recorded') as is_explained,
               coalesce(max(edits_so_far) filter (where is_check), 0) = max(edits_so_far) as is_verified,
               count(distinct coalesce(path::text, path_ref::text)) filter (where is_edit) as files,
               coalesce(sum(lines_added + lines_removed) filter (where is_edit), 0) as lines,
               extract(epoch from max(occurred_at) - min(occurred_at)) / 60 as minutes,
               bool_or(kind = 'command.executed') as has_command
          from in_order
         group by person_id, session_ref
      ),
      sessions as (
        select person_id,
               count(*) filter (where is_session) as sessions,
               coalesce(sum(minutes) filter (where is_session), 0) as session_minutes,
               count(*) filter (where is_session and not has_edit and not has_command and minutes < 2)
                 as abandoned_sessions,
               count(*) filter (where has_edit) as sessions_with_edits,
               count(*) filter (where has_edit and is_verified) as verified_sessions,
               count(*) filter (where has_edit and is_explained) as explained_sessions,
               count(*) filter (where has_edit and lines <= 200) as small_sessions,
               count(*) filter (where has_code) as sessions_with_code,
               count(*) filter (where has_code and has_test) as code_and_test_sessions,
               coalesce(sum(files), 0) as files_changed,
               coalesce(sum(lines) filter (where has_edit), 0) as lines_changed
          from session
         group by person_id
      ),
      acts as (
        select person_id,
               count(distinct occurred_on) filter (where kind in
                 ('session.started', 'prompt.submitted', 'turn.completed', 'tool.completed')) as active_days,
               bool_or(kind in
                 ('session.started', 'prompt.submitted', 'turn.completed', 'tool.completed'))::int as active,
               count(distinct tool) as tools,
               bool_or(kind = 'tool.completed' and tool_class = 'mcp')::int as uses_mcp,
               count(*) filter (where kind = 'tool.completed' and tool_class = 'mcp'
                 and status in ('ok', 'error', 'timeout')) as mcp_calls,
               count(*) filter (where kind = 'tool.completed' and tool_class = 'mcp'
                 and status in ('error', 'timeout')) as mcp_calls_failed,
               count(*) filter (where kind = 'check.completed' and check_type = 'lint'
                 and outcome <> 'unknown') as lints,
               count(*) filter (where kind = 'check.completed' and check_type = 'lint'
                 and outcome = 'pass') as lints_clean,
               count(*) filter (where is_prompt) as prompts,
               count(*) filter (where kind = 'tool.completed') as tool_calls,
               count(*) filter (where kind = 'tool.completed' and status = 'denied') as tool_calls_denied,
               count(*) filter (where kind = 'tool.completed' and status = 'ok') as tool_calls_ok,
               count(*) filter (where kind = 'tool.completed'
                 and status in ('ok', 'error', 'timeout')) as finished_tool_calls,
               count(*) filter (where kind = 'check.completed' and check_type = 'build'
                 and outcome <> 'unknown') as builds,
               count(*) filter (where kind = 'check.completed' and check_type = 'build'
                 and outcome = 'pass') as builds_passed,
               count(*) filter (where kind = 'command.executed' and status in ('ok', 'error', 'timeout')
                 and category not in ('test', 'lint', 'typecheck', 'search')) as commands,
               count(*) filter (where kind = 'command.executed' and status in ('error', 'timeout')
                 and category not in ('test', 'lint', 'typecheck', 'search')) as commands_failed,
               coalesce(sum(input_tokens::bigint + output_tokens)
                 filter (where kind = 'model.usage'), 0) as tokens
          from event
         group by person_id
      )
      select :org, person_id, :week, metric, value
        from acts
        left join sessions using (person_id)
        left join first_run using (person_id)
        left join failed_run using (person_id)
        left join stuck using (person_id)
        left join resumed using (person_id)
        left join rework using (person_id)
       cross join lateral (values
      %s
       ) as made (metric, value)
       where value is not null
      """
          .formatted(
              IS_A_PROMPT,
              Metric.rolledUp().stream()
                  .map(metric ->
                      "         ('%s', %s)".formatted(metric.sqlName(), metric.formula().sql()))
                  .collect(joining(",\n")));
}
