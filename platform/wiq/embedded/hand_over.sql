-- Takes the rights of a superuser from the owner "wiq" of a database that was made when it had them.
--
-- For psql, as that superuser: psql -U wiq -d wiq -f hand_over.sql. The first role of a server stays
-- a superuser for good, so it gets another name, and a new "wiq" takes over what is ours, schema by
-- schema: what a crash leaves undone, the next call does.
-- https://www.postgresql.org/docs/18/sql-reassign-owned.html can't do it: that role also owns what
-- the server itself is made of.
\set ON_ERROR_STOP on
DO $$ BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'postgres') THEN
        CREATE ROLE postgres SUPERUSER LOGIN;
    END IF;
END $$;
\connect - postgres
DO $$
DECLARE role name; secret text;
BEGIN
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = 'wiq') THEN
        RETURN;
    END IF;
    SELECT rolpassword INTO secret FROM pg_authid WHERE rolname = 'wiq';
    ALTER ROLE wiq RENAME TO wiq_before;
    ALTER ROLE wiq_before NOLOGIN;
    EXECUTE format('CREATE ROLE wiq LOGIN CREATEROLE PASSWORD %L', secret);
    ALTER DATABASE wiq OWNER TO wiq;
    FOR role IN SELECT rolname FROM pg_roles
        WHERE rolname IN ('wiq_app', 'wiq_district') OR rolname ~ '^d_[0-9a-f]{16}$'
    LOOP
        EXECUTE format('GRANT %I TO wiq WITH ADMIN TRUE, INHERIT FALSE, SET TRUE', role);
    END LOOP;
END $$;
DO $$
DECLARE place name; statement text;
BEGIN
    FOR place IN SELECT nspname FROM pg_namespace
        WHERE nspname IN ('public', 'wiq_template') OR nspname ~ '^d_[0-9a-f]{16}$'
    LOOP
        FOR statement IN
            SELECT format('ALTER SCHEMA %I OWNER TO wiq', place)
            FROM pg_namespace WHERE nspname = place AND nspowner = 'wiq_before'::regrole
            UNION ALL
            SELECT format('ALTER TABLE %s OWNER TO wiq', oid::regclass)
            FROM pg_class
            WHERE relnamespace = place::regnamespace AND relowner = 'wiq_before'::regrole
                AND relkind IN ('r', 'v', 'm')
            UNION ALL
            SELECT format('ALTER FUNCTION %s OWNER TO wiq', p.oid::regprocedure)
            FROM pg_proc p
            WHERE pronamespace = place::regnamespace AND proowner = 'wiq_before'::regrole
                AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = p.oid AND deptype = 'e')
        LOOP
            EXECUTE statement;
        END LOOP;
        COMMIT;
    END LOOP;
END $$;
