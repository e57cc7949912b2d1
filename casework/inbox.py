"""A file from outside is taken in whole and once, in one transaction, and judged in plain words.

What cannot be trusted is quarantined with its task; sound sets beside it go on.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import (
    keyed_differences,
    namesakes,
    quarantine,
    sound_parts,
    subjects,
    unbalanced,
    unmatched,
    unread_acks,
)
from casework.hearing import Hearing, hear, subjects_of
from casework.moment import Moment
from casework.posting import check_locks, storing
from casework.posting.advice import Reading
from casework.quarantine import Fault, Foreign, Place
from casework.sound_parts import Part
from db import large_content
from db.models import Payer, RawFile
from domain.remittance import Remittance
from edi.read import Item


class Verdict(StrEnum):
    TAKEN = "taken"
    REPEATED = "repeated"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """What was done with a file; each sentence names the file, the place, what, and what to do."""

    verdict: Verdict
    sentences: tuple[str, ...]
    raw_file_id: int
    remittance_ids: tuple[int, ...] = ()
    heard: int = 0
    """How many of its sets were."""
    asked: int = 0
    """How many of its payments got a task of their own when it was taken in again."""


def take_in(session: Session, route: str, name: str, content: bytes, now: Moment) -> Judgement:
    """Store, judge and hear one X12 file. A file that came before changes nothing at all."""
    file = register(session, route, name, content, now)
    if file is None:
        return repeated(session, name, content)
    return _judge(session, file, content, now)


def take_in_again(
    session: Session, file: RawFile, sets: Collection[Place] | None, now: Moment
) -> Judgement:
    """These sets of a quarantined file once more, after what they lacked was added: the others
    were heard the first time. None where the first time a whole interchange was silent for one."""
    reading = Reading(file.content)
    chosen = sound_parts.silenced(session, reading) if sets is None else sets
    hearing = Hearing(file=file, reading=reading, is_again=True)
    parts = [part for part in _sound(session, reading, hearing, chosen) if part.place in chosen]
    _hear(session, parts, reading, hearing, now)
    kinds, words = file.kinds.split(","), file.words.splitlines()
    # A payment out of balance has a task of its own, unless its interchange was barred until now.
    owed = [fault for fault in hearing.faults if fault.own]
    unasked = unbalanced.unasked(session, file, owed)
    quarantine.open_tasks(session, file, unasked, now)
    rest = _rest(hearing.faults, chosen)
    hearing.faults = [*unasked, *rest]
    if rest and (parts or unasked):
        quarantine.keep_rest(session, file, rest, now)
    judged = _conclude(session, hearing, parts, now)
    file.kinds = ",".join(sorted({*filter(None, kinds), *filter(None, file.kinds.split(","))}))
    file.words = "\n".join([*words, *(each for each in judged.sentences if each not in words)])
    if owed:
        file.judgement = Verdict.QUARANTINED
    return replace(judged, asked=len(unasked))


def _rest(faults: Iterable[Fault], chosen: Collection[Place]) -> list[Fault]:
    """What is asked about once more, what can be cured here last. A set that was not chosen was
    heard before: it is never offered again, whatever has changed here since."""
    return sorted(
        (
            fault
            for fault in faults
            if not fault.own
            and (not fault.curable or any(place in chosen for place in fault.curable))
        ),
        key=lambda fault: bool(fault.curable),
    )


def _judge(session: Session, file: RawFile, content: bytes, now: Moment) -> Judgement:
    reading = Reading(content)
    hearing = Hearing(file=file, reading=reading)
    parts = list(_sound(session, reading, hearing))
    _hear(session, parts, reading, hearing, now)
    quarantine.open_tasks(session, file, hearing.faults, now)
    return _conclude(session, hearing, parts, now)


def _sound(
    session: Session,
    reading: Reading,
    hearing: Hearing,
    chosen: Collection[Place] | None = None,
) -> Iterator[Part]:
    yield from sound_parts.sound(session, reading, hearing, chosen)
    lost = reading.file.own_findings
    if lost and reading.file.interchanges:
        hearing.faults.append(quarantine.lost_interchange(hearing.file.name, lost))
    elif lost:
        hearing.faults.append(quarantine.not_x12(hearing.file.name))


def _hear(
    session: Session, parts: Sequence[Part], reading: Reading, hearing: Hearing, now: Moment
) -> None:
    placed = [each for part in parts for each in part.items]
    items = [item for _, item in placed]
    # Every encounter of the file in the order of keys, so that two files never wait for each other.
    subjects.lock_all(session, (key for item in items for key in subjects_of(session, item)))
    check_locks.lock(session, _payments(session, items, hearing))
    # What was read before the locks may have changed while we waited for them.
    session.flush()
    session.expire_all()
    for hearing.place, item in placed:
        hear(session, item, hearing, now)
    storing.store_claims(session, reading, hearing.unfilled)
    namesakes.settle(session, hearing, now)
    unbalanced.settle(session, hearing)


def _payments(
    session: Session, items: Iterable[Item], hearing: Hearing
) -> Iterator[tuple[Remittance, Payer]]:
    for item in items:
        if isinstance(item, Remittance):
            payer = storing.payer_of(session, item, hearing.reading.advice(item).pcns)
            assert payer is not None, "judged before"
            yield item, payer


def register(
    session: Session, route: str, name: str, content: bytes, now: Moment
) -> RawFile | None:
    """The file's row; None when the same bytes came before."""
    is_large = len(content) >= large_content.LARGE
    file_id = session.scalar(
        insert(RawFile)
        .values(
            sha256=hashlib.sha256(content).hexdigest(), route=route, name=name,
            content=b"" if is_large else content,
            kinds="", judgement=Verdict.TAKEN, words="", received_at=now.at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(RawFile.id)
    )  # fmt: skip
    if file_id is None:
        return None
    if is_large:
        large_content.fill(session, file_id, content)
    return session.get_one(RawFile, file_id)


def note(session: Session, content: bytes, sentence: str) -> None:
    """One sentence more about a file that was just taken in, said once however often it comes."""
    digest = hashlib.sha256(content).hexdigest()
    file = session.scalars(select(RawFile).where(RawFile.sha256 == digest)).one_or_none()
    if file is not None and sentence not in file.words:
        file.words = "\n".join(filter(None, (file.words, sentence)))


def repeated(session: Session, name: str, content: bytes) -> Judgement:
    digest = hashlib.sha256(content).hexdigest()
    first = session.scalars(select(RawFile).where(RawFile.sha256 == digest)).one()
    return Judgement(
        verdict=Verdict.REPEATED,
        sentences=(f"{name}: {_known(first)}",),
        raw_file_id=first.id,
    )


def _known(first: RawFile) -> str:
    came = f"on {first.received_at:%Y-%m-%d} as {first.name}"
    if first.judgement == Verdict.QUARANTINED:
        return (
            f"the same file came {came} and was quarantined; nothing was changed now. Its task "
            "says what to do; the sender may send a corrected file at any time."
        )
    return f"the same file was taken in {came}; nothing was changed, and nothing needs to be done."


def item_at(file: RawFile, interchange: int, item: int) -> Item:
    """What the file says at the place that `Hearing.place` once named; a remittance without its
    claims."""
    reading = Reading(file.content)
    return reading.file.interchanges[interchange].items[item]


def _conclude(session: Session, hearing: Hearing, parts: Sequence[Part], now: Moment) -> Judgement:
    file = hearing.file
    for fault in hearing.faults:
        hearing.say(fault.words)
    _ask(session, hearing, now)
    verdict = Verdict.TAKEN
    if hearing.faults:
        verdict = Verdict.QUARANTINED
    elif hearing.repeated and hearing.repeated == hearing.news:
        verdict = Verdict.REPEATED
    file.kinds = ",".join(sorted({part.kind for part in parts}))
    file.judgement = verdict
    file.words = "\n".join(hearing.sentences)
    session.flush()
    return Judgement(
        verdict=verdict,
        sentences=tuple(hearing.sentences),
        raw_file_id=file.id,
        remittance_ids=tuple(dict.fromkeys(hearing.remittance_ids)),
        heard=len(parts),
    )


def _ask(session: Session, hearing: Hearing, now: Moment) -> None:
    foreign = [each for each in hearing.unmatched if not each.proposals]
    found = [Foreign(kind=each.kind, number=each.number) for each in foreign]
    # The question of the first time is another one, and may have been answered.
    own = ":{}:{}".format(*foreign[0].place) if foreign and hearing.is_again else ""
    quarantine.ask_about_foreign(session, hearing.file, found, now, own=own)
    unmatched.open_tasks(session, hearing.file, hearing.unmatched, now)
    unread_acks.open_tasks(session, hearing.file, hearing.unread, now)
    keyed_differences.open_tasks(session, hearing.file, hearing.differing, now)
