-- SPDX-License-Identifier: Apache-2.0
-- The closed set of types that a captured value can have. There is no other: capture has no column
-- of a type outside this file but boolean, uuid, date and timestamptz (docs/privacy.md).

-- Words of closed lists.

create domain capture.tool as text collate "C"
  constraint tool check (value in ('claude_code', 'codex', 'gemini_cli', 'cursor', 'copilot_cli', 'vscode_copilot',
    'opencode', 'aider', 'windsurf', 'amp', 'goose', 'droid', 'pi', 'other'));

create domain capture.source as text collate "C"
  constraint source check (value in ('hook', 'transcript', 'otel', 'log', 'db'));

create domain capture.permission_mode as text collate "C"
  constraint permission_mode check (value in ('default', 'plan', 'accept_edits', 'auto', 'dont_ask', 'bypass', 'unknown'));

create domain capture.start_reason as text collate "C"
  constraint start_reason check (value in ('startup', 'resume', 'clear', 'compact', 'fork', 'unknown'));

create domain capture.operating_system as text collate "C"
  constraint operating_system check (value in ('linux', 'macos', 'windows', 'other'));

create domain capture.entrypoint as text collate "C"
  constraint entrypoint check (value in ('cli', 'ide', 'desktop', 'sdk', 'ci', 'unknown'));

create domain capture.end_reason as text collate "C"
  constraint end_reason check (value in ('exit', 'clear', 'resume', 'logout', 'error', 'timeout', 'other', 'inferred_idle'));

create domain capture.prompt_origin as text collate "C"
  constraint prompt_origin check (value in ('typed', 'slash_command', 'queued', 'scheduled', 'hook', 'unknown'));

create domain capture.builtin_command as text collate "C"
  constraint builtin_command check (value in ('add_dir', 'agents', 'bug', 'clear', 'compact', 'config', 'context', 'cost',
    'doctor', 'exit', 'export', 'help', 'hooks', 'ide', 'init', 'install', 'login',
    'logout', 'mcp', 'memory', 'model', 'output_style', 'permissions', 'plan', 'plugin',
    'pr_comments', 'release_notes', 'resume', 'review', 'rewind', 'security_review',
    'status', 'statusline', 'terminal_setup', 'todos', 'usage', 'vim', 'custom'));

create domain capture.outcome as text collate "C"
  constraint outcome check (value in ('completed', 'interrupted', 'stopped', 'unknown', 'pass', 'fail', 'error',
    'partial'));

create domain capture.error_class as text collate "C"
  constraint error_class check (value in ('rate_limit', 'overloaded', 'auth', 'billing', 'invalid_request',
    'context_overflow', 'network', 'server', 'refused', 'other', 'exit_code',
    'invalid_input', 'not_found', 'permission', 'timeout', 'interrupted'));

create domain capture.tool_class as text collate "C"
  constraint tool_class check (value in ('read', 'search', 'edit', 'create', 'delete', 'shell', 'web', 'mcp', 'subagent',
    'plan', 'other'));

create domain capture.status as text collate "C"
  constraint status check (value in ('ok', 'error', 'denied', 'interrupted', 'timeout', 'unknown'));

create domain capture.category as text collate "C"
  constraint category check (value in ('test', 'build', 'lint', 'format', 'typecheck', 'vcs', 'package', 'run',
    'container', 'deploy', 'filesystem', 'search', 'network', 'other', 'code', 'docs',
    'config', 'data', 'media', 'generated'));

create domain capture.exit_code_scope as text collate "C"
  constraint exit_code_scope check (value in ('whole', 'last_of_pipe', 'last_of_list', 'unknown'));

create domain capture.file_operation as text collate "C"
  constraint file_operation check (value in ('read', 'create', 'edit', 'delete', 'rename'));

create domain capture.path_mode as text collate "C"
  constraint path_mode check (value in ('relative', 'hashed', 'extension'));

create domain capture.check_type as text collate "C"
  constraint check_type check (value in ('test', 'build', 'lint', 'typecheck', 'format', 'coverage', 'security'));

