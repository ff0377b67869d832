#!/bin/sh
# Makes the schema's owner, who may make the logins of the services and is no superuser.
set -eu
: "${DATABASE_OWNER_PASSWORD:?the schema owner password is missing}"
psql --set ON_ERROR_STOP=1 --set password="$DATABASE_OWNER_PASSWORD" \
  --username postgres --dbname "$POSTGRES_DB" <<'SQL'
create role sourceblind_owner login createrole nosuperuser nobypassrls password :'password';
alter database sourceblind owner to sourceblind_owner;
SQL
