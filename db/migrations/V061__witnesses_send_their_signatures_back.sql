-- SPDX-License-Identifier: Apache-2.0
-- A witness elsewhere has checked a checkpoint and signed it with the time. Its signature comes back here,
-- so that the organization can see since when its log is anchored outside. Evidence is what the witness
-- itself keeps; this is a notice board.

set local sourceblind.amendment = 'V061: signatures of witnesses outside';

create table audit.cosignature (
  org_id uuid not null,
  size bigint not null,
  witness text collate "C" not null constraint witness check (witness ~ '^[!-*,-~]{1,200}$'),
  -- The public key that the witness names, as C2SP writes it.
  vkey text collate "C" not null constraint vkey check (vkey ~ '^[!-~]{50,300}$'),
  signed_at timestamptz not null,
  received_at timestamptz not null default clock_timestamp(),
  note text collate "C" not null constraint note check (char_length(note) between 100 and 8000),
  primary key (org_id, size, vkey, signed_at)
);

create trigger no_change before update or delete on audit.cosignature
  for each row execute function audit.refuse();
create trigger no_truncate before truncate on audit.cosignature
  for each statement execute function audit.refuse();
alter table audit.cosignature enable always trigger no_change;
alter table audit.cosignature enable always trigger no_truncate;

alter table audit.cosignature enable row level security;
alter table audit.cosignature force row level security;

create policy own_organization on audit.cosignature
  using (org_id = nullif(current_setting('app.org_id', true), '')::uuid)
  with check (org_id = nullif(current_setting('app.org_id', true), '')::uuid);

grant select, insert (org_id, size, witness, vkey, signed_at, note) on audit.cosignature to reviewer_api;
