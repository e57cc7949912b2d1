"""The steps of a remittance's workflow: answers in bounded batches, then those that were set aside,
then the money as a whole.

Each answer is posted in the transaction that marks it, so a step that is repeated posts the rest.
"""

import datetime as dt
from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import stays, subjects, task_dates, waits
from casework.moment import Moment
from casework.patients.credits import apply_unapplied
from casework.posting import files, matching, rounds
from casework.posting.answer import Settled, post_answer
from casework.posting.exceptions import EXCEPTION, open_exception, withdraw_question
from casework.posting.lines import Unplaced
from casework.posting.reversals import REVERSAL
from casework.posting.rounds import DEFERRED
from casework.waits import WaitKind
from db.models import Claim, Encounter, Guarantor, RemitClaim, Remittance
from domain.clock import add_business_days

BATCH = 25
# What a reversal or a forwarded answer refers to may come in another file a little later.
DEFER_BUSINESS_DAYS = 3
WOKEN_MAX = 100


def post_some(session: Session, remittance: Remittance, now: Moment, limit: int = BATCH) -> bool:
    """Try up to `limit` new answers, and behind the last of them as many that were set aside; True
    when all that can be posted now is.

    The remittance is locked first, then its encounters, then its guarantors, each in the order of
    keys. Nobody else takes a remittance's lock after an encounter's.
    """
    subject = subjects.lock(session, subjects.remittance_key(remittance))
    task_dates.escalate_overdue(session, subject.key, now, claim_id=None)
    fresh = _fresh(session, remittance, limit)
    progressed = post_all(session, fresh, now)
    room_was_made = rounds.room_was_made(session, remittance)
    if fresh or room_was_made:
        rounds.begin(remittance)
    is_done = len(fresh) < limit
    if is_done:
        aside = together(rounds.ahead(session, remittance, 2 * limit), limit)
        moved = post_all(session, aside, now)
        progressed += moved
        is_done = rounds.is_over(remittance, aside, moved, limit)
    if is_done:
        _finish(session, remittance, now)
    if fresh or progressed:
        words = f"Posted {progressed} of {len(fresh)} answers" if fresh else f"Posted {progressed}"
        subjects.record(session, subject, "post", words, now)
    if is_done:
        waits.close_if_none(session, subject)
        waits.set_due(session, subject)
    session.flush()
    return is_done


def post_all(session: Session, answers: Sequence[RemitClaim], now: Moment) -> int:
    """Post each, or set it aside; returns how many found their place."""
    lock_encounters(session, answers)
    done: list[Settled] = []
    for answer in answers:
        was_asked = answer.posting == EXCEPTION
        result = post_answer(session, answer, now)
        if isinstance(result, Settled):
            if was_asked:
                withdraw_question(session, answer, now)
            done.append(result)
        elif was_asked:
            continue
        elif result.may_wait and _may_still_fit(session, answer, now):
            answer.posting = DEFERRED
        else:
            open_exception(session, answer, result, now)
    if done:
        tell_guarantors(session, {each for one in done for each in one.moved_ids}, now)
        _wake_others(session, answers)
    return len(done)


def settle(session: Session, answer: RemitClaim, now: Moment) -> Settled | Unplaced:
    """Post one answer after a person has placed it; the caller holds the remittance's lock."""
    lock_encounters(session, [answer])
    result = post_answer(session, answer, now)
    if isinstance(result, Settled):
        tell_guarantors(session, result.moved_ids, now)
        _wake_others(session, [answer])
    return result


def lock_encounters(session: Session, answers: Iterable[RemitClaim]) -> None:
    """Every encounter that these answers may touch, in the order of their keys."""
    session.flush()
    encounters = {
        each.encounter_no: each
        for answer in answers
        for each in matching.encounters_of(session, answer)
    }
    for number in sorted(encounters):
        subjects.lock(session, subjects.encounter_key(encounters[number]))
    # What was read before the locks may have changed while we waited for them.
    claim_ids = {answer.claim_id for answer in answers}
    for row in (*encounters.values(), *(session.get(Claim, each) for each in claim_ids if each)):
        session.expire(row)


