"""A small consistent world by plain SQL: one encounter paid and closed, one that still waits.

Invented people; every number is written out, so that a mutant can name the row it breaks.
"""

import datetime as dt
import hashlib
import json
from typing import Any

from psycopg2.extensions import cursor as Cursor  # noqa: N812 - the driver's own name.
from psycopg2.extras import Json

NOW_AT = dt.datetime(2026, 3, 2, 15, tzinfo=dt.UTC)
REAL_NOW = dt.datetime(2026, 6, 1, tzinfo=dt.UTC)
RECORDED = REAL_NOW - dt.timedelta(hours=1)
ADDRESS = {"line1": "118 Sample Lane", "city": "Fairmont", "state": "TX", "postal_code": "75001"}

# Who is who: the ids that tests speak of.
BILLER, SUPERVISOR = 1, 2
PAID, WAITING = 1, 2
RECORDED_TABLES = {
    "subject", "journal", "outbox", "raw_file", "entry", "encounter", "patient", "document", "task",
    "task_log", "audit_event", "receipt", "remittance", "coverage", "ack",
}  # fmt: skip


def at(day: int) -> dt.datetime:
    return dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC) + dt.timedelta(days=day)


def insert(cursor: Cursor, table: str, **values: Any) -> int | str:
    """One row as it is; returns its first column."""
    if table in RECORDED_TABLES:
        values.setdefault("recorded_at", RECORDED)
    names = ", ".join(values)
    marks = ", ".join(["%s"] * len(values))
    cursor.execute(
        f"INSERT INTO {table} ({names}) VALUES ({marks}) RETURNING *",
        [Json(value) if isinstance(value, dict | list) else value for value in values.values()],
    )
    row = cursor.fetchone()
    assert row is not None
    key: int | str = row[0]
    return key


def build(cursor: Cursor) -> None:
    """Everything below, in one transaction of the caller's."""
    _practice(cursor)
    _people(cursor)
    _encounter(cursor, PAID, stage="closed", ended_at=at(40))
    _encounter(cursor, WAITING, stage="claims", ended_at=None)
    _claim(cursor, PAID, stage="settled", outcome="paid", control=101)
    _claim(cursor, WAITING, stage="accepted", outcome=None, control=102)
    _remittance(cursor)
    _patient_paid(cursor)
    _task(cursor)
    _subjects(cursor)


def x12(control: int, pcn: str, line: int, frequency: str = "1", extra: str = "") -> bytes:
    """As much of an 837P as the promises look at."""
    isa = (
        "ISA*00*          *00*          *ZZ*CEDARHOLLOW    *ZZ*CLEARHOUSE     *260106*1200*^*00501*"
        f"{control:09d}*0*T*:~"
    )
    claim = f"CLM*{pcn}*220***11:B:{frequency}*Y*A*Y*Y~{extra}LX*1~REF*6R*L{line}~"
    return f"{isa}GS*HC~ST*837*0001~{claim}SE*9*0001~GE*1*1~IEA*1*{control:09d}~".encode()


def put_file(cursor: Cursor, name: str, content: bytes, **values: Any) -> int | str:
    row = {
        "route": "clearinghouse", "name": name, "content": content,
        "sha256": hashlib.sha256(content).hexdigest(), "state": "done",
        "asked_at": at(1), "sent_at": at(1),
    }  # fmt: skip
    return insert(cursor, "outbox", **(row | values))


def post(cursor: Cursor, key: str, *legs: dict[str, Any], **values: Any) -> int | str:
    """An entry with its postings; each leg as a dict of columns."""
    row = {
        "effect_key": key, "source": "test", "words": "Posted", "posted_on": at(30).date(),
        "period": f"{at(30):%Y-%m}",
    }  # fmt: skip
    entry = insert(cursor, "entry", **(row | values))
    for leg in legs:
        insert(cursor, "posting", entry_id=entry, **leg)
    return entry


def leg(account: str, cents: int, line: int | None = None, **values: Any) -> dict[str, Any]:
    """A posting on the charge line (and encounter and claim) of that number, or on none."""
    places = {"charge_line_id": line, "encounter_id": line, "patient_id": 1} if line else {}
    payer = {"payer_id": 1} if account in {"ar:insurance", "clearing", "adj:contractual"} else {}
    owed = {"guarantor_id": 1} if account in {"ar:patient", "cash:patient"} else {}
    return {"account": account, "cents": cents} | places | payer | owed | values


