"""The lockbox: each row of a file is money once; a row that cannot be trusted is asked about.

A row names itself (account, statement, check, amount, date): the same row in another file is the
same money. Good rows are taken in though others are bad; all bad rows of a file make one task.
"""

import csv
import datetime as dt
import hashlib
import io
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import subjects, tasks
from casework.moment import Moment
from casework.patients import receive_payment, return_payment, unreturned_check
from casework.patients.account_subjects import lock_encounters, may_be_touched
from db.models import Guarantor, RawFile, Receipt, Statement
from domain.money import dollars
from domain.tasks import TaskKind

ROUTE = "lockbox"
COLUMNS = ("received_on", "statement_no", "account_no", "amount_cents", "check_no")
ROWS_MAX = 10_000
SHOWN_MAX = 20


@dataclass(frozen=True, kw_only=True)
class BadRow:
    """Where, and which rule it breaks. `row` counts from 1 after the header; 0 is the file."""

    row: int
    rule: str


@dataclass(frozen=True, kw_only=True)
class LockboxIntake:
    taken: int
    repeated: int
    bad: tuple[BadRow, ...]

    @property
    def words(self) -> str:
        return f"{self.taken} rows taken, {self.repeated} repeated, {len(self.bad)} refused"


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row that reads well; whether it fits our books is seen when it is posted."""

    number: int
    received_on: dt.date
    statement_no: str
    account_no: str
    cents: int
    check_no: str

    @property
    def source_key(self) -> str:
        names = (self.account_no, self.statement_no, self.check_no, self.cents, self.received_on)
        return f"lockbox:{':'.join(map(str, names))}"


class Unfit(Exception):
    """Why a row cannot be taken in, as a sentence."""


def take_in(session: Session, name: str, content: bytes, now: Moment) -> LockboxIntake:
    """Post the rows of a file, once each, and ask about those that cannot be posted."""
    rows, bad = _read(content)
    _lock(session, rows)
    taken = repeated = 0
    for row in rows:
        try:
            is_new = _post(session, row, now)
        except Unfit as unfit:
            bad.append(BadRow(row=row.number, rule=str(unfit)))
        else:
            taken, repeated = taken + is_new, repeated + (not is_new)
    result = LockboxIntake(
        taken=taken, repeated=repeated, bad=tuple(sorted(bad, key=lambda one: one.row))
    )
    if bad:
        _ask(session, name, content, result, now)
    return result


def _read(content: bytes) -> tuple[list[Row], list[BadRow]]:
    """Every row that reads well, and the rule that each other one breaks."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return [], [BadRow(row=0, rule=f"Byte {error.start} is not text in UTF-8.")]
    reader = csv.reader(io.StringIO(text))
    header = tuple(next(reader, []))
    if header != COLUMNS:
        return [], [BadRow(row=0, rule=f"The first line must be {','.join(COLUMNS)}.")]
    rows: list[Row] = []
    bad: list[BadRow] = []
    for number, values in enumerate(reader, 1):
        if number > ROWS_MAX:
            bad.append(BadRow(row=number, rule=f"A file holds at most {ROWS_MAX} rows."))
            break
        try:
            rows += [_row(number, values)] if values else []
        except Unfit as unfit:
            bad.append(BadRow(row=number, rule=str(unfit)))
    return rows, bad


def _row(number: int, values: list[str]) -> Row:
    if len(values) != len(COLUMNS):
        raise Unfit(f"It has {len(values)} columns instead of {len(COLUMNS)}.")
    received_on, statement_no, account_no, cents, check_no = (value.strip() for value in values)
    return Row(
        number=number,
        received_on=_date(received_on),
        statement_no=statement_no,
        account_no=account_no,
        cents=_cents(cents),
        check_no=check_no,
    )