create domain capture.check_framework as text collate "C"
  constraint check_framework check (value in ('junit', 'surefire', 'gradle', 'pytest', 'go_test', 'jest', 'vitest', 'mocha',
    'cargo', 'dotnet', 'eslint', 'ruff', 'golangci', 'checkstyle', 'tsc', 'other'));

create domain capture.outcome_basis as text collate "C"
  constraint outcome_basis check (value in ('report_file', 'parsed_summary', 'exit_code', 'none'));

create domain capture.permission_decision as text collate "C"
  constraint permission_decision check (value in ('allow', 'allow_always', 'deny', 'ask', 'auto'));

create domain capture.permission_decider as text collate "C"
  constraint permission_decider check (value in ('user', 'config', 'hook', 'classifier', 'policy', 'unknown'));

create domain capture.provider as text collate "C"
  constraint provider check (value in ('anthropic', 'openai', 'google', 'amazon', 'microsoft', 'mistral', 'xai',
    'deepseek', 'local', 'other'));

create domain capture.compaction_trigger as text collate "C"
  constraint compaction_trigger check (value in ('manual', 'auto'));

create domain capture.agent_type as text collate "C"
  constraint agent_type check (value in ('general_purpose', 'explore', 'plan', 'statusline_setup', 'output_style_setup',
    'claude_code_guide', 'code_reviewer', 'custom'));

create domain capture.gap_reason as text collate "C"
  constraint gap_reason check (value in ('hooks_off', 'parse_error', 'unknown_type', 'unknown_version', 'dropped_overflow',
    'clock_skew', 'transcript_missing'));

create domain capture.rationale_topic as text collate "C"
  constraint rationale_topic check (value in ('decision', 'commit', 'review', 'note'));

create domain capture.kind as text collate "C"
  constraint kind check (value in ('session.started', 'session.ended', 'prompt.submitted', 'turn.completed',
    'turn.failed', 'tool.completed', 'command.executed', 'file.touched', 'check.completed',
    'permission.decided', 'model.usage', 'context.compacted', 'subagent.completed',
    'capture.gap', 'rationale.recorded'));

-- Bounded numbers.

create domain capture.one_to_999 as smallint constraint one_to_999 check (value between 1 and 999);
create domain capture.up_to_2_billion as integer constraint up_to_2_billion check (value between 0 and 2147483647);
create domain capture.up_to_9_999 as smallint constraint up_to_9_999 check (value between 0 and 9999);
create domain capture.up_to_1_billion as integer constraint up_to_1_billion check (value between 0 and 1000000000);
create domain capture.up_to_999 as smallint constraint up_to_999 check (value between 0 and 999);
create domain capture.milliseconds_of_a_month as bigint constraint milliseconds_of_a_month check (value between 0 and 2678400000);
create domain capture.up_to_1_million as integer constraint up_to_1_million check (value between 0 and 1000000);
create domain capture.up_to_10_million as integer constraint up_to_10_million check (value between 0 and 10000000);
create domain capture.http_status as smallint constraint http_status check (value between 100 and 599);
create domain capture.up_to_99 as smallint constraint up_to_99 check (value between 0 and 99);
create domain capture.one_to_99 as smallint constraint one_to_99 check (value between 1 and 99);
create domain capture.exit_code as integer;
create domain capture.up_to_99_999 as integer constraint up_to_99_999 check (value between 0 and 99999);
create domain capture.milliseconds_of_a_day as integer constraint milliseconds_of_a_day check (value between 0 and 86400000);
create domain capture.one_to_9_999 as smallint constraint one_to_9_999 check (value between 1 and 9999);
create domain capture.up_to_1_trillion as bigint constraint up_to_1_trillion check (value between 0 and 1000000000000);
create domain capture.up_to_100_million as integer constraint up_to_100_million check (value between 0 and 100000000);
create domain capture.one_to_1_million as integer constraint one_to_1_million check (value between 1 and 1000000);
