-- SPDX-License-Identifier: Apache-2.0
-- Run once, as superuser, in a fresh database and before any migration. It makes the DDL guard, which
-- the schema's owner can neither change nor drop: from then on no migration can give `capture` a
-- column that source would fit into, or take one of its guards away, without saying so.
--
-- A migration that means to change a guard says why, and the change becomes an audit entry:
--   set local sourceblind.amendment = 'V031: a new field for ...';

create schema guard;
revoke all on schema guard from public;

-- Called by an amended migration: one append-only entry, under the organization nobody has.
create function guard.record_amendment(command text, object text) returns void
  language plpgsql set search_path = pg_catalog as
$$
declare
  uid uuid := uuidv7();
  nobody text := '00000000-0000-0000-0000-000000000000';
  before text := current_setting('app.org_id', true);
begin
  -- Keys in order, no white space, no floats: the canonical form of every leaf.
  perform set_config('app.org_id', nobody, true);
  insert into audit.entry (entry_uid, org_id, action, leaf)
  values (uid, nobody::uuid, 'schema.amended', convert_to(
    '{"action":"schema.amended","actor":"' || nobody || '","actor_kind":"operator","at":"'
      || to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
      || '","command":' || to_json(command)::text
      || ',"org":"' || nobody || '","outcome":"done","reason":'
      || to_json(left(current_setting('sourceblind.amendment'), 200))::text
      || ',"target":' || to_json(object)::text
      || ',"uid":"' || uid || '","v":1}', 'UTF8'));
  perform set_config('app.org_id', coalesce(before, ''), true);
end
$$;

-- `changed` says what the command changes, in the words of the schema.
create function guard.demand_amendment(schema_name text, changed text, command text, object text)
  returns void
  language plpgsql set search_path = pg_catalog as
$$
begin
  if coalesce(current_setting('sourceblind.amendment', true), '') = '' then
    raise exception '%: % of % changes %; say why first: set local sourceblind.amendment = ''...''',
      schema_name, lower(command), object, changed
      using errcode = 'insufficient_privilege';
  end if;
  perform guard.record_amendment(command, object);
end
$$;

create function guard.after_command() returns event_trigger
  language plpgsql set search_path = pg_catalog as
$$
declare
  found text;
  command record;
