-- SPDX-License-Identifier: Apache-2.0
-- One wide typed table for all kinds (docs/decisions/0002): a row can hold exactly the fields of its
-- kind, and every field is of a closed domain.

create table capture.event (
  -- Whose it is comes from the credential that sent it, never from the event.
  org_id uuid not null,
  person_id uuid not null,
  occurred_on date not null,
  received_at timestamptz not null default statement_timestamp(),
  kind capture.kind not null,

  -- What every event says.
  schema_version capture.one_to_999 not null,
  event_id uuid not null,
  occurred_at timestamptz not null,
  observed_at timestamptz not null,
  seq capture.up_to_2_billion not null,
  tool capture.tool not null,
  tool_version capture.version,
  client_version capture.version not null,
  source capture.source not null,
  session_ref uuid,
  turn_ref uuid,
  call_ref uuid,
  agent_ref uuid,
  parent_session_ref uuid,
  project_ref uuid,
  branch_ref uuid,
  head_commit_ref uuid,
  is_subagent boolean not null,
  permission_mode capture.permission_mode,
  redaction_dropped_fields capture.up_to_9_999 not null,
  redaction_dropped_bytes capture.up_to_1_billion not null,
  redaction_unknown_keys capture.up_to_9_999 not null,

  -- What some kinds say.
  start_reason capture.start_reason,
  model capture.model_name,
  os capture.operating_system,
  entrypoint capture.entrypoint,
  mcp_server_count capture.up_to_999,
  end_reason capture.end_reason,
  duration_ms capture.milliseconds_of_a_month,
  turns capture.up_to_1_million,
  tool_calls capture.up_to_1_million,
  files_touched capture.up_to_1_million,
  lines_added capture.up_to_10_million,
  lines_removed capture.up_to_10_million,
  chars capture.up_to_10_million,
  lines capture.up_to_1_million,
  code_blocks capture.up_to_9_999,
  code_chars capture.up_to_10_million,
  attachments capture.up_to_999,
  images capture.up_to_999,
  file_mentions capture.up_to_999,
  origin capture.prompt_origin,
  builtin_command capture.builtin_command,
  text capture.prose,
  outcome capture.outcome,
  response_chars capture.up_to_10_million,
  background_tasks capture.up_to_999,
  error_class capture.error_class,
  http_status capture.http_status,
  retries capture.up_to_99,
  tool_class capture.tool_class,
  tool_name capture.tool_name,
  status capture.status,
  input_bytes capture.up_to_1_billion,
  output_bytes capture.up_to_1_billion,
  mcp_server_ref uuid,
  mcp_tool_ref uuid,
  program capture.program,
  subcommand capture.subcommand,
  flags capture.flag_name[],
  category capture.category,
  segments capture.one_to_99,
  has_heredoc boolean,
  has_pipe boolean,
  in_background boolean,
  exit_code capture.exit_code,
  exit_code_scope capture.exit_code_scope,
  command_chars capture.up_to_1_million,
  output_lines capture.up_to_10_million,
  op capture.file_operation,
  path_mode capture.path_mode,
  path capture.relative_path,
  path_ref uuid,
  extension capture.extension,
  language capture.language,
  in_project boolean,
  hunks capture.up_to_99_999,
  bytes_before capture.up_to_1_billion,
  bytes_after capture.up_to_1_billion,
  lines_read capture.up_to_1_million,
  user_modified boolean,
  check_type capture.check_type,
  framework capture.check_framework,
  outcome_basis capture.outcome_basis,
  total capture.up_to_1_million,
  passed capture.up_to_1_million,
  failed capture.up_to_1_million,
  skipped capture.up_to_1_million,
  errors capture.up_to_1_million,
  warnings capture.up_to_1_million,
  decision capture.permission_decision,
  decider capture.permission_decider,
  wait_ms capture.milliseconds_of_a_day,
  provider capture.provider,
  input_tokens capture.up_to_1_billion,
  output_tokens capture.up_to_1_billion,
  cache_read_tokens capture.up_to_1_billion,
  cache_creation_tokens capture.up_to_1_billion,
  reasoning_tokens capture.up_to_1_billion,
  requests capture.one_to_9_999,
  cost_usd_micros capture.up_to_1_trillion,
  usage_ref uuid,
  trigger capture.compaction_trigger,
  tokens_before capture.up_to_100_million,
  tokens_after capture.up_to_100_million,
  success boolean,
  agent_type capture.agent_type,
  total_tokens capture.up_to_1_billion,
  reason capture.gap_reason,
  count capture.one_to_1_million,
  record_type_ref uuid,
  about capture.rationale_topic,

  primary key (org_id, occurred_on, event_id),

  -- The day is a function of the id, so a retry cannot land in another partition and be counted twice.
  constraint clock check (
    uuid_extract_version(event_id) = 7
    and uuid_extract_timestamp(event_id) = occurred_at
    and occurred_on = (occurred_at at time zone 'UTC')::date
    and occurred_at <= received_at + interval '5 minutes'
    and occurred_at >= received_at - interval '90 days'
    and isfinite(observed_at)),

  constraint session check (session_ref is not null or kind = 'rationale.recorded'),

  constraint flags_are_few check (flags is null
    or (cardinality(flags) <= 16 and coalesce(array_ndims(flags), 1) = 1)),

  -- A kind has all it must have,
  constraint kind_is_whole check (case kind
    when 'session.started' then
      num_nonnulls(start_reason, os, entrypoint) = 3
    when 'session.ended' then
      num_nonnulls(end_reason, duration_ms, turns, tool_calls, files_touched, lines_added,
                   lines_removed) = 7
    when 'prompt.submitted' then
      num_nonnulls(chars, lines, code_blocks, code_chars, attachments, images, file_mentions,
                   origin) = 8
    when 'turn.completed' then
      num_nonnulls(outcome, tool_calls, response_chars, background_tasks) = 4
    when 'turn.failed' then
      num_nonnulls(error_class, retries) = 2
    when 'tool.completed' then
      num_nonnulls(tool_class, tool_name, status, input_bytes, output_bytes) = 5
    when 'command.executed' then
      num_nonnulls(program, flags, category, segments, has_heredoc, has_pipe, in_background,
                   exit_code_scope, status, command_chars, output_lines, output_bytes) = 12
    when 'file.touched' then
      num_nonnulls(op, path_mode, category, in_project, lines_added, lines_removed, hunks) = 7
    when 'check.completed' then
      num_nonnulls(check_type, framework, outcome, outcome_basis) = 4
    when 'permission.decided' then
      num_nonnulls(decision, decider, tool_class, tool_name) = 4
    when 'model.usage' then
      num_nonnulls(model, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
                   reasoning_tokens, requests, usage_ref) = 8
    when 'context.compacted' then
      num_nonnulls(trigger, success) = 2
    when 'subagent.completed' then
      num_nonnulls(agent_type, status) = 2
    when 'capture.gap' then
      num_nonnulls(reason, count) = 2
    when 'rationale.recorded' then
      num_nonnulls(text, about) = 2
    else false
  end),

  -- and nothing that belongs to another.
  constraint kind_is_exact check (
    num_nonnulls(
      start_reason, model, os, entrypoint, mcp_server_count, end_reason, duration_ms, turns,
      tool_calls, files_touched, lines_added, lines_removed, chars, lines, code_blocks,
      code_chars, attachments, images, file_mentions, origin, builtin_command, text, outcome,
      response_chars, background_tasks, error_class, http_status, retries, tool_class, tool_name,
      status, input_bytes, output_bytes, mcp_server_ref, mcp_tool_ref, program, subcommand, flags,
      category, segments, has_heredoc, has_pipe, in_background, exit_code, exit_code_scope,
      command_chars, output_lines, op, path_mode, path, path_ref, extension, language, in_project,
      hunks, bytes_before, bytes_after, lines_read, user_modified, check_type, framework,
      outcome_basis, total, passed, failed, skipped, errors, warnings, decision, decider, wait_ms,
      provider, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
      reasoning_tokens, requests, cost_usd_micros, usage_ref, trigger, tokens_before,
      tokens_after, success, agent_type, total_tokens, reason, count, record_type_ref, about)
    = case kind
      when 'session.started' then num_nonnulls(
        start_reason, model, os, entrypoint, mcp_server_count)
      when 'session.ended' then num_nonnulls(
        end_reason, duration_ms, turns, tool_calls, files_touched, lines_added, lines_removed)
      when 'prompt.submitted' then num_nonnulls(
        chars, lines, code_blocks, code_chars, attachments, images, file_mentions, origin,
        builtin_command, text)
      when 'turn.completed' then num_nonnulls(
        outcome, duration_ms, tool_calls, response_chars, background_tasks)
      when 'turn.failed' then num_nonnulls(
        error_class, http_status, retries)
      when 'tool.completed' then num_nonnulls(
        tool_class, tool_name, status, duration_ms, input_bytes, output_bytes, error_class,
        mcp_server_ref, mcp_tool_ref)
      when 'command.executed' then num_nonnulls(
        program, subcommand, flags, category, segments, has_heredoc, has_pipe, in_background,
        exit_code, exit_code_scope, status, duration_ms, command_chars, output_lines, output_bytes)
      when 'file.touched' then num_nonnulls(
        op, path_mode, path, path_ref, extension, language, category, in_project, lines_added,
        lines_removed, hunks, bytes_before, bytes_after, lines_read, user_modified)
      when 'check.completed' then num_nonnulls(
        check_type, framework, outcome, outcome_basis, total, passed, failed, skipped, errors,
        warnings, duration_ms, exit_code)
      when 'permission.decided' then num_nonnulls(
        decision, decider, tool_class, tool_name, wait_ms)
      when 'model.usage' then num_nonnulls(
        model, provider, input_tokens, output_tokens, cache_read_tokens, cache_creation_tokens,
        reasoning_tokens, requests, duration_ms, cost_usd_micros, usage_ref)
      when 'context.compacted' then num_nonnulls(
        trigger, tokens_before, tokens_after, success)
      when 'subagent.completed' then num_nonnulls(
        agent_type, status, duration_ms, tool_calls, total_tokens, model)
      when 'capture.gap' then num_nonnulls(
        reason, count, record_type_ref)
      when 'rationale.recorded' then num_nonnulls(
        text, about)
      else -1
    end),

  -- Where kinds share a field, each keeps its own words and bounds.
  constraint words_of_the_kind check (case kind
    when 'turn.completed' then outcome in ('completed', 'interrupted', 'stopped', 'unknown')
      and (duration_ms is null or duration_ms between 0 and 86400000)
      and tool_calls between 0 and 99999
    when 'turn.failed' then error_class in ('rate_limit', 'overloaded', 'auth', 'billing', 'invalid_request',
        'context_overflow', 'network', 'server', 'refused', 'other')
    when 'tool.completed' then (duration_ms is null or duration_ms between 0 and 86400000)
      and (error_class is null or error_class in ('exit_code', 'invalid_input', 'not_found',
        'permission', 'timeout', 'interrupted', 'network', 'other'))
    when 'command.executed' then category in ('test', 'build', 'lint', 'format', 'typecheck', 'vcs', 'package', 'run',
        'container', 'deploy', 'filesystem', 'search', 'network', 'other')
      and (duration_ms is null or duration_ms between 0 and 86400000)
    when 'file.touched' then category in ('code', 'test', 'docs', 'config', 'data', 'media', 'generated', 'other')
      and lines_added between 0 and 1000000
      and lines_removed between 0 and 1000000
    when 'check.completed' then outcome in ('pass', 'fail', 'error', 'partial', 'unknown')
      and (duration_ms is null or duration_ms between 0 and 86400000)
    when 'model.usage' then (duration_ms is null or duration_ms between 0 and 86400000)
    when 'subagent.completed' then (duration_ms is null or duration_ms between 0 and 86400000)
      and (tool_calls is null or tool_calls between 0 and 99999)
    else true
  end),

  constraint path_follows_its_policy check (
    (path is null or path_mode = 'relative') and (path_ref is null or path_mode <> 'extension'))
) partition by range (occurred_on);

