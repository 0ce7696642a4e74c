-- The role that web and worker processes act as. It owns nothing, so row-level security and the
-- append-only triggers hold for it. Roles belong to the whole server: another database may have made it.
DO $$
BEGIN
  CREATE ROLE qa_app NOLOGIN NOBYPASSRLS;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END
$$;
GRANT USAGE ON SCHEMA public TO qa_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO qa_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO qa_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO qa_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO qa_app;
REVOKE ALL ON alembic_version FROM qa_app;
GRANT SELECT ON alembic_version TO qa_app;
