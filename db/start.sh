#!/bin/sh
# Makes the cluster the first time, whole or not at all, and then becomes Postgres.
set -eu
data=/var/lib/postgresql/data
if [ ! -d "$data" ]; then
  : "${POSTGRES_PASSWORD:?the password of the superuser is missing}"
  : "${DATABASE_OWNER_PASSWORD:?the password of the owner of the schema is missing}"
  export POSTGRES_DB=sourceblind PGPASSWORD="$POSTGRES_PASSWORD" PGHOST=/tmp
  new="$data.new"
  rm -rf "$new"
  (umask 077 && printf %s "$POSTGRES_PASSWORD" >/tmp/password)
  initdb --pgdata="$new" --username=postgres --pwfile=/tmp/password --auth=scram-sha-256 \
    --encoding=UTF8 --locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C >/dev/null
  rm /tmp/password
  echo "host all all all scram-sha-256" >>"$new/pg_hba.conf"
  # Nobody but this script can come in before the guard stands.
  pg_ctl --pgdata="$new" --silent --wait -o "-c listen_addresses= -c unix_socket_directories=/tmp" start
  createdb --username=postgres "$POSTGRES_DB"
  sh /opt/sourceblind/owner.sh
  psql --quiet --set ON_ERROR_STOP=1 --username postgres --dbname "$POSTGRES_DB" --file /opt/sourceblind/bootstrap.sql
  pg_ctl --pgdata="$new" --silent --wait stop
  mv "$new" "$data"
fi
# An error may name a rule, never a row or a parameter.
exec env -u PGPASSWORD -u POSTGRES_PASSWORD -u DATABASE_OWNER_PASSWORD postgres -D "$data" \
  -c listen_addresses='*' -c unix_socket_directories=/tmp -c log_error_verbosity=terse \
  -c log_min_error_statement=panic -c log_parameter_max_length_on_error=0
