#!/bin/sh
# Runs once, when the server's data is made: the owner, the login of web and worker, the database.
# Afterwards nobody signs in as the administrator but inside this container, where no password is asked.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
     --set=owner="$POSTGRES_PASSWORD" --set=app="$APP_PASSWORD" <<'SQL'
CREATE ROLE wiq LOGIN CREATEROLE PASSWORD :'owner';
CREATE ROLE wiq_app LOGIN PASSWORD :'app';
CREATE DATABASE wiq OWNER wiq;
ALTER ROLE postgres PASSWORD NULL;
SQL
