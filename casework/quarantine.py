"""Files, or parts of one, that may not be used: why in words. One task holds all that is unusable
in a file; each payment that does not balance has one of its own, which its correction closes."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import subjects, tasks, waits
from casework.moment import Moment
from db.models import RawFile, Task
from domain.remit_balance import Imbalance
from domain.remittance import Remittance
from domain.tasks import TaskKind, TaskStatus
from edi.errors import Finding

SHOWN_MAX = 20
# Cured on our side, by adding the payer.
UNKNOWN_PAYER = "unknown_payer"
Place = tuple[int, int]
"""Interchange from 0, and its set from 1 (0: its TA1s)."""


@dataclass(frozen=True, kw_only=True)
class Fault:
    """Why an interchange or a set is not used. `kind` is the task that it opens."""

    kind: TaskKind
    case: str
    title: str
    words: str
    details: dict[str, Any] = field(default_factory=dict)
    amount_cents: int = 0
    own: str = ""
    """Of a fault with a task of its own: what tells it apart from the others of the file."""
    curable: tuple[Place, ...] = ()
    """Sets that may be heard later, when what they lack on our side was added."""
    pcns: tuple[str, ...] = ()
    """Of a payment: claims that it answers, the first of them."""


@dataclass(frozen=True, kw_only=True)
class Where:
    """The control numbers of a set and of what is around it, as a person finds them in the file."""

    interchange: str
    set: str

    def __str__(self) -> str:
        return f"interchange {self.interchange[:9]}, set {self.set[:9]}"


@dataclass(frozen=True, kw_only=True)
class Foreign:
    """An answer whose number is none of ours, and that no claim of ours resembles."""

    kind: str
    number: str


def file_key(file: RawFile) -> str:
    return f"file:{file.id}"


def not_x12(name: str) -> Fault:
    return _unusable(
        name, "not_x12", "segment 1 (ISA): this is not an X12 file. Ask the sender for it again."
    )


def unreadable(name: str, control: str, findings: Sequence[Finding]) -> Fault:
    return _unusable(
        name,
        "unreadable",
        f"interchange {control[:9]}: {findings[0]} Nothing of it was used; ask the sender for it "
        "again.",
        findings=[finding.quoted for finding in findings[:SHOWN_MAX]],
    )


def unreadable_set(name: str, where: Where, findings: Sequence[Finding]) -> Fault:
    return _unusable(
        name,
        "unreadable",
        f"{where}: {findings[0]} Nothing of this set was used; ask the sender for it again.",
        findings=[finding.quoted for finding in findings[:SHOWN_MAX]],
    )


def lost_interchange(name: str, findings: Sequence[Finding]) -> Fault:
    return _unusable(
        name,
        "unreadable",
        f"{findings[0]} What is whole in the file was used; ask the sender for the rest.",
        findings=[finding.quoted for finding in findings],
    )


def not_awaited(name: str, where: Where, guide: str) -> Fault:
    return _unusable(
        name,
        "not_awaited",
        f"{where}: it is a set {guide}, which is no answer that is read here. It is kept; ask the "
        "sender what it is.",
    )


def wrong_usage(
    name: str, control: str, usage: str, route: str, taken: str, sets: Sequence[Place]
) -> Fault:
    return _unusable(
        name,
        "wrong_usage",
        f"interchange {control[:9]}, segment 1 (ISA), element 15: it is marked {usage[:3]}, and "
        f"the route {route} takes {taken} only (T is a test, P counts). Nothing of it was used; "
        "ask the sender, or mend the route.",
        curable=sets,
    )


def failed(name: str, kind: str) -> Fault:
    return _unusable(
        name,
        "failed",
        f"we could not take it in ({kind}), and tried several times. Nothing of it was used; tell "
        "whoever keeps this system, and keep the file.",
    )


def unknown_payer(name: str, where: Where, item: Remittance, place: Place) -> Fault:
    return _unusable(
        name,
        UNKNOWN_PAYER,
        f"remittance {item.trace_number} ({where}): its payer ({item.payer_name[:40]}, "
        f"{item.originator[:12]}) is not one of ours. Add the payer or its alias, then take it in.",
        curable=[place],
    )


def out_of_balance(
    name: str,
    where: Where,
    item: Remittance,
    found: Sequence[Imbalance],
    arithmetic: list[list[str]],
    place: Place,
    pcns: Sequence[str],
) -> Fault:
    return Fault(
        kind=TaskKind.POSTING_EXCEPTION,
        case="out_of_balance",
        title=f"835 of {item.payer_name[:40]} is out of balance",
        words=f"remittance {item.trace_number} ({where}): {found[0].words} Nothing of it was "
        "posted; ask the payer for a corrected file.",
        details={
            "originator": item.originator,
            "trace_number": item.trace_number,
            "paid_on": item.paid_on.isoformat(),
            "paid_cents": item.paid_cents,
            "file": name,
            "arithmetic": [each.words for each in found[:SHOWN_MAX]],
            "rows": arithmetic,
        },
        amount_cents=abs(item.paid_cents),
        own=f":{place[0]}:{place[1]}",
        pcns=tuple(pcns),
    )


def open_tasks(session: Session, file: RawFile, faults: Sequence[Fault], now: Moment) -> None:
    """One task for all that is unusable in the file, and one for each payment out of balance."""
    if not faults:
        return
    subjects.ensure(session, file_key(file), now)
    for kind, own in dict.fromkeys((fault.kind, fault.own) for fault in faults):
        of_one = [fault for fault in faults if (fault.kind, fault.own) == (kind, own)]
        _open(session, file, of_one, now, cause=f"{of_one[0].case}{own}")
    waits.set_due(session, subjects.lock(session, file_key(file)))


def ask_about_foreign(
    session: Session, file: RawFile, found: Sequence[Foreign], now: Moment, *, own: str = ""
) -> None:
    """One task for all that the file says of what is not ours; `own` for what is heard later."""
    if found:
        open_tasks(session, file, [replace(_foreign(found), own=own)], now)


def keep_rest(session: Session, file: RawFile, faults: Sequence[Fault], now: Moment) -> None:
    """What is still unusable after some of the file was taken in: the next question about it."""
    asked = select(func.count(Task.id)).where(
        Task.subject == file_key(file), Task.kind == TaskKind.QUARANTINED_FILE
    )
    _open(session, file, faults, now, cause=f"{faults[0].case}:rest:{session.scalar(asked)}")


def withdraw_corrected(session: Session, item: Remittance, now: Moment) -> None:
    """The payer sent the same payment again, in balance: nobody needs to ask for it any more."""
    waiting = session.scalars(
        select(Task)
        .where(Task.kind == TaskKind.POSTING_EXCEPTION, Task.status == TaskStatus.OPEN)
        .where(Task.details["case"].as_string() == "out_of_balance")
        .where(Task.details["originator"].as_string() == item.originator)
        .where(Task.details["trace_number"].as_string() == item.trace_number)
        .order_by(Task.id)
    ).all()
    for task in waiting:
        subject = subjects.lock(session, task.subject)
        tasks.withdraw(session, task, "The corrected remittance has come.", now)
        waits.close_if_none(session, subject)
        subjects.record(session, subject, "corrected", "The corrected remittance has come", now)
        waits.set_due(session, subject)


def _unusable(
    name: str,
    case: str,
    words: str,
    findings: Sequence[str] = (),
    curable: Sequence[Place] = (),
) -> Fault:
    return Fault(
        kind=TaskKind.QUARANTINED_FILE,
        case=case,
        title=f"File {name[:60]} cannot be used",
        words=words,
        details={"file": name, "findings": list(findings) or [words]},
        curable=tuple(curable),
    )


def _foreign(found: Sequence[Foreign]) -> Fault:
    shown = ", ".join(f"{each.kind} {each.number[:20]}".strip() for each in found[:SHOWN_MAX])
    return Fault(
        kind=TaskKind.POSTING_EXCEPTION,
        case="foreign_ack",
        title="An answer names nothing that is ours",
        words=f"nothing of ours has the number that is named here: {shown}. Ask the sender whose "
        "it is.",
        details={
            "pcns": [each.number[:38] for each in found[:SHOWN_MAX]],
            "kinds": [each.kind for each in found[:SHOWN_MAX]],
        },
    )


def _open(
    session: Session, file: RawFile, faults: Sequence[Fault], now: Moment, *, cause: str
) -> None:
    first = faults[0]
    tasks.open_task(
        session,
        first.kind,
        subject=file_key(file),
        cause=cause,
        title=first.title,
        reason=f"{file.name}: {first.words}",
        details={
            "case": first.case,
            **first.details,
            "others": [fault.words for fault in faults[1:SHOWN_MAX]],
            "sets": [list(place) for fault in faults for place in fault.curable],
        },
        now=now,
        amount_cents=first.amount_cents,
        raw_file_id=file.id,
    )
