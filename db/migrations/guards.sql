-- What the database refuses whatever the application does: unbalanced entries, late postings,
-- changes of what is append-only, writes by the wrong role.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: correct it by a new row', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON posting
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON task_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- One check per entry, at commit: its legs sum to zero, and there are at least two.
CREATE FUNCTION entry_must_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    total bigint;
    legs bigint;
BEGIN
    SELECT coalesce(sum(cents), 0), count(*) INTO total, legs FROM posting WHERE entry_id = NEW.id;
    IF total <> 0 OR legs < 2 THEN
        RAISE EXCEPTION 'entry % is off by % cents over % postings', NEW.effect_key, total, legs
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER balances AFTER INSERT ON entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION entry_must_balance();

-- Postings belong to the transaction that made their entry; a later one cannot add to it.
CREATE FUNCTION posting_joins_its_entry() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT transaction_id FROM entry WHERE id = NEW.entry_id) <> txid_current() THEN
        RAISE EXCEPTION 'entry % is closed: reverse it by a new entry', NEW.entry_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER joins_its_entry BEFORE INSERT ON posting
    FOR EACH ROW EXECUTE FUNCTION posting_joins_its_entry();

-- A submitted version never changes what it says.
CREATE FUNCTION version_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.content IS NOT NULL AND (NEW.content IS DISTINCT FROM OLD.content
            OR NEW.frequency <> OLD.frequency OR NEW.version <> OLD.version) THEN
        RAISE EXCEPTION 'claim version % has been prepared and cannot change', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER immutable BEFORE UPDATE ON claim_version
    FOR EACH ROW EXECUTE FUNCTION version_is_immutable();

-- News for the relay: LISTEN wake, LISTEN outbox.
CREATE FUNCTION tell_relay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify(TG_TABLE_NAME, '');
    RETURN NULL;
END $$;

CREATE TRIGGER told AFTER INSERT OR UPDATE ON wake FOR EACH STATEMENT EXECUTE FUNCTION tell_relay();
CREATE TRIGGER told AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION tell_relay();

CREATE SEQUENCE interchange_control_number;
CREATE SEQUENCE encounter_number;
CREATE SEQUENCE account_number;
CREATE SEQUENCE statement_number;