create index event_of_a_session on capture.event (org_id, session_ref, seq);

comment on table capture.event is
  'What happened between engineers and AI tools. There is no column that source code fits into.';

-- The oldest day that the organization still keeps: what is older is hidden from every reader, even
-- if the retention worker is late. No organization, no day: nothing is seen.
create function capture.horizon() returns date
  language sql stable set search_path = pg_catalog
  return (
    select (now() at time zone 'UTC')::date - o.retention_days
      from identity.organization o
     where o.id = nullif(current_setting('app.org_id', true), '')::uuid);

alter table capture.event enable row level security;
alter table capture.event force row level security;

set local sourceblind.amendment = 'V006: the first policies of capture.event';

-- A new row is the sender's own; nobody may change one.
create policy a_sender_adds_its_own on capture.event for insert to ingest_writer
  with check (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid);

-- Which ids were new is all that a sender learns back: the grant below names one column.
create policy a_sender_sees_which_ids_were_new on capture.event for select to ingest_writer
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid);

create policy an_engineer_reads_their_own on capture.event for select to engineer_api
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and person_id = nullif(current_setting('app.person_id', true), '')::uuid
    and occurred_on >= capture.horizon());

create policy the_releaser_reads_one_organization on capture.event for select to releaser
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and occurred_on >= capture.horizon());

