"""Remittances of one name: originator, trace number, day and amount. What says the same is the same
and posts once. What says something else is never taken for it: where it moves no money and is about
other claims it is posted too, else a biller says whether it is another payment."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import quarantine, subjects, tasks, waits
from casework.hearing import Hearing, Namesake, take_remittance
from casework.moment import Moment
from casework.posting import check_locks, same_answers, storing
from casework.posting.advice import Held, Reading
from casework.posting.cases import ExceptionCase
from casework.posting.same_answers import Comparison
from casework.refusals import Refused
from db.models import RawFile, Remittance, Task
from domain import remittance as said
from domain.money import dollars
from domain.tasks import TaskKind


@dataclass(frozen=True, kw_only=True)
class _Beside:
    """One that has a name which is taken, beside those that have it."""

    one: Namesake
    before: Sequence[Remittance]
    digest: str


def settle(session: Session, hearing: Hearing, now: Moment) -> None:
    """After the claims of the file are stored: they may be of the very payment that it repeats."""
    for one in hearing.namesakes:
        before = storing.standing(session, one.item, one.payer)
        claims = _claims(hearing.reading, one.item)
        digest = same_answers.digest_of(one.item, claims)
        _settle(session, _Beside(one=one, before=before, digest=digest), hearing, now)


def post(session: Session, file: RawFile, place: Sequence[int], now: Moment) -> str:
    """A person says that it is another payment."""
    reading = Reading(file.content)
    interchange, number = place
    item = reading.file.interchanges[interchange].items[number]
    assert isinstance(item, said.Remittance)
    payer = storing.payer_of(session, item, reading.advice(item).pcns)
    if payer is None:
        raise Refused.of("action", "Its payer is not one of ours any more: add it first.")
    check_locks.lock(session, [(item, payer)])
    before = storing.standing(session, item, payer)
    beside = _Beside(
        one=Namesake(item=item, payer=payer, place=(interchange, number)),
        before=before,
        digest=same_answers.digest_of(item, _claims(reading, item)),
    )
    if _same(session, beside) is not None:
        raise Refused.of("action", "It has been posted since: close this as the same payment.")
    hearing = Hearing(file=file, reading=reading)
    _take(session, beside, hearing, now)
    file.words = "\n".join(filter(None, (file.words, *hearing.sentences)))
    return f"It is another payment: {dollars(item.paid_cents)}, and its answers are posted"


def _settle(session: Session, beside: _Beside, hearing: Hearing, now: Moment) -> None:
    item, name = beside.one.item, _name(beside.one.item)
    same = _same(session, beside)
    if same is not None:
        hearing.repeated += 1
        hearing.remittance_ids.append(same.id)
        hearing.say(f"{name} was taken in before; it posts nothing, and nothing needs to be done.")
        return
    compared = [
        same_answers.compare(session, each, _claims(hearing.reading, item))
        for each in beside.before
    ]
    is_harmless = not item.paid_cents and not item.provider_adjustments
    if is_harmless and all(each.is_apart for each in compared):
        hearing.say(f"{name} has the name of one that came before, and is about other claims.")
        _take(session, beside, hearing, now)
        return
    hearing.say(
        f"{name} has the name of one that came before and says something else: "
        f"{_words(compared[0])[0]} Nothing of it is posted until a biller says "
        "whether it is another payment."
    )
    _ask(session, beside, compared[0], hearing.file, now)


def _same(session: Session, beside: _Beside) -> Remittance | None:
    digests = ((each, same_answers.digest_of_stored(session, each)) for each in beside.before)
    return next((each for each, digest in digests if digest == beside.digest), None)


def _take(session: Session, beside: _Beside, hearing: Hearing, now: Moment) -> None:
    one, number = beside.one, hearing.reading.place(beside.one.item)
    namesake = max((each.namesake for each in beside.before), default=-1) + 1
    take_remittance(session, one.item, one.payer, hearing, now, namesake=namesake)
    rows = {number: hearing.unfilled.pop(number)}
    storing.store_claims(session, hearing.reading, rows)


def _claims(reading: Reading | Held, item: said.Remittance) -> Iterator[said.RemitClaim]:
    number = reading.place(item)
    return (claim for at, claim in reading.again() if at == number)


def _ask(
    session: Session, beside: _Beside, compared: Comparison, file: RawFile, now: Moment
) -> None:
    item, first = beside.one.item, beside.before[0]
    if _was_asked(session, first, beside.digest):
        return
    words = _words(compared)
    subject = subjects.ensure(session, quarantine.file_key(file), now)
    tasks.open_task(
        session,
        TaskKind.POSTING_EXCEPTION,
        subject=subject.key,
        cause=f"namesake:{first.id}:{beside.digest}",
        title="An 835 has the name of another and says something else",
        reason=f"{file.name}: {_name(item)} came on {first.received_at:%Y-%m-%d} already. "
        f"{words[0]} Nothing of this one is posted.",
        details={
            "case": ExceptionCase.NAMESAKE,
            "remittance_id": first.id,
            "trace_number": item.trace_number,
            "digest": beside.digest,
            "place": list(beside.one.place),
            "same": [
                f"payer {item.originator}, {_name(item)}",
                f"{compared.same} answers that both give alike",
            ],
            "differences": list(words),
            "is_apart": compared.is_apart,
        },
        now=now,
        amount_cents=abs(item.paid_cents),
        payer_id=first.payer_id,
        raw_file_id=file.id,
    )
    waits.set_due(session, subject)


def _was_asked(session: Session, first: Remittance, digest: str) -> bool:
    """The same bytes under other control numbers ask nothing new."""
    asked = select(Task.id).where(
        Task.kind == TaskKind.POSTING_EXCEPTION,
        Task.details["case"].as_string() == ExceptionCase.NAMESAKE,
        Task.details["remittance_id"].as_integer() == first.id,
        Task.details["digest"].as_string() == digest,
    )
    return bool(session.scalar(select(exists(asked))))


def _words(compared: Comparison) -> Sequence[str]:
    """The claims are alike where only what stands beside them is not."""
    return compared.words or ("What the two say beside the claims (PLB) is not the same.",)


def _name(item: said.Remittance) -> str:
    return f"remittance {item.trace_number} of {item.paid_on} over {dollars(item.paid_cents)}"