def _practice(cursor: Cursor) -> None:
    insert(cursor, "practice", id=1, name="Cedar Hollow Family Medicine")
    for real_at, is_running in ((REAL_NOW - dt.timedelta(days=1), True), (REAL_NOW, False)):
        insert(
            cursor, "clock_segment", real_start=real_at.timestamp(), business_start=NOW_AT,
            speed=1.0, is_running=is_running,
        )  # fmt: skip
    insert(cursor, "org_unit", id=1, name="Main")
    insert(
        cursor, "location", id=1, org_unit_id=1, name="Main", place_of_service="11", address=ADDRESS
    )
    insert(
        cursor, "provider", id=1, npi="1234567893", last_name="Okafor", first_name="Ruth",
        taxonomy="207Q00000X", title="MD",
    )  # fmt: skip
    for number, name, role in ((1, "bea", "biller"), (2, "sam", "supervisor")):
        insert(
            cursor, "app_user", id=number, username=name, full_name=name.title(), role=role,
            password_hash="-",
        )  # fmt: skip
    insert(
        cursor, "payer", id=1, payer_no="60101", name="Acme Health", kind="commercial",
        filing_code="CI", takes_frequency_7=True, appeal_levels=1, appeal_days=180,
        decision_days=30, timely_days=180, hears_timely_filing=True, usual_days=21,
        is_payment_in_full=False, address=ADDRESS,
    )  # fmt: skip
    insert(cursor, "plan", id=1, payer_id=1, name="Acme One")


def _people(cursor: Cursor) -> None:
    insert(
        cursor, "guarantor", id=1, account_no="G00000001", last_name="Sample", first_name="Ada",
        address=ADDRESS,
    )  # fmt: skip
    insert(
        cursor, "patient", id=1, mrn="MRN1", last_name="Sample", first_name="Ada",
        birth_on=dt.date(1980, 1, 1), gender="F", address=ADDRESS,
    )  # fmt: skip
    insert(
        cursor, "coverage", id=1, patient_id=1, plan_id=1, rank=1, member_id="ACM1",
        relationship_to_subscriber="self", valid_from=dt.date(2025, 1, 1),
    )  # fmt: skip


def _encounter(cursor: Cursor, number: int, **values: Any) -> None:
    """With one charge line of $220.00, charged to the payer."""
    insert(
        cursor, "encounter", id=number, encounter_no=f"E{number:08d}", source="ehr",
        source_key=f"ehr:{number}", patient_id=1, guarantor_id=1, provider_id=1, location_id=1,
        encounter_class="AMB", place_of_service="11", service_on=at(0).date(),
        coding_status="coded", has_charted_codes=True, registered_at=at(0), **values,
    )  # fmt: skip
    insert(
        cursor, "charge_line", id=number, encounter_id=number, ordinal=1, code="99214",
        modifiers=[], units=1, pointers=[1], service_on=at(0).date(), charge_cents=22000,
        payer_id=1 if values["ended_at"] is None else None,
    )  # fmt: skip
    post(
        cursor, f"charge:{number}:1",
        leg("ar:insurance", 22000, number), leg("revenue:charges", -22000, number),
    )  # fmt: skip


def _claim(cursor: Cursor, number: int, *, control: int, **values: Any) -> None:
    """Sent once, in a batch of its own."""
    insert(
        cursor, "claim", id=number, encounter_id=number, coverage_id=1, payer_id=1,
        responsibility="P", payer_claim_number=f"ICN{number}", file_by_on=at(180).date(),
        opened_at=at(1), **values,
    )  # fmt: skip
    insert(cursor, "claim_line", claim_id=number, charge_line_id=number, expected_cents=13500)
    insert(
        cursor, "claim_version", id=number, claim_id=number, version=1, frequency="1",
        because="original", charge_line_ids=[number], content={"pcn": f"C{number}V1S1"},
        made_at=at(1),
    )  # fmt: skip
    pcn = f"C{number}V1S1"
    outbox = put_file(cursor, f"837p-{control:09d}.x12", x12(control, pcn, number))
    insert(
        cursor, "batch", id=number, route="clearinghouse", kind="837p", opened_at=at(1),
        closed_at=at(1), control_number=control, outbox_id=outbox,
    )  # fmt: skip
    insert(
        cursor, "submission", id=number, claim_version_id=number, number=1, pcn=pcn,
        batch_id=number, channel="edi", queued_at=at(1), sent_at=at(1), ack_status="accepted",
        accepted_at=at(2),
    )  # fmt: skip


