"""A file from outside is taken in whole and once, in one transaction, and judged in plain words.

What cannot be trusted is quarantined with exactly one task; sound interchanges beside it go on.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from casework import (
    acknowledgments,
    bank_matching,
    eligibility_answers,
    quarantine,
    status_answers,
    subjects,
)
from casework.moment import Moment
from casework.posting import storing
from casework.quarantine import Fault
from db.models import RawFile
from domain import remittance as said
from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claim_status import StatusAnswer
from domain.claims import ProfessionalClaim
from domain.eligibility import EligibilityAnswer
from domain.money import dollars
from domain.remittance import Remittance
from edi.read import Item, ReadInterchange, SetKind, read

TAKEN_KINDS = (
    SetKind.ACKNOWLEDGMENT,
    SetKind.CLAIM_ACKNOWLEDGMENT,
    SetKind.CLAIM_STATUS,
    SetKind.ELIGIBILITY,
    SetKind.REMITTANCE,
)


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


@dataclass(kw_only=True)
class _Hearing:
    """What has been found out about one file so far."""

    file: RawFile
    sentences: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    remittance_ids: list[int] = field(default_factory=list)
    repeated: int = 0
    news: int = 0

    def say(self, words: str) -> None:
        self.sentences.append(f"{self.file.name}: {words}")


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
    hearing = _Hearing(file=file)
    sound = list(_sound(session, read(content).interchanges, hearing))
    if not sound and not hearing.faults:
        hearing.faults.append(quarantine.not_x12(file.name))
    items = [
        item
        for interchange in sound
        for item in _items(interchange)
        if isinstance(item, Remittance) or not again
    ]
    # Every encounter of the file in the order of keys, so that two files never wait for each other.
    for key in sorted({key for item in items for key in _subjects(session, item)}):
        subjects.lock(session, key)
    # What was read before the locks may have changed while we waited for them.
    session.flush()
    session.expire_all()
    for item in items:
        _hear(session, item, hearing, now)
    return _conclude(session, hearing, sound, now)


def register(
    session: Session, route: str, name: str, content: bytes, now: Moment
) -> RawFile | None:
    """The file's row; None when the same bytes came before."""
    file_id = session.scalar(
        insert(RawFile)
        .values(
            sha256=hashlib.sha256(content).hexdigest(), route=route, name=name, content=content,
            kinds="", judgement=Verdict.TAKEN, words="", received_at=now.at,
        )
        .on_conflict_do_nothing(index_elements=["sha256"])
        .returning(RawFile.id)
    )  # fmt: skip
    return None if file_id is None else session.get_one(RawFile, file_id)


def repeated(session: Session, name: str, content: bytes) -> Judgement:
    digest = hashlib.sha256(content).hexdigest()
    first = session.scalars(select(RawFile).where(RawFile.sha256 == digest)).one()
    words = (
        f"{name}: the same file was taken in on {first.received_at:%Y-%m-%d} as {first.name}; "
        "nothing was changed, and nothing needs to be done."
    )
    return Judgement(
        verdict=Verdict.REPEATED,
        sentences=(words,),
        raw_file_id=first.id,
    )


def _sound(
    session: Session, interchanges: Iterable[ReadInterchange], hearing: _Hearing
) -> Iterator[ReadInterchange]:
    """The interchanges that may be heard; of the others, the faults."""
    for interchange in interchanges:
        faults = list(_faults(session, interchange, hearing.file.name))
        hearing.faults += faults
        if not faults:
            yield interchange


def _faults(session: Session, interchange: ReadInterchange, name: str) -> Iterator[Fault]:
    findings = [*interchange.findings, *(f for one in interchange.sets for f in one.findings)]
    if findings:
        yield quarantine.unreadable(name, interchange.control_number, findings)
        return
    for one in interchange.sets:
        if one.kind not in TAKEN_KINDS:
            yield quarantine.not_awaited(name, interchange.control_number, one.kind)
    for item in _items(interchange):
        if isinstance(item, Remittance):
            yield from _remittance_faults(session, item, name)


