"""The bank's lines beside the remittances: stored once, matched, and never money themselves."""

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass
from itertools import count

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import bank_matching, inbox, quarantine
from casework.inbox import Judgement, Verdict
from casework.moment import Moment
from casework.quarantine import Fault
from db.models import BankLine
from domain.tasks import TaskKind

ROUTE = "bank"
COLUMNS = ("booked_on", "trace", "payer_tin", "amount_cents", "text")


@dataclass(frozen=True, kw_only=True)
class Booked:
    booked_on: dt.date
    trace: str
    payer_tin: str
    amount_cents: int
    text: str


class BadBankFile(Exception):
    """The file is not what a bank sends us; the words say where and what."""


def take_in_bank(session: Session, name: str, content: bytes, now: Moment) -> Judgement:
    """Store the file's lines and match what can be matched. The same line twice is stored once."""
    file = inbox.register(session, ROUTE, name, content, now)
    if file is None:
        return inbox.repeated(session, name, content)
    file.kinds = "bank"
    try:
        lines = read_lines(content)
    except BadBankFile as bad:
        fault = _unusable(name, str(bad))
        quarantine.open_tasks(session, file, [fault], now)
        file.judgement, file.words = Verdict.QUARANTINED, f"{name}: {bad}"
    else:
        stored = store(session, lines)
        matched = match_all(session, now)
        file.words = f"{name}: {stored} new lines of {len(lines)}, {matched} matched."
    session.flush()
    return Judgement(verdict=Verdict(file.judgement), sentences=(file.words,), raw_file_id=file.id)


def read_lines(content: bytes) -> list[Booked]:
    """Every line, or `BadBankFile` for the first that cannot be read."""
    rows = csv.DictReader(io.StringIO(content.decode("utf-8", "replace")))
    if tuple(rows.fieldnames or ()) != COLUMNS:
        raise BadBankFile(f"line 1: the columns must be {','.join(COLUMNS)}. Ask the bank again.")
    return [_booked(row, place) for row, place in zip(rows, count(2), strict=False)]


def store(session: Session, lines: list[Booked]) -> int:
    """Lines that are equal in all they say count by how often they stand in one file."""
    seen: dict[Booked, int] = {}
    stored = 0
    for line in lines:
        seen[line] = seen.get(line, 0) + 1
        made = session.scalar(
            insert(BankLine)
            .values(
                booked_on=line.booked_on, trace=line.trace, payer_tin=line.payer_tin,
                amount_cents=line.amount_cents, words=line.text,
                source_key=_source_key(line, seen[line]),
            )
            .on_conflict_do_nothing(index_elements=["source_key"])
            .returning(BankLine.id)
        )  # fmt: skip
        stored += made is not None
    return stored


def match_all(session: Session, now: Moment) -> int:
    """How many of the lines that had no remittance have one now."""
    free = session.scalars(
        select(BankLine).where(BankLine.remittance_id.is_(None)).order_by(BankLine.id)
    ).all()
    return sum(bank_matching.match_line(session, line, now) for line in free)


def _booked(row: dict[str, str], place: int) -> Booked:
    try:
        return Booked(
            booked_on=dt.date.fromisoformat(row["booked_on"]),
            trace=row["trace"].strip(),
            payer_tin=row["payer_tin"].strip(),
            amount_cents=int(row["amount_cents"]),
            text=row["text"] or "",
        )
    except (AttributeError, TypeError, ValueError):
        raise BadBankFile(
            f"line {place}: a date, a trace and whole cents are needed. Ask the bank again."
        ) from None


def _source_key(line: Booked, nth: int) -> str:
    said = f"{line.booked_on}|{line.trace}|{line.payer_tin}|{line.amount_cents}|{line.text}|{nth}"
    return hashlib.sha256(said.encode()).hexdigest()


def _unusable(name: str, words: str) -> Fault:
    return Fault(
        kind=TaskKind.QUARANTINED_FILE,
        case="unreadable",
        title=f"File {name[:60]} cannot be used",
        words=words,
        details={"file": name, "findings": [words]},
    )
