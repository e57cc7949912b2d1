"""What could go wrong, each as SQL behind the guards' back, and the promise that must find it."""

from tests.verify.world import x12


def _hex(content: bytes) -> str:
    return f"'\\x{content.hex()}'::bytea"


def _file(name: str, content: bytes) -> str:
    return f"""
        INSERT INTO outbox (route, name, sha256, content, state, asked_at, sent_at)
        VALUES ('clearinghouse', '{name}', encode(sha256({_hex(content)}), 'hex'), {_hex(content)},
                'done', now(), now());
    """


def _replaced(outbox_id: int, content: bytes) -> str:
    return f"""
        UPDATE outbox SET content = {_hex(content)}, sha256 = encode(sha256({_hex(content)}), 'hex')
        WHERE id = {outbox_id};
    """


def _without(table: str, where: str) -> str:
    return f"DELETE FROM {table} WHERE {where};"


OPEN_TASK = """
    INSERT INTO task (subject, kind, cause, queue, status, title, reason, details, amount_cents,
                      encounter_id, opened_at, due_on)
    VALUES ('encounter:E0000000{n}', 'denial', 'late', 'biller', 'open', 'T', 'R', '{{}}', 1, {n},
            now(), '{due_on}');
    INSERT INTO task_log (task_id, action, words, at) VALUES (lastval(), 'opened', '', now());
"""

ENTRY = """
    INSERT INTO entry (effect_key, source, words, posted_on, period, remit_line_id)
    VALUES ('{key}', '{source}', 'W', '2026-02-02', '2026-02', {remit_line});
    INSERT INTO posting (entry_id, account, cents, payer_id, guarantor_id, encounter_id,
                         charge_line_id, reason)
    SELECT currval('entry_id_seq'), * FROM (VALUES {legs}) AS legs;
"""


def entry(*legs: str, key: str = "k", source: str = "test", remit_line: int | None = None) -> str:
    return ENTRY.format(
        key=key, source=source, remit_line=remit_line or "NULL", legs=", ".join(legs)
    )


PIECE = """
    INSERT INTO mail_piece (id, submission_id, claim_id, form, pages, queued_at)
    VALUES (11, 2, 2, 'CMS-1500', 1, now());
"""
MAILED = """
    INSERT INTO mailing (id, mailed_on, by_id, at) VALUES (1, current_date, 1, now());
    UPDATE mail_piece SET mailing_id = 1 WHERE id = 11;
"""

LETTER = """
    INSERT INTO appeal_case (claim_id, kind, level, round, status, argument, basis_on, due_on,
                             reference, outbox_id)
    VALUES (2, 'appeal', 1, 1, 'sent', 'Pay.', '2026-02-01', '2026-06-01', 'M00000001', {outbox});
"""
PAPER = """
    INSERT INTO mail_paper (claim_id, kind, reference, document_id, enclosed_ids, queued_at)
    VALUES (2, '{kind}', 'M00000001', 1, '{enclosed}', now());
"""

WRITE_OFF = entry(
    "('writeoff', 22000, 1, NULL::bigint, 2, 2, 'bad_debt')",
    "('ar:insurance', -22000, 1, NULL, 2, 2, NULL)",
    source="write-off 1",
)
REQUEST = """
    INSERT INTO write_off_request (id, encounter_id, charge_line_id, side, reason, amount_cents,
                                   note, asked_by_id, asked_at, approved_by_id, status)
    VALUES (1, 2, 2, 'insurance', 'bad_debt', {cents}, '', 1, now(), {approver}, 'posted');
"""
SECOND_VERSION = """
    INSERT INTO claim_version (id, claim_id, version, frequency, payer_claim_number, because,
                               charge_line_ids, content, made_at)
    VALUES (9, 2, 2, '7', 'ICN2', 'corrected', '[2]', '{}', now());
    INSERT INTO submission (id, claim_version_id, number, pcn, batch_id, channel, queued_at,
                            sent_at)
    VALUES (9, 9, 1, 'C2V2S1', 9, 'edi', now(), now());
"""
UNSENT = """
    INSERT INTO submission (id, claim_version_id, number, pcn, channel, queued_at)
    VALUES (10, {n}, 2, 'C{n}V1S2', 'edi', now());
"""
SECOND_BATCH = """
    INSERT INTO batch (id, route, kind, opened_at, closed_at, control_number, outbox_id)
    VALUES (9, 'clearinghouse', '837p', now(), now(), 103, currval('outbox_id_seq'));
"""
DENIAL = """
    INSERT INTO denial (id, claim_id, charge_line_id, remit_line_id, group_code, carc, rarcs,
                        amount_cents, status, denied_at)
    VALUES (1, {n}, {n}, 1, 'CO', '50', '[]', {cents}, '{status}', now());
"""
STATEMENT = """
    INSERT INTO statement (id, statement_no, guarantor_id, run, cycle, kind, amount_cents,
                           issued_on, due_on, outbox_id)
    VALUES (2, 'S00000002', 1, {run}, 1, 'statement', 500, '2026-02-01', '2026-02-22', {outbox});
"""
REVERSAL = """
    INSERT INTO remit_claim (id, remittance_id, ordinal, segment, pcn, status, charge_cents,
        paid_cents, patient_responsibility_cents, payer_claim_number, remarks, posting, posted_at,
        reverses_id)
    VALUES (2, 1, 2, 20, 'C1V1S1', '22', 0, 0, 0, 'ICN1', '[]', 'posted', now(), 1);
"""