def _remittance_faults(session: Session, item: Remittance, name: str) -> Iterator[Fault]:
    unbalanced = said.imbalances(item)
    if unbalanced:
        yield quarantine.out_of_balance(name, item, unbalanced)
    elif storing.payer_of(session, item) is None:
        yield quarantine.unknown_payer(name, item)


def _items(interchange: ReadInterchange) -> Iterator[Item]:
    yield from interchange.acks
    for one in interchange.sets:
        yield from one.items


def _subjects(session: Session, item: Item) -> set[str]:
    match item:
        case InterchangeAck() | FunctionalAck():
            return acknowledgments.subjects_of_envelope(session, item)
        case ClaimAck():
            return acknowledgments.subjects_of_claims(session, item)
        case EligibilityAnswer():
            check = eligibility_answers.check_of(session, item)
            return {eligibility_answers.subject_of(session, check)} if check else set()
        case StatusAnswer():
            inquiry = status_answers.inquiry_of(session, item)
            return {status_answers.subject_of(session, inquiry)} if inquiry else set()
        case _:
            return set()


def _hear(session: Session, item: Item, hearing: _Hearing, now: Moment) -> None:
    hearing.news += 1
    match item:
        case Remittance():
            _hear_remittance(session, item, hearing, now)
        case InterchangeAck() | FunctionalAck():
            hearing.say(acknowledgments.take_in_envelope(session, item, hearing.file, now))
        case ClaimAck():
            words, foreign = acknowledgments.take_in_claims(session, item, hearing.file, now)
            hearing.foreign += foreign
            for each in words:
                hearing.say(each)
        case EligibilityAnswer() | StatusAnswer():
            _hear_answer(session, item, hearing, now)
        case ProfessionalClaim():
            raise AssertionError("an 837 is never heard: its interchange is quarantined")


def _hear_answer(
    session: Session, item: EligibilityAnswer | StatusAnswer, hearing: _Hearing, now: Moment
) -> None:
    if isinstance(item, EligibilityAnswer):
        check = eligibility_answers.check_of(session, item)
        if check is not None:
            hearing.say(eligibility_answers.take_in(session, item, check, hearing.file, now))
            return
    else:
        inquiry = status_answers.inquiry_of(session, item)
        if inquiry is not None:
            hearing.say(status_answers.take_in(session, item, inquiry, now))
            return
    kind = "271" if isinstance(item, EligibilityAnswer) else "277"
    hearing.say(f"segment {item.segment}: a {kind} whose trace is not one of ours: ignored.")


def _hear_remittance(session: Session, item: Remittance, hearing: _Hearing, now: Moment) -> None:
    before = storing.stored(session, said.key(item))
    if before is not None:
        hearing.repeated += 1
        hearing.remittance_ids.append(before.id)
        hearing.say(
            f"remittance {item.trace_number} of {item.paid_on} over {dollars(item.paid_cents)} was "
            "taken in before; it posts nothing, and nothing needs to be done."
        )
        return
    payer = storing.payer_of(session, item)
    assert payer is not None, "judged before"
    row = storing.store(session, item, payer, hearing.file, now)
    key = subjects.remittance_key(row)
    subject = subjects.ensure(session, key, now)
    count = f"{len(item.claims)} answers, {dollars(item.paid_cents)}"
    subjects.record(session, subject, "take in", f"Remittance of {payer.name}: {count}", now)
    subjects.wake(session, key)
    quarantine.withdraw_corrected(session, item, now)
    bank_matching.match_remittance(session, row, now)
    hearing.remittance_ids.append(row.id)
    hearing.say(f"remittance {item.trace_number} of {payer.name}: {count}; it will be posted.")


def _conclude(
    session: Session, hearing: _Hearing, sound: list[ReadInterchange], now: Moment
) -> Judgement:
    file = hearing.file
    for fault in hearing.faults:
        hearing.say(fault.words)
    quarantine.open_tasks(session, file, hearing.faults, hearing.foreign, now)
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
