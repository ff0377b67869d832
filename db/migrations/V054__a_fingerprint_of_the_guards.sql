-- SPDX-License-Identifier: Apache-2.0
-- One hash over everything that guards data and log: triggers, rules, policies, functions, grants,
-- columns, checks, how tables are kept and three settings. It stands in every heartbeat, so a guard that
-- is taken away and stays away shows. Partitions come and go daily and carry nothing of their own.

set local sourceblind.amendment = 'V054: heartbeats carry a fingerprint of the guards';

create function audit.fingerprint() returns text
  language sql stable set search_path = pg_catalog as
$$
  with ours as (
    select oid, nspname, nspacl from pg_namespace
     where nspname in ('identity', 'capture', 'release', 'audit', 'guard')),
  relation as (
    select c.*, o.nspname from pg_class c join ours o on o.oid = c.relnamespace
     where not c.relispartition and c.relkind in ('r', 'p', 'v', 'm', 'f')),
  line as (
    select 'schema ' || nspname || ' ' || coalesce(nspacl::text, '') as said from ours
    union all
    select format('relation %s.%s %s %s %s %s %s', nspname, relname, relkind, relpersistence,
                  relrowsecurity, relforcerowsecurity, coalesce(relacl::text, ''))
      from relation
    union all
    select format('column %s.%s.%s %s %s %s', r.nspname, r.relname, a.attname,
                  format_type(a.atttypid, a.atttypmod), a.attnotnull, coalesce(a.attacl::text, ''))
      from pg_attribute a join relation r on r.oid = a.attrelid
     where a.attnum > 0 and not a.attisdropped
    union all
    select format('constraint %s %s', k.conname, pg_get_constraintdef(k.oid))
      from pg_constraint k
     where k.connamespace in (select oid from ours)
       and (k.conrelid = 0 or k.conrelid in (select oid from relation))
       and k.contype in ('c', 'u', 'p')
    union all
    select format('trigger %s %s', t.tgenabled, pg_get_triggerdef(t.oid))
      from pg_trigger t join relation r on r.oid = t.tgrelid
     where not t.tgisinternal
    union all
    select format('rule %s %s', w.ev_enabled, pg_get_ruledef(w.oid))
      from pg_rewrite w join relation r on r.oid = w.ev_class
    union all
    select format('policy %s.%s %s %s %s %s %s', r.nspname, r.relname, p.polname, p.polcmd, p.polpermissive,
                  pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
      from pg_policy p join relation r on r.oid = p.polrelid
    union all
    select format('function %s %s', f.proacl, pg_get_functiondef(f.oid))
      from pg_proc f join ours o on o.oid = f.pronamespace
     where f.prokind = 'f'
    union all
    select format('event trigger %s %s %s', e.evtname, e.evtevent, e.evtenabled) from pg_event_trigger e
    union all
    select format('setting %s', s)
      from unnest(array[current_setting('session_replication_role'),
                        current_setting('synchronous_commit'), current_setting('fsync')]) s)
  select encode(sha256(convert_to(string_agg(said, e'\n' order by said collate "C"), 'UTF8')), 'hex')
    from line
$$;

grant execute on function audit.fingerprint() to audit_sequencer, reviewer_api;
