-- SPDX-License-Identifier: Apache-2.0
-- Adds a batch for the organization and the person of the transaction. What is asked back follows in
-- `EventStore`. Whatever else an event says has no column to go to.
with ours as materialized (
  -- What the organization does not want is not kept, whatever a client sends.
  select id, nullif(current_setting('app.person_id', true), '')::uuid as person,
         capture_profile, path_policy, capture.horizon() as horizon,
         capture.deleted_until() as deleted_until
    from identity.organization
   where id = nullif(current_setting('app.org_id', true), '')::uuid
), added as (
  insert into capture.event (
    org_id, person_id, occurred_on, kind,
    schema_version, event_id, occurred_at, observed_at, seq, tool, tool_version, client_version,
    source, session_ref, turn_ref, call_ref, agent_ref, parent_session_ref, project_ref, branch_ref,
    head_commit_ref, is_subagent, permission_mode, redaction_dropped_fields,
    redaction_dropped_bytes, redaction_unknown_keys, start_reason, model, os, entrypoint,
    mcp_server_count, end_reason, duration_ms, turns, tool_calls, files_touched, lines_added,
    lines_removed, chars, lines, code_blocks, code_chars, attachments, images, file_mentions,
    origin, builtin_command, text, outcome, response_chars, background_tasks, error_class,
    http_status, retries, tool_class, tool_name, status, input_bytes, output_bytes, mcp_server_ref,
    mcp_tool_ref, program, subcommand, flags, category, segments, has_heredoc, has_pipe,
    in_background, exit_code, exit_code_scope, command_chars, output_lines, op, path_mode, path,
    path_ref, extension, language, in_project, hunks, bytes_before, bytes_after, lines_read,
    user_modified, check_type, framework, outcome_basis, total, passed, failed, skipped, errors,
    warnings, decision, decider, wait_ms, provider, input_tokens, output_tokens, cache_read_tokens,
    cache_creation_tokens, reasoning_tokens, requests, cost_usd_micros, usage_ref, trigger,
    tokens_before, tokens_after, success, agent_type, total_tokens, reason, count, record_type_ref,
    about)
  select
    ours.id, ours.person, (e.occurred_at at time zone interval '0')::date,
    e.kind, e.schema_version, e.event_id, e.occurred_at, e.observed_at, e.seq, e.tool,
    e.tool_version, e.client_version, e.source, e.session_ref, e.turn_ref, e.call_ref, e.agent_ref,
    e.parent_session_ref, e.project_ref, e.branch_ref, e.head_commit_ref, e.is_subagent,
    e.permission_mode, e.redaction_dropped_fields, e.redaction_dropped_bytes,
    e.redaction_unknown_keys, e.start_reason, e.model, e.os, e.entrypoint, e.mcp_server_count,
    e.end_reason, e.duration_ms, e.turns, e.tool_calls, e.files_touched, e.lines_added,
    e.lines_removed, e.chars, e.lines, e.code_blocks, e.code_chars, e.attachments, e.images,
    e.file_mentions, e.origin, e.builtin_command,
    case when ours.capture_profile = 'prose' or e.kind <> 'prompt.submitted' then e.text end,
    e.outcome, e.response_chars, e.background_tasks, e.error_class, e.http_status, e.retries,
    e.tool_class, e.tool_name, e.status, e.input_bytes, e.output_bytes, e.mcp_server_ref,
    e.mcp_tool_ref, e.program, e.subcommand, e.flags, e.category, e.segments, e.has_heredoc,
    e.has_pipe, e.in_background, e.exit_code, e.exit_code_scope, e.command_chars, e.output_lines,
    e.op, e.path_mode,
    case when ours.path_policy = 'relative' then e.path end,
    case when ours.path_policy <> 'extension' then e.path_ref end,
    e.extension, e.language, e.in_project, e.hunks, e.bytes_before, e.bytes_after, e.lines_read,
    e.user_modified, e.check_type, e.framework, e.outcome_basis, e.total, e.passed, e.failed,
    e.skipped, e.errors, e.warnings, e.decision, e.decider, e.wait_ms, e.provider, e.input_tokens,
    e.output_tokens, e.cache_read_tokens, e.cache_creation_tokens, e.reasoning_tokens, e.requests,
    e.cost_usd_micros, e.usage_ref, e.trigger, e.tokens_before, e.tokens_after, e.success,
    e.agent_type, e.total_tokens, e.reason, e.count, e.record_type_ref, e.about
    from unnest(cast(:events as wire.event[])) as e
    cross join ours
   where e.occurred_at is null
      or (e.occurred_at >= ours.horizon::timestamp at time zone interval '0'
          and e.occurred_at > coalesce(ours.deleted_until, '-infinity'))
