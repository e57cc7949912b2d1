"""A payer passed the claim on: the next payer's claim exists, and we do not send it yet."""

import datetime as dt

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import coverages, subjects, waits
from casework.moment import Moment
from casework.posting.lines import owed
from casework.posting.matching import charge_lines
from casework.waits import WaitKind
from db.models import Claim, ClaimLine, Coverage, RemitClaim
from domain.encounter import ClaimStage
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
NEXT_RESPONSIBILITY = {"P": "S", "S": "T", "T": "T"}


def is_forwarded(answer: RemitClaim) -> bool:
    remarks = {*answer.remarks, *(remark for line in answer.lines for remark in line.remarks)}
    return answer.status in FORWARDED or bool(remarks & FORWARDED_REMARKS)


def expect_forwarded(session: Session, claim: Claim, now: Moment) -> Claim | None:
    """The claim that the next payer was sent by this one; None when we know of no next payer."""
    following = coverages.after(session, claim)
    if following is None:
        return None
    known = session.scalar(
        select(Claim).where(
            Claim.encounter_id == claim.encounter_id, Claim.coverage_id == following.id
        )
    )
    return known or _make(session, claim, following, now)


def _make(session: Session, claim: Claim, following: Coverage, now: Moment) -> Claim:
    payer = following.plan.payer
    lines = charge_lines(session, claim)
    left = sum(owed(session, line, payer.id) for line in lines)
    forwarded = Claim(
        encounter_id=claim.encounter_id,
        coverage_id=following.id,
        payer_id=payer.id,
        responsibility=NEXT_RESPONSIBILITY[claim.responsibility],
        follows_id=claim.id,
        stage=ClaimStage.CROSSED_OVER if left else ClaimStage.SETTLED,
        # Nothing left over: its answer, if one comes, posts nothing.
        outcome=None if left else "nothing_due",
        file_by_on=now.today + dt.timedelta(days=payer.timely_days),
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
        _await(session, forwarded, payer.name, now)
    return forwarded


def _await(session: Session, claim: Claim, payer_name: str, now: Moment) -> None:
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"{payer_name}'s remittance for the forwarded claim",
        until_at=now.end_of(now.today + WITHIN),
        then_what=f"we bill {payer_name} ourselves",
        now=now,
        claim_id=claim.id,
    )