create policy retention_finds_what_is_past on capture.event for select to retention
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and occurred_on < capture.horizon());

create policy retention_lets_go_of_what_is_past on capture.event for delete to retention
  using (
    org_id = nullif(current_setting('app.org_id', true), '')::uuid
    and occurred_on < capture.horizon());

-- On the parent only: a grant on a partition would go around these policies.
grant insert (org_id, person_id, occurred_on, kind,
  schema_version, event_id, occurred_at, observed_at, seq, tool, tool_version, client_version,
  source, session_ref, turn_ref, call_ref, agent_ref, parent_session_ref, project_ref, branch_ref,
  head_commit_ref, is_subagent, permission_mode, redaction_dropped_fields,
  redaction_dropped_bytes, redaction_unknown_keys,
  start_reason, model, os, entrypoint, mcp_server_count, end_reason, duration_ms, turns,
  tool_calls, files_touched, lines_added, lines_removed, chars, lines, code_blocks, code_chars,
  attachments, images, file_mentions, origin, builtin_command, text, outcome, response_chars,
  background_tasks, error_class, http_status, retries, tool_class, tool_name, status, input_bytes,
  output_bytes, mcp_server_ref, mcp_tool_ref, program, subcommand, flags, category, segments,
  has_heredoc, has_pipe, in_background, exit_code, exit_code_scope, command_chars, output_lines,
  op, path_mode, path, path_ref, extension, language, in_project, hunks, bytes_before,
  bytes_after, lines_read, user_modified, check_type, framework, outcome_basis, total, passed,
  failed, skipped, errors, warnings, decision, decider, wait_ms, provider, input_tokens,
  output_tokens, cache_read_tokens, cache_creation_tokens, reasoning_tokens, requests,
  cost_usd_micros, usage_ref, trigger, tokens_before, tokens_after, success, agent_type,
  total_tokens, reason, count, record_type_ref, about)
  on capture.event to ingest_writer;
grant select (event_id) on capture.event to ingest_writer;
grant select on capture.event to engineer_api, releaser;
grant select (org_id, person_id, occurred_on, event_id) on capture.event to retention;
grant delete on capture.event to retention;