def _remittance(cursor: Cursor) -> None:
    """$110.00 paid, $85.00 contractual, $25.00 the patient's."""
    content = b"ISA*an 835~"
    insert(
        cursor, "raw_file", id=1, sha256=hashlib.sha256(content).hexdigest(), name="835.x12",
        route="clearinghouse", content=content, kinds="835", judgement="taken", words="taken",
        received_at=at(21),
    )  # fmt: skip
    insert(
        cursor, "remittance", id=1, raw_file_id=1, payer_id=1, originator="1123456789",
        trace_number="T0101", paid_on=at(21).date(), paid_cents=11000, method="ACH",
        received_at=at(21), posted_at=at(21),
    )  # fmt: skip
    insert(
        cursor, "remit_claim", id=1, remittance_id=1, ordinal=1, segment=9, pcn="C1V1S1",
        status="1", charge_cents=22000, paid_cents=11000, patient_responsibility_cents=2500,
        payer_claim_number="ICN1", remarks=[], submission_id=1, claim_id=1, posting="posted",
        posted_at=at(21),
    )  # fmt: skip
    insert(
        cursor, "remit_line", id=1, remit_claim_id=1, ordinal=1, segment=11, code="99214",
        modifiers=[], charge_cents=22000, paid_cents=11000, units=1, line_control="L1",
        charge_line_id=1, remarks=[],
    )  # fmt: skip
    for ordinal, (group, carc, cents) in enumerate((("CO", "45", 8500), ("PR", "3", 2500)), 1):
        insert(
            cursor, "remit_adjustment", id=ordinal, remit_line_id=1, ordinal=ordinal, segment=12,
            group_code=group, carc=carc, cents=cents,
        )  # fmt: skip
    post(
        cursor, "remit:1:1:1",
        leg("clearing", 11000, PAID, claim_id=1), leg("adj:contractual", 8500, PAID, claim_id=1),
        leg("ar:patient", 2500, PAID, claim_id=1),
        leg("ar:insurance", -22000, PAID, claim_id=1),
        source="remittance", remit_line_id=1,
    )  # fmt: skip
    post(
        cursor, "remit:1:file", leg("cash:bank", 11000, payer_id=1), leg("clearing", -11000),
        source="remittance",
    )  # fmt: skip


def _patient_paid(cursor: Cursor) -> None:
    """A statement of $25.00, and the check that answered it."""
    content = json.dumps({"statement_no": "S00000001"}).encode()
    outbox = put_file(
        cursor, "statement-S00000001.json", content, route="statements",
        recorded_at=RECORDED + dt.timedelta(minutes=10),
    )  # fmt: skip
    insert(
        cursor, "statement", id=1, statement_no="S00000001", guarantor_id=1, run=1, cycle=1,
        kind="statement", amount_cents=2500, issued_on=at(22).date(), due_on=at(43).date(),
        outbox_id=outbox,
    )  # fmt: skip
    insert(cursor, "statement_line", statement_id=1, encounter_id=PAID, cents=2500)
    insert(
        cursor, "receipt", id=1, guarantor_id=1, statement_id=1, kind="check", cents=2500,
        check_no="1001", source_key="lockbox:1", received_on=at(40).date(),
    )  # fmt: skip
    post(cursor, "receipt:lockbox:1", leg("cash:patient", 2500), leg("ar:patient", -2500, PAID))


def _task(cursor: Cursor) -> None:
    """A question about the closed encounter, answered by the biller."""
    insert(
        cursor, "task", subject="encounter:E00000001", kind="edit_fix", cause="edit:1",
        queue="biller", status="answered", title="Fix", reason="A modifier is missing", details={},
        amount_cents=22000, encounter_id=PAID, claim_id=1, opened_at=at(1), due_on=at(3).date(),
        answer={"done": True}, answered_by_id=BILLER, answered_at=at(1),
    )  # fmt: skip
    for action, user in (("opened", None), ("answered", BILLER)):
        insert(cursor, "task_log", task_id=1, user_id=user, action=action, words="", at=at(1))
    cursor.execute("SELECT uuid::text FROM task WHERE id = 1")
    [uuid] = cursor.fetchone() or ("",)
    insert(
        cursor, "audit_event", user_id=BILLER, role="biller", action="task answered",
        object_kind="task", object_key=uuid, outcome="done", words="",
    )  # fmt: skip


def _subjects(cursor: Cursor) -> None:
    """Revisions with their journal; the open encounter waits for its remittance."""
    for key, is_open, revs in (
        ("encounter:E00000001", False, 3),
        ("encounter:E00000002", True, 2),
        ("patient-balance:G00000001", False, 1),
        ("remittance:1", False, 1),
        ("batch:clearinghouse", False, 2),
        ("system:route-acme-direct-2", False, 1),
        ("sending:1", False, 0),
        ("enrolment:1", False, 0),
    ):
        insert(cursor, "subject", key=key, rev=revs, is_open=is_open, moved_at=at(40))
        for rev in range(1, revs + 1):
            insert(
                cursor, "journal", subject=key, rev=rev, step="step", words="Something", at=at(rev)
            )
    insert(
        cursor, "wait", id=1, subject="encounter:E00000002", claim_id=WAITING, kind="message",
        what="the remittance", then_what="the payer is asked", since_at=at(2),
        until_at=NOW_AT + dt.timedelta(days=10),
    )  # fmt: skip