def tell_guarantors(session: Session, encounter_ids: Iterable[int], now: Moment) -> None:
    """Their balance has changed: money taken at the desk is used at once, then they are asked."""
    encounters = session.scalars(
        select(Encounter)
        .join(Guarantor)
        .where(Encounter.id.in_(list(encounter_ids)))
        .order_by(Guarantor.account_no, Encounter.encounter_no)
    ).all()
    for encounter in encounters:
        key = subjects.patient_balance_key(encounter.guarantor)
        subjects.ensure(session, key, now)
        apply_unapplied(session, encounter.guarantor, now, encounter)
        subjects.wake(session, key)


def _fresh(session: Session, remittance: Remittance, limit: int) -> list[RemitClaim]:
    """The next answers nobody has looked at."""
    every = session.scalars(
        select(RemitClaim)
        .where(RemitClaim.remittance_id == remittance.id, RemitClaim.posting.is_(None))
        .order_by(RemitClaim.ordinal)
        .limit(2 * limit)
    ).all()
    return together(every, limit)


def together(every: Sequence[RemitClaim], limit: int) -> list[RemitClaim]:
    """The first of them; a reversal is never parted from its correction."""
    end = limit
    while end < len(every) and every[end - 1].status == REVERSAL:
        end += 1
    return list(every[:end])


def _finish(session: Session, remittance: Remittance, now: Moment) -> None:
    files.post_file(session, remittance, now)
    key = subjects.remittance_key(remittance)
    if not rounds.has_deferred(session, remittance):
        waits.answered(session, key, now, claim_id=None, kind=WaitKind.TIMER)
        remittance.posted_at = remittance.posted_at or now.at
        return
    if any(wait.kind == WaitKind.TIMER for wait in waits.open_waits(session, key)):
        return
    waits.begin(
        session,
        key,
        WaitKind.TIMER,
        "what some of its answers refer to",
        until_at=max(_deadline(remittance, now), now.end_of(add_business_days(now.today, 1))),
        then_what="a biller settles them",
        now=now,
    )


def _may_still_fit(session: Session, answer: RemitClaim, now: Moment) -> bool:
    """Its time has not passed, or an answer about the same encounter is here and not posted."""
    if now.at < _deadline(answer.remittance, now):
        return True
    encounter_ids = [each.id for each in matching.encounters_of(session, answer)]
    if not encounter_ids:
        return False
    unread = select(RemitClaim.id).where(
        RemitClaim.posting.is_(None), RemitClaim.pcn.in_(matching.numbers_of(encounter_ids))
    )
    return session.scalar(unread.limit(1)) is not None


def _deadline(remittance: Remittance, now: Moment) -> dt.datetime:
    received_on = remittance.received_at.astimezone(now.zone).date()
    return now.end_of(add_business_days(received_on, DEFER_BUSINESS_DAYS))


def _wake_others(session: Session, posted: Sequence[RemitClaim]) -> None:
    """Answers in other remittances may have waited for room that one of these made."""
    session.flush()
    numbers = [answer.pcn for answer in posted]
    claims = [session.get_one(Claim, answer.claim_id) for answer in posted if answer.claim_id]
    own = {answer.remittance_id for answer in posted}
    family = matching.numbers_of(
        sorted({each.id for claim in claims for each in stays.visits(session, claim)})
    )
    waiting = session.scalars(
        select(Remittance)
        .join(RemitClaim, RemitClaim.remittance_id == Remittance.id)
        .where(RemitClaim.posting.in_([DEFERRED, EXCEPTION]), Remittance.id.not_in(own))
        .where(
            RemitClaim.claim_id.in_([claim.id for claim in claims])
            | RemitClaim.pcn.in_(numbers)
            | RemitClaim.pcn.in_(family)
        )
        .distinct()
        .order_by(Remittance.id)
        .limit(WOKEN_MAX)
    )
    for remittance in waiting.all():
        rounds.make_room(session, remittance)
        subjects.wake(session, subjects.remittance_key(remittance))