def _date(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Unfit("received_on is not a date like 2026-03-31.") from None


def _cents(text: str) -> int:
    try:
        cents = int(text)
    except ValueError:
        raise Unfit("amount_cents is not a whole number of cents.") from None
    if not cents or abs(cents) > 10**12:
        raise Unfit("amount_cents is nothing, or more than money can be.")
    return cents


def _lock(session: Session, rows: list[Row]) -> None:
    """All encounters of the file first, then all accounts: one order for everybody."""
    numbers = {row.account_no for row in rows}
    guarantors = session.scalars(
        select(Guarantor).where(Guarantor.account_no.in_(numbers)).order_by(Guarantor.account_no)
    ).all()
    lock_encounters(
        session, [one for guarantor in guarantors for one in may_be_touched(session, guarantor)]
    )


def _post(session: Session, row: Row, now: Moment) -> bool:
    """True if the row was new."""
    if session.scalar(select(Receipt.id).where(Receipt.source_key == row.source_key)):
        return False
    statement = _statement(session, row)
    guarantor = _guarantor(session, row, statement)
    if row.cents < 0:
        return _return(session, row, guarantor, now)
    receipt = receive_payment(
        session,
        guarantor,
        row.cents,
        "check",
        row.received_on,
        row.source_key,
        now,
        statement=statement,
        check_no=row.check_no or None,
    )
    return receipt is not None


def _return(session: Session, row: Row, guarantor: Guarantor, now: Moment) -> bool:
    receipt = unreturned_check(session, guarantor, row.check_no, -row.cents)
    if receipt is None:
        raise Unfit(
            f"It returns check {row.check_no} of {dollars(-row.cents)}, "
            "but no such check of this account is in our books."
        )
    return_payment(session, receipt, row.received_on, row.source_key, now)
    return True


def _statement(session: Session, row: Row) -> Statement | None:
    return session.scalar(select(Statement).where(Statement.statement_no == row.statement_no))


def _guarantor(session: Session, row: Row, statement: Statement | None) -> Guarantor:
    """Whose money it is. A letter that is no statement (a plan) is known by its account alone."""
    if statement is not None and not row.account_no:
        return session.get_one(Guarantor, statement.guarantor_id)
    guarantor = session.scalar(select(Guarantor).where(Guarantor.account_no == row.account_no))
    if guarantor is None:
        raise Unfit(f"No account has the number {row.account_no[:20]!r}.")
    if statement is not None and statement.guarantor_id != guarantor.id:
        raise Unfit(f"Statement {row.statement_no} is not of account {row.account_no}.")
    return guarantor


def _ask(session: Session, name: str, content: bytes, result: LockboxIntake, now: Moment) -> None:
    file = _raw_file(session, name, content, result, now)
    key = f"file:{file.id}"
    subjects.ensure(session, key, now)
    first = result.bad[:SHOWN_MAX]
    found = [f"row {one.row}: {one.rule}" if one.row else one.rule for one in first]
    tasks.open_task(
        session,
        TaskKind.QUARANTINED_FILE,
        subject=key,
        cause=f"lockbox:{file.sha256}",
        title=f"{len(result.bad)} rows of lockbox file {name} were not taken in",
        reason=f"{result.words}. {'; '.join(found)} Correct these rows in a new file and hand "
        "it in: rows that were taken in are not taken twice.",
        now=now,
        details={
            "case": "rows",
            "rows": [one.row for one in result.bad],
            "file": name,
            "findings": found,
        },
        raw_file_id=file.id,
    )


def _raw_file(
    session: Session, name: str, content: bytes, result: LockboxIntake, now: Moment
) -> RawFile:
    """The file as it came; whoever took it from the folder may have kept it already."""
    sha256 = hashlib.sha256(content).hexdigest()
    session.execute(
        insert(RawFile)
        .values(
            sha256=sha256,
            route=ROUTE,
            name=name,
            content=content,
            kinds=ROUTE,
            judgement="taken" if result.taken or result.repeated else "quarantined",
            words=result.words,
            received_at=now.at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
    )
    return session.scalars(select(RawFile).where(RawFile.sha256 == sha256)).one()
