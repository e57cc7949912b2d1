"""A claim on its way: into the route's next batch; on paper, or by a person's hands at a portal,
to payers that take nothing else.
"""

import datetime as dt

from sqlalchemy.orm import Session

from casework import (
    attachment_mail,
    paper_claims,
    portal_claims,
    submissions,
    tasks,
    withdrawals,
)
from casework.moment import Moment
from db.models import Claim
from domain.encounter import ClaimStage
from domain.tasks import TaskKind

# Mail both ways, and keying at the payer, before the payer's usual days begin.
PAPER_TAKES = dt.timedelta(days=10)


def send(session: Session, claim: Claim, now: Moment) -> str:
    """Send the current version under a new control number; the words say how.

    Whatever of the claim was still queued, and whoever was asked about its silence, is overtaken.
    """
    withdrawals.withdraw(session, claim, withdrawals.OVERTAKEN, now)
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "The claim is sent again.", now)
    submission = submissions.prepare(session, claim, now)
    attachment_mail.send(session, claim, submission, now)
    if submission.channel == "paper":
        paper_claims.send(session, claim, submission, now)
        claim.stage = ClaimStage.ACCEPTED
        usual = dt.timedelta(days=claim.payer.usual_days)
        submissions.await_remittance(session, claim, now, within=usual + PAPER_TAKES)
        return f"Mailed on paper to {claim.payer.name}"
    if submission.channel == "portal":
        portal_claims.ask(session, claim, submission, now)
        return f"To be keyed on the portal of {claim.payer.name}"
    submissions.queue_for_batch(session, claim, now)
    return f"Passed the edits and queued for {claim.payer.name}"
