-- Three kinds of connection: the owner migrates; web and worker act, and own nothing.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimflow_web') THEN
        CREATE ROLE claimflow_web NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'claimflow_worker') THEN
        CREATE ROLE claimflow_worker NOLOGIN;
    END IF;
    EXECUTE format('GRANT claimflow_web, claimflow_worker TO %I', current_user);
END $$;

GRANT USAGE ON SCHEMA public TO claimflow_web, claimflow_worker;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO claimflow_web, claimflow_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO claimflow_web, claimflow_worker;
REVOKE UPDATE ON entry, posting, audit_event, journal, task_log FROM claimflow_web, claimflow_worker;
-- Only what is replaced as a whole, or has been delivered, may go.
GRANT DELETE ON diagnosis, incident, user_session, login_attempt TO claimflow_web;
GRANT DELETE ON wake, diagnosis, incident TO claimflow_worker;
REVOKE ALL ON app_user, user_session, login_attempt FROM claimflow_worker;
GRANT SELECT (id, username, full_name, role, provider_id, is_active) ON app_user TO claimflow_worker;
