"""An acknowledgment of ours that does not say whether something was taken: a TA1 or 999 whose
verdict is no code that we know, a claim of a 277CA without a status. Nothing is taken or refused by
it until a person says what was meant."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import acknowledgments, quarantine, subjects, tasks, waits
from casework.moment import Moment
from casework.posting.cases import ExceptionCase
from db.models import RawFile
from domain.acknowledgments import ClaimAckStatus, FunctionalAck, InterchangeAck
from domain.tasks import TaskKind


@dataclass(frozen=True, kw_only=True)
class Unread:
    kind: str
    number: str
    """Of our batch, or of our claim."""
    words: tuple[str, ...]
    place: tuple[int, int]
    """Interchange and item, both from 0: it is read from the file again when it is used."""
    claim: int | None = None
    """Which one of a 277CA, from 1."""

    @property
    def sentence(self) -> str:
        what = "batch" if self.claim is None else "claim"
        return f"{self.kind} of {what} {self.number[:20]}: {' '.join(self.words)}"


def of_envelope(ack: InterchangeAck | FunctionalAck, place: tuple[int, int]) -> Unread:
    number = acknowledgments.control_of(ack)
    kind = acknowledgments.kind_of(ack)
    return Unread(kind=kind, number=number[:9], words=ack.unread, place=place)


def of_claim(status: ClaimAckStatus, place: tuple[int, int]) -> Unread:
    return Unread(
        kind="277CA", number=status.pcn, words=status.unread, place=place, claim=status.ordinal
    )


def open_tasks(session: Session, file: RawFile, found: Sequence[Unread], now: Moment) -> None:
    if not found:
        return
    subjects.ensure(session, quarantine.file_key(file), now)
    for each in found:
        _open(session, file, each, now)
    waits.set_due(session, subjects.lock(session, quarantine.file_key(file)))


def _open(session: Session, file: RawFile, one: Unread, now: Moment) -> None:
    what = "file" if one.claim is None else "claim"
    part = "" if one.claim is None else f":{one.claim}"
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=quarantine.file_key(file),
        cause=f"unread:{one.place[0]}:{one.place[1]}{part}",
        title=f"A {one.kind} does not say whether our {what} was taken",
        reason=f"{file.name}: {one.sentence} Nothing was taken as accepted or refused by it; ask "
        "the sender what it means.",
        details={
            "case": ExceptionCase.UNREAD_ACK,
            "kind": one.kind,
            "number": one.number,
            "words": list(one.words),
            "place": list(one.place),
            "claim": one.claim,
        },
        now=now,
        raw_file_id=file.id,
    )
