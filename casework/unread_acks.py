"""A TA1 or 999 of ours whose verdict is no code that we know: nothing is taken or refused by it
until a person says what the receiver meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import acknowledgments, quarantine, subjects, tasks, waits
from casework.moment import Moment
from casework.posting.cases import ExceptionCase
from db.models import RawFile
from domain.acknowledgments import FunctionalAck, InterchangeAck
from domain.tasks import TaskKind


@dataclass(frozen=True, kw_only=True)
class Unread:
    ack: InterchangeAck | FunctionalAck
    place: tuple[int, int]
    """Interchange and item, both from 0: it is read from the file again when it is used."""

    @property
    def words(self) -> str:
        kind, number = acknowledgments.kind_of(self.ack), acknowledgments.control_of(self.ack)
        return f"{kind} of batch {number[:9]}: {' '.join(self.ack.unread)}"


def open_tasks(session: Session, file: RawFile, found: Sequence[Unread], now: Moment) -> None:
    if not found:
        return
    subjects.ensure(session, quarantine.file_key(file), now)
    for each in found:
        _open(session, file, each, now)
    waits.set_due(session, subjects.lock(session, quarantine.file_key(file)))


def _open(session: Session, file: RawFile, one: Unread, now: Moment) -> None:
    kind = acknowledgments.kind_of(one.ack)
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=quarantine.file_key(file),
        cause=f"unread:{one.place[0]}:{one.place[1]}",
        title=f"A {kind} does not say whether our file was taken",
        reason=f"{file.name}: {one.words} Nothing was taken as accepted or refused by it; ask the "
        "sender what it means.",
        details={
            "case": ExceptionCase.UNREAD_ACK,
            "kind": kind,
            "number": acknowledgments.control_of(one.ack),
            "words": list(one.ack.unread),
            "place": list(one.place),
        },
        now=now,
        raw_file_id=file.id,
    )
