-- SPDX-License-Identifier: Apache-2.0
-- An owner runs the organization; a manager reads released numbers of teams and runs nothing. Until now
-- managers did both, so where nobody is an owner yet those who are managers become owners, and nobody is
-- locked out.

alter domain identity.role drop constraint role;
alter domain identity.role add constraint role
  check (value in ('engineer', 'manager', 'owner', 'reviewer', 'billing'));

-- Row security holds for the owner of the tables as well, who is to see every organization here.
alter table identity.person no force row level security;
alter table identity.invitation no force row level security;

update identity.person p set role = 'owner'
 where p.role = 'manager' and p.removed_at is null
   and not exists (select from identity.person o
                    where o.org_id = p.org_id and o.role = 'owner' and o.removed_at is null);

alter table identity.invitation drop constraint only_managers_are_invited_by_nobody;
update identity.invitation set role = 'owner' where invited_by is null;
alter table identity.invitation
  add constraint only_owners_are_invited_by_nobody check (invited_by is not null or role = 'owner');

alter table identity.person force row level security;
alter table identity.invitation force row level security;

-- Whether the transaction is an owner's. What nobody in person does is the installation's: its operator,
-- and an invitation that somebody accepts.
create function identity.is_an_owners() returns boolean
  language sql stable set search_path = pg_catalog as
$$
  select exists (
    select from identity.person p
     where p.org_id = nullif(current_setting('app.org_id', true), '')::uuid
       and p.id = nullif(current_setting('app.person_id', true), '')::uuid
       and p.role = 'owner' and p.removed_at is null)
$$;

grant execute on function identity.is_an_owners() to identity_api;

create function identity.keep_owners() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
begin
  if new.role = 'owner' and new.removed_at is null
     and (tg_op = 'INSERT' or old.role <> 'owner' or old.removed_at is not null)
     and nullif(current_setting('app.person_id', true), '') is not null
     and not identity.is_an_owners()
  then
    raise exception 'identity: only an owner makes somebody an owner'
      using errcode = 'insufficient_privilege';
  end if;
  if tg_op = 'UPDATE' and old.role = 'owner' and old.removed_at is null
     and (new.role <> 'owner' or new.removed_at is not null)
  then
    -- Two owners who remove each other at once: one of them waits here, and then sees what the other did.
    perform from identity.organization o where o.id = old.org_id for update;
    if not exists (
      select from identity.person p
       where p.org_id = old.org_id and p.id <> old.id and p.role = 'owner' and p.removed_at is null)
    then
      raise exception 'identity: an organization has an owner'
        using errcode = 'restrict_violation';
    end if;
  end if;
  return new;
end
$$;

create trigger owners_are_kept before insert or update of role, removed_at on identity.person
  for each row execute function identity.keep_owners();

create function identity.owners_ask_owners_in() returns trigger
  language plpgsql set search_path = pg_catalog as
$$
begin
  if new.role = 'owner' and nullif(current_setting('app.person_id', true), '') is not null
     and not identity.is_an_owners()
  then
    raise exception 'identity: only an owner invites an owner' using errcode = 'insufficient_privilege';
  end if;
  return new;
end
$$;

create trigger owners_ask_owners_in before insert on identity.invitation
  for each row execute function identity.owners_ask_owners_in();
