"""The guards themselves: what the database must refuse, whoever asks, is still refused."""

from collections.abc import Iterable

from verify.promise import Promise
from verify.snapshot import Snapshot

ROLES = ("claimflow_web", "claimflow_worker")
APPEND_ONLY = ("entry", "posting", "audit_event", "journal", "task_log")

# Table and columns that together may occur once.
UNIQUE = (
    "entry effect_key", "entry reverses_id",
    "submission pcn", "submission claim_version_id number", "claim_version claim_id version",
    "batch control_number", "outbox route name", "raw_file sha256",
    "remittance undoes_id", "remit_claim remittance_id ordinal",
    "remit_claim reverses_id", "remit_line remit_claim_id ordinal",
    "remit_adjustment remit_line_id ordinal",
    "remit_provider_adjustment remittance_id ordinal",
    "denial remit_line_id charge_line_id group_code carc", "write_off_request denial_id",
    "appeal_case reference", "appeal_case claim_id kind level round",
    "task subject kind cause", "subject key", "journal subject rev",
    "receipt source_key", "refund task_id", "statement guarantor_id run cycle",
    "statement statement_no", "bank_line source_key", "bank_line remittance_id",
    "encounter encounter_no", "encounter source_key", "charge_line encounter_id form ordinal",
    "eligibility_check encounter_id coverage_id attempt", "status_inquiry submission_id attempt",
    "patient mrn", "guarantor account_no", "app_user username", "payer payer_no",
)  # fmt: skip

# The same for rows of one state: the index holds the condition.
UNIQUE_WHILE = (
    "submission claim_version_id",
    "remittance originator trace_number paid_on paid_cents namesake",
)

CHECKS = (
    "ck_posting_moves_something", "ck_posting_write_off_has_a_reason",
    "ck_write_off_request_approved_by_another", "ck_encounter_ended_when_not_open",
    "ck_task_answered_has_a_time", "ck_claim_version_7_and_8_name_the_original",
    "ck_claim_version_frequency_is_known", "ck_wait_ends_after_it_begins",
    "ck_hold_has_one_scope", "ck_outbox_state_is_known", "ck_denial_amount_is_positive",
    "ck_refund_cents_are_positive",
)  # fmt: skip

FOREIGN_KEYS = (
    "posting entry_id entry", "posting charge_line_id charge_line", "posting claim_id claim",
    "posting encounter_id encounter", "posting payer_id payer", "posting patient_id patient",
    "posting guarantor_id guarantor", "entry remit_line_id remit_line", "entry reverses_id entry",
    "submission claim_version_id claim_version", "submission batch_id batch",
    "batch outbox_id outbox", "claim_version claim_id claim", "claim encounter_id encounter",
    "claim_line charge_line_id charge_line", "charge_line encounter_id encounter",
    "remit_claim remittance_id remittance", "remit_line remit_claim_id remit_claim",
    "remittance raw_file_id raw_file", "denial remit_line_id remit_line", "journal subject subject",
    "wait subject subject", "task_log task_id task", "receipt guarantor_id guarantor",
)  # fmt: skip

# Table, trigger, what it listens to (bits of pg_trigger.tgtype), the function that must refuse.
ROW, BEFORE, INSERT, DELETE, UPDATE, TRUNCATE = 1, 2, 4, 8, 16, 32
TRIGGERS = (
    *((table, "append_only", BEFORE | DELETE | UPDATE | TRUNCATE) for table in APPEND_ONLY),
    ("entry", "balances", ROW | INSERT),
    ("posting", "joins_its_entry", ROW | BEFORE | INSERT),
    ("claim_version", "immutable", ROW | BEFORE | UPDATE),
)

NEVER_NULL = (
    "entry.effect_key", "posting.cents", "posting.account", "submission.pcn", "task.due_on",
    "task.queue", "wait.until_at", "wait.what", "wait.then_what", "receipt.cents",
    "encounter.stage", "outbox.content", "subject.rev",
)  # fmt: skip


def _lost_unique(snapshot: Snapshot) -> Iterable[str]:
    rows = snapshot.every(
        """
        SELECT t.relname, array_agg(a.attname::text), i.indpred IS NOT NULL
        FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = 'public'
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(i.indkey)
        WHERE i.indisunique AND i.indisvalid AND i.indisready AND i.indexprs IS NULL
        GROUP BY i.indexrelid, i.indpred, t.relname
        """
    )
    held = {(table, frozenset(columns), partial) for table, columns, partial in rows}
    for wanted in (*UNIQUE, *UNIQUE_WHILE):
        table, *columns = wanted.split()
        if (table, frozenset(columns), wanted in UNIQUE_WHILE) not in held:
            yield f"{table} ({', '.join(columns)})"


