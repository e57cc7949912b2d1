"""Remittances of one name: originator, trace number, day and amount. What says the same is the same
and posts once. What says something else is never taken for it: where it moves no money and is about
other claims it is posted too, else a biller says whether it is another payment."""

from collections.abc import Sequence

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from casework import besides, quarantine, subjects, tasks, waits
from casework.besides import Beside, Compared
from casework.hearing import Hearing, Namesake, take_remittance
from casework.moment import Moment
from casework.posting import check_locks, storing
from casework.posting.advice import Reading
from casework.posting.cases import ExceptionCase
from casework.posting.same_answers import Comparison
from casework.refusals import Refused
from db.models import RawFile, Remittance, Task
from domain import remittance as said
from domain.money import dollars
from domain.tasks import TaskKind


def settle(session: Session, hearing: Hearing, now: Moment) -> None:
    """After the claims of the file are stored: they may be of the very payment that it repeats."""
    hearing.unfilled.clear()
    gathered = besides.gather(session, hearing.namesakes, hearing.reading)
    compared = besides.compare(session, gathered, hearing.reading)
    for beside in gathered:
        _settle(session, beside, compared.get(beside.number), hearing, now)
    storing.store_claims(session, hearing.reading, hearing.unfilled)


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
    one = Namesake(item=item, payer=payer, place=(interchange, number))
    (beside,) = besides.gather(session, [one], reading)
    if beside.same is not None:
        raise Refused.of("action", "It has been posted since: close this as the same payment.")
    hearing = Hearing(file=file, reading=reading)
    _take(session, beside, hearing, now)
    storing.store_claims(session, reading, hearing.unfilled)
    file.words = "\n".join(filter(None, (file.words, *hearing.sentences)))
    return f"It is another payment: {dollars(item.paid_cents)}, and its answers are posted"


def _settle(
    session: Session, beside: Beside, compared: Compared | None, hearing: Hearing, now: Moment
) -> None:
    name, same = _name(beside.one.item), beside.same
    if same is not None:
        hearing.repeated += 1
        hearing.remittance_ids.append(same.id)
        hearing.say(f"{name} was taken in before; it posts nothing, and nothing needs to be done.")
        return
    assert compared is not None, "it says what none said before"
    is_apart = compared.is_apart and beside.taken.pcns.isdisjoint(compared.pcns)
    if is_apart and not beside.moves_money:
        hearing.say(f"{name} has the name of one that came before, and is about other claims.")
        _take(session, beside, hearing, now)
        beside.taken.pcns |= compared.pcns
        return
    hearing.say(
        f"{name} has the name of one that came before and says something else: "
        f"{_words(compared.with_first)[0]} Nothing of it is posted until a biller says "
        "whether it is another payment."
    )
    _ask(session, beside, compared.with_first, hearing.file, now)


def _take(session: Session, beside: Beside, hearing: Hearing, now: Moment) -> None:
    one, taken = beside.one, beside.taken
    namesake = max((each.namesake for each in beside.rows), default=-1) + 1
    row = take_remittance(session, one.item, one.payer, hearing, now, namesake=namesake)
    taken.rows.append(row)
    taken.by_digest[beside.digest] = row


def _ask(
    session: Session, beside: Beside, compared: Comparison, file: RawFile, now: Moment
) -> None:
    item, first = beside.one.item, beside.before.rows[0]
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
