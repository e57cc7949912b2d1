"""Statements go out once per (guarantor, run, cycle): row, lines, paper and files in one commit."""

import datetime as dt
import hashlib
import json
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from casework import outgoing
from casework.moment import Moment
from casework.patients.paper import Asked, compose
from casework.patients.receivables import owed_lines
from db.models import Document, Encounter, Guarantor, Outbox, Statement, StatementLine
from domain.correspondence import StatementKind
from domain.dunning import DUE_WITHIN, Bill, SendNotice
from forms.statement import statement_pdf

ROUTE = "statements"


def issue(session: Session, guarantor: Guarantor, notice: SendNotice, now: Moment) -> Statement:
    """Ask for what these bills owe now."""
    run = notice.run if notice.run is not None else _next_run(session, guarantor)
    encounters = encounters_of(session, notice.bills)
    row = Statement(
        statement_no=next_number(session),
        guarantor_id=guarantor.id,
        run=run,
        cycle=notice.cycle,
        kind=notice.kind,
        amount_cents=sum(bill.cents for bill in notice.bills),
        issued_on=now.today,
        due_on=now.today + DUE_WITHIN,
        lines=[
            StatementLine(encounter_id=bill.encounter_id, cents=bill.cents)
            for bill in notice.bills
            if bill.encounter_id is not None
        ],
    )
    session.add(row)
    session.flush()
    asked = _asked(session, row, notice, encounters)
    pdf = statement_pdf(compose(session, guarantor, asked))
    row.document_id = keep_paper(session, row.statement_no, pdf, encounters, now).id
    row.outbox_id = send(session, row.statement_no, _manifest(session, guarantor, row), pdf, now).id
    session.flush()
    return row


def encounters_of(session: Session, bills: tuple[Bill, ...]) -> tuple[Encounter, ...]:
    ids = [bill.encounter_id for bill in bills if bill.encounter_id is not None]
    return tuple(session.get_one(Encounter, encounter_id) for encounter_id in ids)


def next_number(session: Session) -> str:
    """The name of a statement, a plan letter or a refund; used once."""
    number = session.scalar(text("select nextval('statement_number')"))
    return f"S{number:08d}"


def send(
    session: Session, number: str, manifest: dict[str, Any], pdf: bytes | None, now: Moment
) -> Outbox:
    """Put the manifest, and the paper if there is one, where the sender finds them."""
    content = json.dumps(manifest, indent=1).encode()
    row = outgoing.put(session, ROUTE, f"statement-{number}.json", content, now)
    if pdf is not None:
        outgoing.put(session, ROUTE, f"statement-{number}.pdf", pdf, now)
    return row


def keep_paper(
    session: Session, number: str, pdf: bytes, encounters: tuple[Encounter, ...], now: Moment
) -> Document:
    row = Document(
        encounter_id=encounters[0].id if len(encounters) == 1 else None,
        kind="statement",
        title=f"Statement {number}",
        mime="application/pdf",
        sha256=hashlib.sha256(pdf).hexdigest(),
        content=pdf,
        received_at=now.at,
    )
    session.add(row)
    session.flush()
    return row


def base_manifest(
    number: str, guarantor: Guarantor, cents: int, issued_on: dt.date, kind: str
) -> dict[str, Any]:
    return {
        "statement_no": number,
        "account_no": guarantor.account_no,
        "amount_cents": cents,
        "issued_on": issued_on.isoformat(),
        "kind": kind,
    }


def line_shares(session: Session, encounters: tuple[Encounter, ...]) -> list[dict[str, Any]]:
    """What is asked for by charge line, under the name it has in the exchange."""
    return [
        {"line": f"L{line_id}", "cents": cents}
        for encounter in encounters
        for line_id, cents in owed_lines(session, encounter)
    ]


def _next_run(session: Session, guarantor: Guarantor) -> int:
    last = session.scalar(
        select(func.max(Statement.run)).where(Statement.guarantor_id == guarantor.id)
    )
    return (last or 0) + 1


def _asked(
    session: Session, row: Statement, notice: SendNotice, encounters: tuple[Encounter, ...]
) -> Asked:
    earlier = session.scalars(
        select(Statement)
        .where(Statement.guarantor_id == row.guarantor_id, Statement.run == row.run)
        .where(Statement.cycle < row.cycle)
        .order_by(Statement.cycle)
    ).all()
    return Asked(
        statement_no=row.statement_no,
        kind=StatementKind(row.kind),
        cycle=row.cycle,
        encounters=encounters,
        fees_cents=sum(bill.cents for bill in notice.bills if bill.encounter_id is None),
        issued_on=row.issued_on,
        due_on=row.due_on,
        first_billed_on=earlier[0].issued_on if earlier else row.issued_on,
        paid_since=earlier[-1].issued_on if earlier else None,
    )


def _manifest(session: Session, guarantor: Guarantor, row: Statement) -> dict[str, Any]:
    encounters = tuple(session.get_one(Encounter, line.encounter_id) for line in row.lines)
    base = base_manifest(row.statement_no, guarantor, row.amount_cents, row.issued_on, row.kind)
    return base | {
        "due_on": row.due_on.isoformat(),
        "cycle": row.cycle,
        "lines": line_shares(session, encounters),
    }
