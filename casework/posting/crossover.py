"""A payer passed the claim on: the next payer's claim exists, and we do not send it yet."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages, filing, news, stays, subjects, waits
from casework.moment import Moment
from casework.posting.lines import owed
from casework.posting.matching import charge_lines
from casework.reopening import reopen
from casework.waits import WaitKind
from db.models import Claim, ClaimLine, Coverage, RemitClaim
from domain.encounter import ClaimStage, Stage
from domain.remittance import RemitStatus

FORWARDED = frozenset(
    {
        RemitStatus.PRIMARY_FORWARDED.value,
        RemitStatus.SECONDARY_FORWARDED.value,
        RemitStatus.TERTIARY_FORWARDED.value,
    }
)
FORWARDED_REMARKS = frozenset({"MA18", "N89"})
WITHIN = dt.timedelta(days=30)
AT_ONCE = dt.timedelta(0)
NEXT_RESPONSIBILITY = {"P": "S", "S": "T", "T": "T"}


def is_forwarded(answer: RemitClaim) -> bool:
    remarks = {*answer.remarks, *(remark for line in answer.lines for remark in line.remarks)}
    return answer.status in FORWARDED or bool(remarks & FORWARDED_REMARKS)


def expect_next(session: Session, claim: Claim, answer: RemitClaim, now: Moment) -> None:
    """What the next payer is owed after this answer is somebody's to ask for.

    A forwarded claim is awaited, and billed by us only if no answer comes. A next payer's claim
    that had been settled, and is owed on again after a correction, is asked for again.
    """
    following = coverages.after(session, claim)
    if following is None:
        return
    known = _known(session, claim, following)
    forwarded = is_forwarded(answer)
    if not known and forwarded:
        _make(session, claim, following, now)
    for each in known:
        if each.stage is ClaimStage.SETTLED and _left(session, each) > 0:
            _ask_again(session, each, claim, now, within=WITHIN if forwarded else AT_ONCE)


def _ask_again(
    session: Session, known: Claim, claim: Claim, now: Moment, *, within: dt.timedelta
) -> None:
    known.stage, known.outcome = ClaimStage.CROSSED_OVER, None
    visits = stays.visits(session, known)
    if known.follows_id is None or len(visits) > 1:
        # It had refused to be first: now it is asked as the later payer that it is.
        known.follows_id = claim.id
        known.responsibility = NEXT_RESPONSIBILITY[claim.responsibility]
    _await(session, known, now, within=within)
    for visit in visits:
        if visit.stage in (Stage.PATIENT, Stage.CLOSED):
            reopen(session, visit, Stage.CLAIMS, now)
    if known.encounter_id != claim.encounter_id:
        words = f"{known.payer.name} owes on its claim again, after {claim.payer.name} has answered"
        news.tell_claim(session, known, "owed again", words, now)


def _known(session: Session, claim: Claim, following: Coverage) -> Sequence[Claim]:
    """Lines beyond the fifty of one claim are on another, which is forwarded for itself; and each
    visit of a stay may have its own claim to a payer that does not take stays whole."""
    same_lines = select(ClaimLine.claim_id).where(
        ClaimLine.charge_line_id.in_([line.charge_line_id for line in claim.lines])
    )
    return session.scalars(
        select(Claim)
        .where(Claim.coverage_id == following.id, Claim.id.in_(same_lines))
        .order_by(Claim.id)
    ).all()


def _left(session: Session, claim: Claim) -> int:
    return sum(owed(session, line, claim.payer_id) for line in charge_lines(session, claim))


def _make(session: Session, claim: Claim, following: Coverage, now: Moment) -> None:
    payer = following.plan.payer
    lines = charge_lines(session, claim)
    left = sum(owed(session, line, payer.id) for line in lines)
    forwarded = Claim(
        encounter_id=claim.encounter_id,
        coverage_id=following.id,
        payer_id=payer.id,
        form=claim.form,
        responsibility=NEXT_RESPONSIBILITY[claim.responsibility],
        follows_id=claim.id,
        stage=ClaimStage.CROSSED_OVER if left else ClaimStage.SETTLED,
        # Nothing left over: its answer, if one comes, posts nothing.
        outcome=None if left else "nothing_due",
        file_by_on=filing.limit_of(payer, now.today),
        opened_at=now.at,
    )
    session.add(forwarded)
    session.flush()
    session.add_all(
        ClaimLine(claim_id=forwarded.id, charge_line_id=line.id, expected_cents=None)
        for line in lines
    )
    session.flush()
    if left:
        _await(session, forwarded, now, within=WITHIN)


def _await(session: Session, claim: Claim, now: Moment, *, within: dt.timedelta) -> None:
    name = claim.payer.name
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"{name}'s remittance for the forwarded claim",
        until_at=now.end_of(now.today + within) if within else now.at,
        then_what=f"we bill {name} ourselves",
        now=now,
        claim_id=claim.id,
    )