def _lost_constraints(snapshot: Snapshot) -> Iterable[str]:
    checks = {
        row[0]
        for row in snapshot.every(
            "SELECT conname FROM pg_constraint WHERE contype = 'c' AND convalidated"
        )
    }
    foreign = {
        row[0]
        for row in snapshot.every(
            """
            SELECT t.relname || ' ' || a.attname || ' ' || o.relname
            FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid
            JOIN pg_class o ON o.oid = c.confrelid
            JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.convalidated
            """
        )
    }
    yield from (f"check {name}" for name in CHECKS if name not in checks)
    yield from (f"foreign key {name}" for name in FOREIGN_KEYS if name not in foreign)


def _nullable(snapshot: Snapshot) -> Iterable[str]:
    rows = snapshot.every(
        """
        SELECT t.relname || '.' || a.attname FROM pg_attribute a
        JOIN pg_class t ON t.oid = a.attrelid AND t.relkind = 'r'
        JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = 'public'
        WHERE a.attnotnull AND a.attnum > 0
        """
    )
    held = {row[0] for row in rows}
    return (column for column in NEVER_NULL if column not in held)


def _lost_triggers(snapshot: Snapshot) -> Iterable[str]:
    rows = snapshot.every(
        """
        SELECT t.relname, g.tgname, g.tgtype, g.tgenabled, p.prosrc
        FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid
        JOIN pg_namespace s ON s.oid = t.relnamespace AND s.nspname = 'public'
        JOIN pg_proc p ON p.oid = g.tgfoid
        """
    )
    held = {(table, name): (events, source) for table, name, events, _, source in rows}
    for table, name, events in TRIGGERS:
        found, source = held.get((table, name), (0, ""))
        if found & events != events:
            yield f"{name} on {table} is missing"
        elif "RAISE EXCEPTION" not in source.upper():
            yield f"{name} on {table} refuses nothing"
    off = {(table, name) for table, name, _, enabled, _ in rows if enabled not in {"O", "A"}}
    yield from sorted({f"{_called(name)} on {table} is switched off" for table, name in off})


def _called(trigger: str) -> str:
    """Foreign keys are triggers too; a disabled one is a constraint in name only."""
    return "a foreign key" if trigger.startswith("RI_ConstraintTrigger") else trigger


def _too_many_rights(snapshot: Snapshot) -> Iterable[str]:
    known = dict(snapshot.every("SELECT rolname, rolsuper OR rolbypassrls FROM pg_roles"))
    for role in ROLES:
        if role not in known:
            yield f"role {role} is missing"
            continue
        if known[role]:
            yield f"role {role} may do everything"
        yield from _may_change(snapshot, role)
    if ROLES[1] in known:
        yield from _may_read_passwords(snapshot)


def _may_change(snapshot: Snapshot, role: str) -> Iterable[str]:
    for table in APPEND_ONLY:
        [row] = snapshot.every(
            f"""
            SELECT has_any_column_privilege('{role}', '{table}', 'UPDATE'),
                   has_table_privilege('{role}', '{table}', 'DELETE'),
                   has_table_privilege('{role}', '{table}', 'TRUNCATE'),
                   pg_has_role('{role}', relowner, 'MEMBER')
            FROM pg_class WHERE oid = 'public.{table}'::regclass
            """  # noqa: S608 - names of this module's own lists.
        )
        words = ("update", "delete", "truncate", "own")
        for word in (word for word, may in zip(words, row, strict=True) if may):
            yield f"{role} may {word} {table}"


def _may_read_passwords(snapshot: Snapshot) -> Iterable[str]:
    [[may]] = snapshot.every(
        f"SELECT has_column_privilege('{ROLES[1]}', 'app_user', 'password_hash', 'SELECT')"
    )
    if may:
        yield f"{ROLES[1]} may read password hashes"


PROMISES = (
    Promise(
        name="uniqueness is enforced",
        sentence="What may happen once is unique in the database, by an index that is valid.",
        breaches=_lost_unique,
    ),
    Promise(
        name="constraints are enforced",
        sentence="Checks and foreign keys of money, claims and tasks exist and are validated.",
        breaches=_lost_constraints,
    ),
    Promise(
        name="columns are never empty",
        sentence="What every row must say cannot be null.",
        breaches=_nullable,
    ),
    Promise(
        name="guards are on",
        sentence="The triggers that refuse unbalanced, late and changed rows exist and work.",
        breaches=_lost_triggers,
    ),
    Promise(
        name="roles are bounded",
        sentence="Web and worker can neither change nor delete what is append-only.",
        breaches=_too_many_rights,
    ),
)
