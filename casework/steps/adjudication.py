"""The payer's silence: a status inquiry on the payer's day, then another, then a person."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages, ledger, sending, subjects, submissions, waits
from casework.moment import Moment
from casework.steps import claims
from casework.waits import WaitKind
from db.models import Claim, StatusInquiry, Submission
from domain.encounter import ClaimStage
from domain.ledger import Account

ANSWER_WITHIN_BUSINESS_DAYS = 2
ASK_AGAIN_AFTER = dt.timedelta(days=10)
INQUIRIES_MAX = 4
RESENDS_MAX = 2
NOT_FOUND = frozenset({"A4", "D0"})


def follow_up(session: Session, claim: Claim, now: Moment) -> str:
    """The payer's day has passed, or its answer to our inquiry has come (or has not)."""
    if submissions.filed_as(session, claim) is not claim:
        # Another payer had passed it on: we never sent this payer anything to ask about.
        return bill_after_crossover(session, claim, now)
    submission = submissions.latest(session, claim)
    inquiry = _latest_inquiry(session, submission)
    if inquiry is None or _is_spent(inquiry, now):
        return _ask(session, claim, submission, inquiry, now)
    if inquiry.answered_at is None:
        return _ask_a_person(session, claim, inquiry, "has not answered our status inquiry", now)
    return _act_on(session, claim, submission, inquiry, now)


def bill_after_crossover(session: Session, claim: Claim, now: Moment) -> str:
    """The claim that the first payer forwarded was never answered: we bill it ourselves."""
    claim.stage = ClaimStage.EDITS
    submissions.new_version(
        session,
        claim,
        because="not crossed over in time",
        is_correction=False,
        now=now,
        line_ids=_of_visits_owed_on(session, claim),
    )
    return f"{claim.payer.name} never answered the crossover: we bill it ourselves"


def _of_visits_owed_on(session: Session, claim: Claim) -> tuple[int, ...]:
    """All lines; of a claim for a whole stay those of the visits on which its payer owes now."""
    owed = {
        line.charge_line.encounter_id
        for line in claim.lines
        if ledger.balance(
            session,
            Account.AR_INSURANCE,
            charge_line_id=line.charge_line_id,
            payer_id=claim.payer_id,
        )
    }
    return tuple(
        line.charge_line_id
        for line in claim.lines
        if not owed or line.charge_line.encounter_id in owed
    )


def _ask(
    session: Session,
    claim: Claim,
    submission: Submission,
    before: StatusInquiry | None,
    now: Moment,
) -> str:
    attempt = before.attempt + 1 if before else 1
    if submission.channel == "portal":
        return _ask_a_person(session, claim, before, "shows no answer at its portal yet", now)
    route = coverages.route(session, claim.payer, "276")
    if route is None or attempt > INQUIRIES_MAX:
        return _ask_a_person(session, claim, before, "has not paid or denied the claim", now)
    session.add(StatusInquiry(submission_id=submission.id, attempt=attempt, asked_at=now.at))
    session.flush()
    subjects.touch(session, subjects.batch_key(route.route), now, is_open=False)
    subjects.wake(session, subjects.batch_key(route.route))
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the answer (277) of {claim.payer.name} to our status inquiry",
        until_at=now.end_of(now.business_days(ANSWER_WITHIN_BUSINESS_DAYS)),
        then_what="a biller calls the payer",
        now=now,
        claim_id=claim.id,
    )
    return f"Asked {claim.payer.name} where the claim is (inquiry {attempt})"


def _act_on(
    session: Session, claim: Claim, submission: Submission, inquiry: StatusInquiry, now: Moment
) -> str:
    category = inquiry.category or ""
    if category in NOT_FOUND:
        if submission.number > RESENDS_MAX:
            return _ask_a_person(session, claim, inquiry, "cannot find the claim", now)
        sending.send(session, claim, now)
        return f"{claim.payer.name} never had the claim: sent again"
    if category.startswith(("P", "F", "A")):
        submissions.await_remittance(session, claim, now, within=ASK_AGAIN_AFTER)
        return f"{claim.payer.name}: {inquiry.words or category}; waiting on"
    return _ask_a_person(session, claim, inquiry, f"wants something: {inquiry.words}", now)


def _is_spent(inquiry: StatusInquiry, now: Moment) -> bool:
    """Its answer was acted on and the wait after it has passed."""
    return inquiry.answered_at is not None and now.at - inquiry.answered_at > (
        ASK_AGAIN_AFTER - dt.timedelta(days=1)
    )


def _ask_a_person(
    session: Session, claim: Claim, inquiry: StatusInquiry | None, words: str, now: Moment
) -> str:
    claims.open_follow_up(
        session,
        claim,
        cause=f"silence:{inquiry.id if inquiry else 0}",
        title=f"{claim.payer.name} {words}",
        reason=f"The claim has been with {claim.payer.name} longer than its usual "
        f"{claim.payer.usual_days} days.{_where_to_look(session, claim)}",
        now=now,
    )
    return f"{claim.payer.name} {words}: asked a biller"


def _where_to_look(session: Session, claim: Claim) -> str:
    is_keyed = submissions.latest(session, claim).channel == "portal"
    return f" Look at the portal of {claim.payer.name}." if is_keyed else ""


def _latest_inquiry(session: Session, submission: Submission) -> StatusInquiry | None:
    return session.scalar(
        select(StatusInquiry)
        .where(StatusInquiry.submission_id == submission.id)
        .order_by(StatusInquiry.attempt.desc())
        .limit(1)
    )
