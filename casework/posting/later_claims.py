"""A later payer was billed on an answer that is undone: what has not left waits for the answer that
is keyed next, and of what has left a person is told."""

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import expected_amounts, subjects, tasks, waits, withdrawals
from casework.moment import Moment
from casework.steps import claims
from db.models import Claim
from domain.encounter import ClaimStage
from domain.tasks import TaskKind

UNSENT = (ClaimStage.EDITS, ClaimStage.READY)
SENT = (ClaimStage.SUBMITTED, ClaimStage.ACCEPTED)
BECAUSE = "the answer that it rests on was undone"


def call_back(session: Session, claim: Claim, now: Moment) -> None:
    """What was answered already is judged anew by the next answer of the earlier payer."""
    for later in list(_after(session, claim)):
        if later.stage in UNSENT and expected_amounts.claim_receivable(session, later) <= 0:
            _keep_here(session, later, now)
        elif later.stage in SENT or later.stage is ClaimStage.READY:
            _tell(session, claim, later, now)


def _after(session: Session, claim: Claim) -> Iterator[Claim]:
    following = select(Claim).where(Claim.follows_id == claim.id).order_by(Claim.id)
    for each in session.scalars(following).all():
        yield each
        yield from _after(session, each)


def _keep_here(session: Session, later: Claim, now: Moment) -> None:
    """Nothing is due from it now; it is asked for once more when something is."""
    withdrawals.withdraw(session, later, BECAUSE, now)
    tasks.withdraw_of_claim(session, later.id, TaskKind.EDIT_FIX, BECAUSE, now)
    waits.withdrawn(session, subjects.encounter_key(later.encounter), now, claim_id=later.id)
    later.stage, later.outcome = ClaimStage.SETTLED, "nothing_due"


def _tell(session: Session, claim: Claim, later: Claim, now: Moment) -> None:
    first, payer = claim.payer.name, later.payer.name
    claims.open_follow_up(
        session,
        later,
        cause=f"{tasks.OF_CONTENT}{claim.id}",
        title=f"{payer} was billed on an answer of {first} that is undone",
        reason=f"The claim says what was keyed of {first}'s answer, and that was wrong. When it is "
        "keyed again and differs, correct this claim.",
        now=now,
    )