begin
  -- A closed domain of ours, an array of one, or one of four types that hold no text.
  select format('%I.%I is of type %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod))
    into found
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    join pg_type t on t.oid = a.atttypid
    left join pg_type element on element.oid = t.typelem and t.typcategory = 'A'
   where n.nspname = 'capture' and c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition
     and a.attnum > 0 and not a.attisdropped
     and not (coalesce(element.typtype, t.typtype) = 'd'
              and coalesce(element.typnamespace, t.typnamespace) = n.oid)
     and t.typname not in ('bool', 'uuid', 'date', 'timestamptz')
   limit 1;
  if found is not null then
    raise exception 'capture: column %; every captured value is of a closed domain of capture, or boolean, uuid, date or timestamptz',
      found
      using errcode = 'invalid_table_definition';
  end if;

  select format('%I', t.typname) into found
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
   where n.nspname = 'capture' and t.typtype = 'd'
     and (t.typbasetype not in ('text'::regtype, 'smallint'::regtype, 'integer'::regtype,
                                'bigint'::regtype)
          or t.typbasetype = 'text'::regtype
             and not exists (select from pg_constraint k where k.contypid = t.oid and k.contype = 'c'))
   limit 1;
  if found is not null then
    raise exception 'capture: domain % is open; a domain here is a number, or text with a check', found
      using errcode = 'invalid_table_definition';
  end if;

  select format('%I', c.relname) into found
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'capture' and c.relkind in ('r', 'p') and not c.relispartition
     and exists (select from pg_policy p where p.polrelid = c.oid)
     and not (c.relrowsecurity and c.relforcerowsecurity)
   limit 1;
  if found is not null then
    raise exception 'capture: row security of % is enabled and forced, and stays so', found
      using errcode = 'insufficient_privilege';
  end if;

  select format('%I', tgname) into found
    from pg_trigger g
    join pg_class c on c.oid = g.tgrelid
    join pg_namespace n on n.oid = c.relnamespace
   where n.nspname = 'capture' and g.tgenabled = 'D'
   limit 1;
  if found is not null then
    raise exception 'capture: the trigger % is enabled, and stays so', found
      using errcode = 'insufficient_privilege';
  end if;

  for command in select * from pg_event_trigger_ddl_commands() loop
    if command.command_tag in ('CREATE POLICY', 'ALTER POLICY')
       and command.object_identity like '% on capture.%' then
      perform guard.demand_amendment(
        'capture', 'a guard', command.command_tag, command.object_identity);
    end if;
  end loop;
end
$$;

create function guard.after_drop() returns event_trigger
  language plpgsql set search_path = pg_catalog as
$$
declare
  dropped record;
begin
  for dropped in
    select object_type, object_identity
      from pg_event_trigger_dropped_objects()
     where original and object_type in ('table constraint', 'domain constraint', 'policy', 'trigger')
       and (schema_name = 'capture' or object_identity like '% on capture.%')
  loop
    perform guard.demand_amendment(
      'capture', 'a guard', 'DROP ' || dropped.object_type, dropped.object_identity);
  end loop;
end
$$;

create event trigger capture_stays_closed on ddl_command_end execute function guard.after_command();
create event trigger capture_keeps_its_guards on sql_drop execute function guard.after_drop();
alter event trigger capture_stays_closed enable always;
alter event trigger capture_keeps_its_guards enable always;

-- Whoever runs DDL runs the guard, so its functions are open to all; they do nothing but refuse, and
-- record what the caller could do anyway.
grant usage on schema guard to public;

-- The audit log is guarded likewise, from the moment it is a tree (V050): whoever changes one of its
-- tables, triggers, policies or functions says why, and that stands in the log before the change does.
create table guard.armed (since timestamptz not null default now());

-- As its owner: whoever runs DDL must not be able to disarm it.
create function guard.after_audit_command() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  command record;
begin
  if not exists (select from guard.armed) then
    if to_regclass('audit.leaf') is null then
      return;
    end if;
    insert into guard.armed default values;
  end if;
  for command in select * from pg_event_trigger_ddl_commands() loop
    if command.schema_name = 'audit' or command.object_identity like '% on audit.%' then
      perform guard.demand_amendment(
        'audit', 'the log or its guards', command.command_tag, command.object_identity);
    end if;
  end loop;
  -- However it came about: moved to another schema, renamed, no longer written to the log of Postgres.
  if exists (
    select from unnest(array['entry', 'leaf', 'node', 'checkpoint', 'blinding']) name
     where to_regclass('audit.leaf') is not null and to_regclass('audit.blinding') is not null
       and 2 <> (select count(*)
                   from pg_trigger t
                   join pg_class c on c.oid = t.tgrelid and c.relpersistence = 'p' and c.relkind = 'r'
                  where c.oid = to_regclass('audit.' || name) and t.tgenabled = 'A'
                    and t.tgname in ('no_change', 'no_truncate')))
     or to_regclass('audit.leaf') is null then
    perform guard.demand_amendment('audit', 'the log or its guards', tg_tag, 'a guard of the audit log');
  end if;
end
$$;

create function guard.after_audit_drop() returns event_trigger
  language plpgsql security definer set search_path = pg_catalog as
$$
declare
  dropped record;
begin
  for dropped in
    select object_type, object_identity
      from pg_event_trigger_dropped_objects()
     where original and not is_temporary
       and (schema_name = 'audit' or object_identity like '% on audit.%' or object_identity = 'audit')
       and exists (select from guard.armed)
  loop
    perform guard.demand_amendment(
      'audit', 'the log or its guards', 'DROP ' || dropped.object_type, dropped.object_identity);
  end loop;
end
$$;

create event trigger audit_stays_whole on ddl_command_end execute function guard.after_audit_command();
create event trigger audit_keeps_its_guards on sql_drop execute function guard.after_audit_drop();
alter event trigger audit_stays_whole enable always;
alter event trigger audit_keeps_its_guards enable always;
