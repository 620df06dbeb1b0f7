#!/bin/sh
# Runs once, when the database is made: the login of web and worker.
set -eu
psql --set=ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
     --set=password="$APP_PASSWORD" <<'SQL'
CREATE ROLE wiq_app LOGIN PASSWORD :'password';
SQL
