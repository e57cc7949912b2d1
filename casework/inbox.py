"""A file from outside is taken in whole and once, in one transaction, and judged in plain words.

What cannot be trusted is quarantined with exactly one task; sound interchanges beside it go on.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import keyed_differences, quarantine, routes, subjects, unmatched, unread_acks
from casework.hearing import Hearing, hear, subjects_of
from casework.moment import Moment
from casework.posting import check_locks, storing
from casework.posting.advice import Reading
from casework.quarantine import Fault, Foreign
from db import large_content
from db.models import Payer, RawFile
from domain.remittance import Remittance
from edi.errors import refusing
from edi.read import Item, ReadInterchange, SetKind

TAKEN_KINDS = (
    SetKind.ACKNOWLEDGMENT,
    SetKind.CLAIM_ACKNOWLEDGMENT,
    SetKind.CLAIM_STATUS,
    SetKind.ELIGIBILITY,
    SetKind.REMITTANCE,
)


# Each names its segment; the file itself shows the rest.
DOUBTS_SHOWN_MAX = 20


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


def take_in(session: Session, route: str, name: str, content: bytes, now: Moment) -> Judgement:
    """Store, judge and hear one X12 file. A file that came before changes nothing at all."""
    file = register(session, route, name, content, now)
    if file is None:
        return repeated(session, name, content)
    return _judge(session, file, content, now, again=False)


def take_in_again(session: Session, file: RawFile, now: Moment) -> Judgement:
    """A quarantined file once more, after what it lacked was added; only its remittances are heard,
    because everything else that was sound in it was heard the first time."""
    return _judge(session, file, file.content, now, again=True)


def _judge(
    session: Session, file: RawFile, content: bytes, now: Moment, *, again: bool
) -> Judgement:
    reading = Reading(content)
    hearing, said_by_file = Hearing(file=file, reading=reading), reading.file
    sound = list(_sound(session, said_by_file.interchanges, hearing))
    if said_by_file.own_findings:
        hearing.faults.append(
            quarantine.lost_interchange(file.name, said_by_file.own_findings)
            if said_by_file.interchanges
            else quarantine.not_x12(file.name)
        )
    whole = {id(interchange) for interchange in sound}
    places = [
        (place, item)
        for place, item in _placed(said_by_file.interchanges)
        if id(said_by_file.interchanges[place[0]]) in whole
        and (isinstance(item, Remittance) or not again)
    ]
    items = [item for _, item in places]
    # Every encounter of the file in the order of keys, so that two files never wait for each other.
    subjects.lock_all(session, (key for item in items for key in subjects_of(session, item)))
    check_locks.lock(session, _payments(session, items, hearing))
    # What was read before the locks may have changed while we waited for them.
    session.flush()
    session.expire_all()
    for hearing.place, item in places:
        hear(session, item, hearing, now)
    storing.store_claims(session, hearing.reading, hearing.unfilled)
    return _conclude(session, hearing, sound, now)


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


def _sound(
    session: Session, interchanges: Iterable[ReadInterchange], hearing: Hearing
) -> Iterator[ReadInterchange]:
    """The interchanges that may be heard; of the others, the faults."""
    for interchange in interchanges:
        faults = list(_faults(session, interchange, hearing))
        hearing.faults += faults
        if not faults:
            yield interchange


def _faults(session: Session, interchange: ReadInterchange, hearing: Hearing) -> Iterator[Fault]:
    name = hearing.file.name
    findings = [*interchange.findings, *(f for one in interchange.sets for f in one.findings)]
    if refused := refusing(findings):
        yield quarantine.unreadable(name, interchange.control_number, refused)
        return
    for found in findings[:DOUBTS_SHOWN_MAX]:
        hearing.say(f"interchange {interchange.control_number[:9]}: {found} It is used as it is.")
    route = routes.find(session, hearing.file.route)
    usage = interchange.envelope.usage
    if route is not None and usage != route.usage:
        yield quarantine.wrong_usage(
            name, interchange.control_number, usage, route.name, route.usage
        )
        return
    for one in interchange.sets:
        if one.kind not in TAKEN_KINDS:
            yield quarantine.not_awaited(name, interchange.control_number, one.guide)
    for item in _items(interchange):
        if isinstance(item, Remittance):
            yield from _remittance_faults(session, item, hearing)


def _remittance_faults(session: Session, item: Remittance, hearing: Hearing) -> Iterator[Fault]:
    name, advice = hearing.file.name, hearing.reading.advice(item)
    unbalanced = advice.imbalances(item)
    if unbalanced:
        yield quarantine.out_of_balance(name, item, unbalanced, advice.arithmetic(item))
    elif storing.payer_of(session, item, advice.pcns) is None:
        yield quarantine.unknown_payer(name, item)


def item_at(file: RawFile, interchange: int, item: int) -> Item:
    """What the file says at the place that `Hearing.place` once named; a remittance without its
    claims."""
    reading = Reading(file.content)
    return list(_items(reading.file.interchanges[interchange]))[item]


def _placed(
    interchanges: Sequence[ReadInterchange],
) -> Iterator[tuple[tuple[int, int], Item]]:
    for outer, interchange in enumerate(interchanges):
        for inner, item in enumerate(_items(interchange)):
            yield (outer, inner), item


def _items(interchange: ReadInterchange) -> Iterator[Item]:
    yield from interchange.acks
    for one in interchange.sets:
        yield from one.items


def _conclude(
    session: Session, hearing: Hearing, sound: list[ReadInterchange], now: Moment
) -> Judgement:
    file = hearing.file
    for fault in hearing.faults:
        hearing.say(fault.words)
    foreign = [
        Foreign(kind=each.kind, number=each.number)
        for each in hearing.unmatched
        if not each.proposals
    ]
    quarantine.open_tasks(session, file, hearing.faults, foreign, now)
    unmatched.open_tasks(session, file, hearing.unmatched, now)
    unread_acks.open_tasks(session, file, hearing.unread, now)
    keyed_differences.open_tasks(session, file, hearing.differing, now)
    verdict = Verdict.TAKEN
    if hearing.faults:
        verdict = Verdict.QUARANTINED
    elif hearing.repeated and hearing.repeated == hearing.news:
        verdict = Verdict.REPEATED
    kinds = {str(one.kind) for interchange in sound for one in interchange.sets}
    kinds |= {"TA1" for interchange in sound if interchange.acks}
    file.kinds = ",".join(sorted(kinds))
    file.judgement = verdict
    file.words = "\n".join(hearing.sentences)
    session.flush()
    return Judgement(
        verdict=verdict,
        sentences=tuple(hearing.sentences),
        raw_file_id=file.id,
        remittance_ids=tuple(dict.fromkeys(hearing.remittance_ids)),
    )
