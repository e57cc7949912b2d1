"""Payments out of balance, each with a task of its own: which of a file have none yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework.quarantine import Fault, file_key
from db.models import RawFile, Task


def unasked(session: Session, file: RawFile, faults: Sequence[Fault]) -> list[Fault]:
    """Those that nobody was ever asked about. The first release asked once for all of a file."""
    asked = session.scalars(select(Task.cause).where(Task.subject == file_key(file))).all()
    return [each for each in faults if not {each.case, f"{each.case}{each.own}"} & set(asked)]
