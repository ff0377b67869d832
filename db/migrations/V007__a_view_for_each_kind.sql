-- SPDX-License-Identifier: Apache-2.0
-- One view a kind, with exactly its columns: for readers, and for reviewers who ask what a kind can
-- hold. A view runs with the rights of whoever asks, so row security stays in force.

create view capture.session_started with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    start_reason, model, os, entrypoint, mcp_server_count
    from capture.event
   where kind = 'session.started';

create view capture.session_ended with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    end_reason, duration_ms, turns, tool_calls, files_touched, lines_added, lines_removed
    from capture.event
   where kind = 'session.ended';

create view capture.prompt_submitted with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    chars, lines, code_blocks, code_chars, attachments, images, file_mentions, origin,
    builtin_command, text
    from capture.event
   where kind = 'prompt.submitted';

create view capture.turn_completed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    outcome, duration_ms, tool_calls, response_chars, background_tasks
    from capture.event
   where kind = 'turn.completed';

create view capture.turn_failed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    error_class, http_status, retries
    from capture.event
   where kind = 'turn.failed';

create view capture.tool_completed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    tool_class, tool_name, status, duration_ms, input_bytes, output_bytes, error_class,
    mcp_server_ref, mcp_tool_ref
    from capture.event
   where kind = 'tool.completed';

create view capture.command_executed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    program, subcommand, flags, category, segments, has_heredoc, has_pipe, in_background,
    exit_code, exit_code_scope, status, duration_ms, command_chars, output_lines, output_bytes
    from capture.event
   where kind = 'command.executed';

create view capture.file_touched with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    op, path_mode, path, path_ref, extension, language, category, in_project, lines_added,
    lines_removed, hunks, bytes_before, bytes_after, lines_read, user_modified
    from capture.event
   where kind = 'file.touched';

create view capture.check_completed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    check_type, framework, outcome, outcome_basis, total, passed, failed, skipped, errors,
    warnings, duration_ms, exit_code
    from capture.event
   where kind = 'check.completed';

create view capture.permission_decided with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    decision, decider, tool_class, tool_name, wait_ms
    from capture.event
   where kind = 'permission.decided';

create view capture.model_usage with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    model, provider, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
    reasoning_tokens, requests, duration_ms, cost_usd_micros, usage_ref
    from capture.event
   where kind = 'model.usage';

create view capture.context_compacted with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    trigger, tokens_before, tokens_after, success
    from capture.event
   where kind = 'context.compacted';

create view capture.subagent_completed with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    agent_type, status, duration_ms, tool_calls, total_tokens, model
    from capture.event
   where kind = 'subagent.completed';

create view capture.capture_gap with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    reason, count, record_type_ref
    from capture.event
   where kind = 'capture.gap';

create view capture.rationale_recorded with (security_invoker = true) as
  select
    org_id, person_id, occurred_on, received_at, schema_version, event_id, occurred_at,
    observed_at, seq, tool, tool_version, client_version, source, session_ref, turn_ref, call_ref,
    agent_ref, parent_session_ref, project_ref, branch_ref, head_commit_ref, is_subagent,
    permission_mode, redaction_dropped_fields, redaction_dropped_bytes, redaction_unknown_keys,
    text, about
    from capture.event
   where kind = 'rationale.recorded';

grant select on
  capture.session_started, capture.session_ended, capture.prompt_submitted,
  capture.turn_completed, capture.turn_failed, capture.tool_completed, capture.command_executed,
  capture.file_touched, capture.check_completed, capture.permission_decided, capture.model_usage,
  capture.context_compacted, capture.subagent_completed, capture.capture_gap,
  capture.rationale_recorded
  to engineer_api, releaser;
