"""Payments out of balance, each with a task of its own: which of a file need one, and have none."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework.hearing import Hearing
from casework.quarantine import Fault, file_key
from db.models import RawFile, RemitClaim, Remittance, Task


def settle(session: Session, hearing: Hearing) -> None:
    """Nobody asks for a payment again that stands, in balance, from this file or another."""
    settled = [each for each in hearing.faults if each.own and _stands(session, each)]
    hearing.faults = [each for each in hearing.faults if each not in settled]
    for each in settled:
        hearing.say(
            f"remittance {each.details['trace_number']} is out of balance here, and came in "
            "balance too; it posts once, and nothing needs to be done."
        )


def _stands(session: Session, fault: Fault) -> bool:
    """Of the same name and day, with an answer to each of its claims: the amount may be what is
    wrong in it."""
    pcns, said = set(fault.pcns), fault.details
    answered = (
        select(func.count(RemitClaim.pcn.distinct()))
        .join(Remittance, Remittance.id == RemitClaim.remittance_id)
        .where(
            Remittance.originator == said["originator"],
            Remittance.trace_number == said["trace_number"],
            Remittance.paid_on == dt.date.fromisoformat(said["paid_on"]),
            Remittance.undone_at.is_(None),
            Remittance.undoes_id.is_(None),
            RemitClaim.pcn.in_(pcns),
        )
    )
    return bool(pcns) and session.scalar(answered) == len(pcns)


def unasked(session: Session, file: RawFile, faults: Sequence[Fault]) -> list[Fault]:
    """Those that nobody was ever asked about. The first release asked once for all of a file."""
    asked = session.scalars(select(Task.cause).where(Task.subject == file_key(file))).all()
    return [each for each in faults if not {each.case, f"{each.case}{each.own}"} & set(asked)]