AGAIN = """
    UPDATE outbox SET state = 'waiting' WHERE id = 3;
    INSERT INTO resend (outbox_id, because, insisted, by_id, at, recorded_at)
    SELECT 3, 'lost', true, 2, now(), to_timestamp(max(real_start)) - interval '{minutes} minutes'
    FROM clock_segment;
"""

# name: (SQL, the promise that finds it)
MUTANTS: dict[str, tuple[str, str]] = {
    # The guards themselves.
    "effect key not unique": (
        "ALTER TABLE entry DROP CONSTRAINT uq_entry_effect_key",
        "uniqueness is enforced",
    ),
    "control number not unique": (
        "ALTER TABLE submission DROP CONSTRAINT uq_submission_pcn",
        "uniqueness is enforced",
    ),
    "a version may wait to be sent twice": (
        "DROP INDEX uq_submission_unsent",
        "uniqueness is enforced",
    ),
    "a keyed remittance that nobody keyed": (
        "UPDATE remittance SET originator = 'keyed:60101'",
        "keyed EOBs are remittances once",
    ),
    "remittance key not unique": (
        "DROP INDEX uq_remittance_standing",
        "uniqueness is enforced",
    ),
    "task cause not unique": (
        "ALTER TABLE task DROP CONSTRAINT uq_task_subject_kind_cause",
        "uniqueness is enforced",
    ),
    "own approval not refused": (
        "ALTER TABLE write_off_request DROP CONSTRAINT ck_write_off_request_approved_by_another",
        "constraints are enforced",
    ),
    "posting without an entry allowed": (
        "ALTER TABLE posting DROP CONSTRAINT fk_posting_entry_id",
        "constraints are enforced",
    ),
    "due date may be empty": (
        "ALTER TABLE task ALTER due_on DROP NOT NULL",
        "columns are never empty",
    ),
    "balance trigger off": ("ALTER TABLE entry DISABLE TRIGGER balances", "guards are on"),
    "append-only trigger gone": ("DROP TRIGGER append_only ON journal", "guards are on"),
    "append-only trigger hollow": (
        (
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql "
            "AS 'BEGIN RETURN NULL; END'"
        ),
        "guards are on",
    ),
    "foreign keys off": ("ALTER TABLE posting DISABLE TRIGGER ALL", "guards are on"),
    "worker may change postings": (
        "GRANT UPDATE (cents) ON posting TO claimflow_worker",
        "roles are bounded",
    ),
    "web may delete audit rows": (
        "GRANT DELETE ON audit_event TO claimflow_web",
        "roles are bounded",
    ),
    # Money.
    "half an entry": (
        _without("posting", "account = 'cash:bank'"),
        "entries balance",
    ),
    "entry without postings": (
        (
            "INSERT INTO entry (effect_key, source, words, posted_on, period) "
            "VALUES ('k', 's', 'w', '2026-02-02', '2026-02')"
        ),
        "entries balance",
    ),
    "one effect twice": (
        (
            "ALTER TABLE entry DROP CONSTRAINT uq_entry_effect_key; "
            "UPDATE entry SET effect_key = 'charge:1:1' WHERE effect_key = 'charge:2:1'"
        ),
        "effects are single",
    ),
    "wrong period": (
        "UPDATE entry SET period = '2025-12' WHERE id = 1",
        "entries name their source",
    ),
    "posting on another encounter's line": (
        "UPDATE posting SET encounter_id = 1 WHERE charge_line_id = 2",
        "dimensions exist",
    ),
    "posting of an unknown payer": (
        "UPDATE posting SET payer_id = 99 WHERE account = 'adj:contractual'",
        "dimensions exist",
    ),
    "receivable of nobody": (
        "UPDATE posting SET payer_id = NULL WHERE account = 'ar:insurance' AND charge_line_id = 2",
        "receivables name who owes",
    ),
    "reversal of another sum": (
        entry(
            "('revenue:charges', 100, NULL::bigint, NULL::bigint, 2, 2, NULL)",
            "('ar:insurance', -100, 1, NULL, 2, 2, NULL)",
        )
        + "UPDATE entry SET reverses_id = 2 WHERE id = currval('entry_id_seq')",
        "reversals are exact",
    ),
    "skipped charge": (
        _without("posting", "entry_id = 2") + _without("entry", "id = 2"),
        "charges are posted",
    ),
    "void line still charged": (
        "UPDATE charge_line SET is_void = true WHERE id = 2",
        "charges are posted",
    ),
    "payment credited to another line": (
        "UPDATE posting SET charge_line_id = 2, encounter_id = 2 WHERE account = 'adj:contractual'",
        "charge lines add up",
    ),
    "large write-off of one person": (
        REQUEST.format(cents=22000, approver="NULL") + WRITE_OFF,
        "large write-offs have two people",
    ),
    "large write-off approved by its asker": (
        "ALTER TABLE write_off_request DROP CONSTRAINT ck_write_off_request_approved_by_another;"
        + REQUEST.format(cents=22000, approver="1")
        + WRITE_OFF,
        "large write-offs have two people",
    ),
    "large write-off that nobody asked for": (
        WRITE_OFF.replace("write-off 1", "elsewhere"),
        "large write-offs have two people",
    ),
    "write-off of another sum": (
        REQUEST.format(cents=100, approver="2") + WRITE_OFF,
        "write-offs post what was asked",
    ),
    # Claims.
    "doubled send": (_file("837p-000000103.x12", x12(103, "C2V1S1", 2)), "claims are sent once"),
    "sent, but in no file": (_without("outbox", "id = 2"), "claims are sent once"),
    "unknown claim sent": (
        _file("837p-000000103.x12", x12(103, "C9V9S9", 9)),
        "claims are sent once",
    ),
    "keyed at a portal without a confirmation": (
        "UPDATE submission SET channel = 'portal' WHERE id = 2",
        "portal claims are keyed once",
    ),
    "posted here, but nobody mailed it": (
        "UPDATE submission SET channel = 'paper', batch_id = NULL WHERE id = 2;" + PIECE,
        "claims posted here are mailed once",
    ),
    "mailed, but not sent": (
        PIECE + MAILED + "UPDATE submission SET channel = 'paper', batch_id = NULL,"
        " sent_at = NULL WHERE id = 2;",
        "claims posted here are mailed once",
    ),
    "letter signed and nowhere": (
        LETTER.format(outbox="NULL"),
        "letters posted here wait on the list",
    ),
    "letter on the list, and a file": (
        LETTER.format(outbox=1) + PAPER.format(kind="letter", enclosed="[]"),
        "letters posted here wait on the list",
    ),
    "letter on the list that nobody wrote": (
        PAPER.format(kind="letter", enclosed="[]"),
        "letters posted here wait on the list",
    ),
    "a document enclosed that is not there": (
        PAPER.format(kind="attachment", enclosed="[99]"),
        "letters posted here wait on the list",
    ),
    "a letter posted again that was not mailed": (
        LETTER.format(outbox="NULL")
        + PAPER.format(kind="letter", enclosed="[]")
        + """
        INSERT INTO mail_paper (claim_id, kind, reference, document_id, queued_at, replaces_id,
                                asked_by_id, because)
        SELECT claim_id, kind, reference, document_id, now(), id, 1, 'lost' FROM mail_paper;
        """,
        "letters posted here wait on the list",
    ),
    "mailed, and in a file": (PIECE + MAILED, "claims are sent once"),
    "a reprint of what was not mailed": (
        PIECE
        + """
        INSERT INTO mail_piece (submission_id, claim_id, form, pages, queued_at, replaces_id,
                                asked_by_id, because)
        VALUES (2, 2, 'CMS-1500', 1, now(), 11, 1, 'lost');
        """,
        "claims posted here are mailed once",
    ),
    "in another batch's file": (
        "UPDATE submission SET batch_id = 1 WHERE id = 2",
        "claims go in their batch",
    ),
    "replacement without F8": (
        _file("837p-000000103.x12", x12(103, "C2V2S1", 2, "7")) + SECOND_BATCH + SECOND_VERSION,
        "files say what versions say",
    ),
    "replacement of another claim": (
        _file("837p-000000103.x12", x12(103, "C2V2S1", 2, "7", "REF*F8*ICN7~"))
        + SECOND_BATCH
        + SECOND_VERSION,
        "files say what versions say",
    ),
    "another line sent": (_replaced(2, x12(102, "C2V1S1", 7)), "files say what versions say"),
    "control number used twice": (
        _replaced(2, x12(101, "C2V1S1", 2)),
        "control numbers are single",
    ),
    "half a file": (_replaced(2, x12(102, "C2V1S1", 2)[:150]), "files are whole"),
    "bytes changed after the fact": (
        "UPDATE outbox SET content = content || 'x'::bytea WHERE id = 3",
        "files are kept and sent once",
    ),
    "same bytes under another name": (
        (
            "INSERT INTO outbox (route, name, sha256, content, state, asked_at, sent_at) "
            "SELECT route, '837p-copy.x12', sha256, content, state, asked_at, sent_at "
            "FROM outbox WHERE id = 1"
        ),
        "files are kept and sent once",
    ),
    "batch without file": ("UPDATE batch SET outbox_id = NULL WHERE id = 2", "batches close whole"),
    "submission without content": (
        "UPDATE claim_version SET content = NULL WHERE id = 2",
        "versions are fixed before sending",
    ),
    "foreign control number": (
        "UPDATE submission SET pcn = 'C7V1S1' WHERE id = 2",
        "control numbers name submissions",
    ),
    "replacement of nothing": (
        (
            "ALTER TABLE claim_version DROP CONSTRAINT ck_claim_version_7_and_8_name_the_original; "
            "UPDATE claim_version SET frequency = '7' WHERE id = 2"
        ),
        "replacements name the original",
    ),
    "late charges of a practice": (
        (
            "UPDATE claim_version SET frequency = '5' WHERE id = 2; "
            "INSERT INTO late_charge (charge_line_id, way, because, added_by_id, added_at) "
            "VALUES (2, 'alone', '', 1, now())"
        ),
        "late charges are a facility's",
    ),
    "a facility's bill that is not late": (
        (
            "UPDATE claim SET form = 'I' WHERE id = 2; "
            "UPDATE claim_version SET frequency = '5' WHERE id = 2"
        ),
        "late charges are a facility's",
    ),
    "two submissions wait": (
        SECOND_VERSION
        + "UPDATE submission SET sent_at = NULL, batch_id = NULL WHERE id = 9;"
        + UNSENT.format(n=2)
        + "UPDATE claim SET stage = 'ready' WHERE id = 2;",
        "claims wait to be sent once",
    ),
    "a settled claim is to be sent": (
        UNSENT.format(n=1),
        "claims wait to be sent once",
    ),
    "sent although it was answered": (
        (
            "UPDATE remit_claim SET posted_at = s.sent_at - interval '1 minute' FROM submission s "
            "WHERE s.id = 1; UPDATE submission SET queued_at = queued_at - interval '1 hour' "
            "WHERE id = 1"
        ),
        "claims wait to be sent once",
    ),
    "a line billed twice": (
        (
            "INSERT INTO claim (id, encounter_id, coverage_id, payer_id, responsibility, stage, "
            "outcome, file_by_on, opened_at) SELECT 9, encounter_id, coverage_id, payer_id, 'P', "
            "'settled', 'paid', file_by_on, opened_at FROM claim WHERE id = 1; "
            "INSERT INTO claim_line (claim_id, charge_line_id) VALUES (9, 1)"
        ),
        "charge lines are billed once",
    ),
    "a claim for visits of no stay": (
        "INSERT INTO claim_line (claim_id, charge_line_id) VALUES (1, 2)",
        "claims bill one stay",
    ),
    "a facility line on a professional claim": (
        "UPDATE charge_line SET form = 'I', revenue_code = '0510' WHERE id = 1",
        "claims are of one form",
    ),
    "a claim in the batch of the other form": (
        "UPDATE batch SET kind = '837i' WHERE id = 1",
        "claims are of one form",
    ),
    "a facility's claim written as a professional one": (
        (
            "UPDATE claim SET form = 'I' WHERE id = 1; "
            "UPDATE charge_line SET form = 'I', revenue_code = '0510' WHERE id = 1; "
            "UPDATE batch SET kind = '837i' WHERE id = 1"
        ),
        "claims are of one form",
    ),
    "a facility that charges where it does not bill": (
        "UPDATE charge_line SET form = 'I', revenue_code = '0510' WHERE id = 1",
        "facilities bill for their places",
    ),
    "a facility that charges after it has ceased to bill": (
        (
            "UPDATE location SET facility_id = 1, type_of_bill = '13', facility_to = '2020-01-01'; "
            "UPDATE charge_line SET form = 'I', revenue_code = '0510' WHERE id = 1"
        ),
        "facilities bill for their places",
    ),
    "a claim that its leader is not on": (
        "UPDATE claim SET encounter_id = 2 WHERE id = 1",
        "claims bill one stay",
    ),
    "closed with a claim that another visit leads": (
        "UPDATE claim SET encounter_id = 2, stage = 'denied' WHERE id = 1",
        "closed encounters are over",
    ),
    "accepted, but never submitted": (
        _without("submission", "id = 2"),
        "sent claims were submitted",
    ),
    # Remittances.
    "doubled remittance": (
        (
            "DROP INDEX uq_remittance_standing; "
            "INSERT INTO remittance SELECT 2, gen_random_uuid(), raw_file_id, payer_id, "
            "originator, trace_number, paid_on, paid_cents, method, received_at, posted_at, "
            "bank_matched_at, recorded_at, practice_id FROM remittance"
        ),
        "remittances are taken once",
    ),
    "an undone EOB that nothing takes back": (
        (
            "UPDATE remittance SET undone_at = now(), undone_because = 'wrong', "
            "undone_by_id = (SELECT min(id) FROM app_user)"
        ),
        "undone EOBs are taken back whole",
    ),
    "remittance off by a cent": (
        "UPDATE remittance SET paid_cents = 10999",
        "remittances balance",
    ),
    "line posted twice": (
        entry(
            "('clearing', 11000, 1, NULL::bigint, 1, 1, NULL)",
            "('ar:insurance', -11000, 1, NULL, 1, 1, NULL)",
            key="other",
            remit_line=1,
        ),
        "lines are posted once",
    ),
    "skipped posting": (
        _without("posting", "entry_id = 3") + _without("entry", "id = 3"),
        "answers post what was paid",
    ),
    "skipped posting of a deductible": (
        _without("posting", "entry_id = 3")
        + _without("entry", "id = 3")
        + "UPDATE remit_line SET paid_cents = 0; UPDATE remit_claim SET paid_cents = 0",
        "answered lines leave a trace",
    ),
    "reversal that took nothing back": (REVERSAL, "reversals take back once"),
    "exception without task": (
        "UPDATE remit_claim SET posting = 'exception', posted_at = NULL",
        "unposted answers have their task",
    ),
    "answer forgotten": (
        "UPDATE remit_claim SET posting = NULL, posted_at = NULL",
        "unposted answers have their task",
    ),
    "cash not posted": (
        _without("posting", "entry_id = 4") + _without("entry", "id = 4"),
        "cash is what the payer sent",
    ),
    "cash posted twice": (
        entry(
            "('cash:bank', 11000, 1, NULL::bigint, NULL::bigint, NULL::bigint, NULL)",
            "('clearing', -11000, 1, NULL, NULL, NULL, NULL)",
            key="remit:1:again",
        ),
        "cash is what the payer sent",
    ),
    "cash of no remittance": (
        entry(
            "('cash:bank', 500, 1, NULL::bigint, NULL::bigint, NULL::bigint, NULL)",
            "('clearing', -500, 1, NULL, NULL, NULL, NULL)",
        ),
        "cash is what the payer sent",
    ),
    "too much sent back": (
        entry(
            "('cash:bank', -11001, 1, NULL::bigint, NULL::bigint, NULL::bigint, NULL)",
            "('liability:payer_offset', 11001, 1, NULL, NULL, NULL, NULL)",
            key="payer-refund:ALPHA:X1",
        ),
        "payers get back what was theirs",
    ),
    "provider adjustment not posted": (
        (
            "INSERT INTO remit_provider_adjustment (remittance_id, ordinal, segment, code, "
            "reference, cents) VALUES (1, 1, 30, 'L6', '', -500); "
            "UPDATE remittance SET paid_cents = 11500; "
            "UPDATE posting SET cents = sign(cents) * 11500 WHERE entry_id = 4"
        ),
        "clearing comes to zero",
    ),
    "bank line of another sum": (
        (
            "INSERT INTO bank_line (booked_on, trace, payer_tin, amount_cents, words, source_key, "
            "remittance_id) VALUES ('2026-01-26', 'T0101', '1', 10999, '', 'b1', 1)"
        ),
        "bank lines agree",
    ),
    "bank line of an undone EOB": (
        (
            "UPDATE remittance SET undone_at = now(), undone_because = 'wrong', bank_matched_at = "
            "now(), undone_by_id = (SELECT min(id) FROM app_user); "
            "INSERT INTO bank_line (booked_on, trace, payer_tin, amount_cents, words, source_key, "
            "remittance_id) SELECT '2026-01-26', trace_number, '1', paid_cents, '', 'b1', id "
            "FROM remittance ORDER BY id LIMIT 1"
        ),
        "bank lines agree",
    ),
    "denied amount written away": (
        DENIAL.format(n=2, cents=22001, status="decided"),
        "denied money stays receivable",
    ),
    "denial that nobody works": (
        DENIAL.format(n=2, cents=5000, status="open") + _without("wait", "id = 1"),
        "denials are asked about",
    ),
    # Encounters.
    "closed with a balance": (
        _without("posting", "entry_id = 5") + _without("entry", "id = 5"),
        "closed encounters are at zero",
    ),
    "closed with an open task": (
        OPEN_TASK.format(n=1, due_on="2026-04-01"),
        "closed encounters are over",
    ),
    "closed with an open appeal": (
        (
            "INSERT INTO appeal_case (claim_id, kind, level, round, status, argument, basis_on, "
            "due_on) VALUES (1, 'appeal', 1, 1, 'sent', '', '2026-02-01', '2026-05-01')"
        ),
        "closed encounters are over",
    ),
    "closed with an open claim": (
        "UPDATE claim SET stage = 'denied' WHERE id = 1",
        "closed encounters are over",
    ),
    "closed without a date": (
        (
            "ALTER TABLE encounter DROP CONSTRAINT ck_encounter_ended_when_not_open; "
            "UPDATE encounter SET ended_at = NULL"
        ),
        "ends are dated",
    ),
    "open without a subject": (
        "UPDATE subject SET is_open = false WHERE key = 'encounter:E00000002'",
        "open encounters have a subject",
    ),
    "open, waiting for nothing": (_without("wait", "id = 1"), "open encounters wait for something"),
    "open claim, waiting for nothing": (
        "UPDATE wait SET claim_id = NULL",
        "open claims wait for something",
    ),
    "deadline missed": (
        "UPDATE wait SET until_at = '2026-02-20 00:00Z' WHERE id = 1",
        "deadlines are kept",
    ),
    "wait without words": ("UPDATE wait SET then_what = ''", "waits say what for"),
    "waiting for an answered task": ("UPDATE wait SET task_id = 1", "waits end with their task"),
    # Tasks.
    "task without a date": (
        OPEN_TASK.format(n=2, due_on="2026-04-01")
        + "ALTER TABLE task ALTER due_on DROP NOT NULL; UPDATE task SET due_on = NULL WHERE id > 1",
        "tasks have a date and a queue",
    ),
    "task of nothing": (
        OPEN_TASK.format(n=9, due_on="2026-04-01"),
        "tasks belong to a subject",
    ),
    "answer of nobody": (
        "UPDATE task SET answered_by_id = NULL WHERE id = 1",
        "answers say who and when",
    ),
    "asked twice": (
        "ALTER TABLE task DROP CONSTRAINT uq_task_subject_kind_cause; "
        + OPEN_TASK.format(n=2, due_on="2026-04-01") * 2,
        "tasks are asked once",
    ),
    "log cut": (_without("task_log", "action = 'answered'"), "task logs are complete"),
    "task without a deadline": (
        OPEN_TASK.format(n=2, due_on="2026-04-01"),
        "open tasks have a deadline",
    ),
    "late task forgotten": (
        OPEN_TASK.format(n=2, due_on="2026-02-20")
        + "UPDATE wait SET task_id = (SELECT max(id) FROM task)",
        "late tasks are escalated",
    ),
    # Patients.
    "statement before the payer answered": (
        STATEMENT.format(run=2, outbox="NULL") + "UPDATE statement SET outbox_id = 1 WHERE id = 2; "
        "INSERT INTO statement_line VALUES (2, 2, 500)",
        "statements wait for payers",
    ),
    "statement twice": (
        "ALTER TABLE statement DROP CONSTRAINT uq_statement_guarantor_id_run_cycle; "
        + STATEMENT.format(run=1, outbox="NULL"),
        "statements are issued once",
    ),
    "statement of another sum": (
        "UPDATE statement SET amount_cents = 2400",
        "statements ask for their lines",
    ),
    "receipt posted twice": (
        entry(
            "('cash:patient', 2500, NULL::bigint, 1, NULL::bigint, NULL::bigint, NULL)",
            "('liability:unapplied', -2500, NULL, 1, NULL, NULL, NULL)",
        ),
        "receipts are posted once",
    ),
    "obligation of ours billed to the patient": (
        "UPDATE remit_adjustment SET group_code = 'CO' WHERE group_code = 'PR'",
        "patients owe only their share",
    ),
    "balance where payment was in full": (
        "UPDATE payer SET is_payment_in_full = true",
        "patients owe only their share",
    ),
    "refused as our obligation, moved to the patient": (
        DENIAL.format(n=2, cents=100, status="resolved")
        + entry(
            "('ar:patient', 100, NULL::bigint, 1, 2, 2, NULL)",
            "('ar:insurance', -100, 1, NULL, 2, 2, NULL)",
            source="denial 1",
        ),
        "contractual obligations stay off patients",
    ),
    "debtor without statements": (
        _without("posting", "entry_id = 5")
        + _without("entry", "id = 5")
        + "UPDATE encounter SET stage = 'patient', ended_at = NULL WHERE id = 1",
        "debtors have an account at work",
    ),
    # What resumes the system.
    "journal gap": (
        _without("journal", "subject = 'encounter:E00000001' AND rev = 2"),
        "journals have no gap",
    ),
    "revision without journal": (
        "UPDATE subject SET rev = rev + 1 WHERE key = 'encounter:E00000002'",
        "journals have no gap",
    ),
    "wake to nobody": (
        "INSERT INTO wake (subject, wanted_at) VALUES ('encounter:E00000009', '2026-05-31 20:00Z')",
        "wakes are delivered",
    ),
    "file never sent": (
        "UPDATE outbox SET state = 'prepared', part = '.p', sent_at = NULL WHERE id = 3",
        "files go out",
    ),
    "file asked for once more and never sent": (
        AGAIN.format(minutes=2),
        "files go out",
    ),
    "unused file that nobody hears of": (
        "UPDATE raw_file SET judgement = 'quarantined'",
        "unused files are asked about",
    ),
    "account that waits for nothing": (
        "UPDATE subject SET is_open = true WHERE key = 'patient-balance:G00000001'",
        "open subjects wait for something",
    ),
    "remittance forgotten": ("UPDATE remittance SET posted_at = NULL", "remittances are worked"),
    "step that keeps failing": (
        (
            "INSERT INTO incident (subject, step, words, failures, first_at) "
            "VALUES ('encounter:E00000002', 'edit', 'It fails', 9, '2026-05-31 20:00Z')"
        ),
        "nothing stays failed",
    ),
    "a person's name in a key": (
        (
            "INSERT INTO subject (key, is_open, moved_at) "
            "VALUES ('encounter:SAMPLE-ADA', false, now())"
        ),
        "names say nothing",
    ),
    # Audit.
    "answer not audited": ("DELETE FROM audit_event", "answers are audited"),
    "hold not audited": (
        (
            "INSERT INTO hold (encounter_id, reason, held_from_at, held_until_at, held_by_id) "
            "VALUES (2, 'R', now(), now() + interval '1 day', 2)"
        ),
        "holds are audited",
    ),
    "audit row of nobody": ("UPDATE audit_event SET role = NULL", "audit rows say who"),
}
