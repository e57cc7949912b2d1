"""A claim on its way: into the route's next batch; on paper, or by a person's hands at a portal,
to payers that take nothing else.
"""

from sqlalchemy.orm import Session

from casework import (
    attachment_mail,
    mail_pieces,
    paper_claims,
    portal_claims,
    printed_here,
    submissions,
    tasks,
    withdrawals,
)
from casework.moment import Moment
from db.models import Claim
from domain.tasks import TaskKind


def send(session: Session, claim: Claim, now: Moment) -> str:
    """Send the current version under a new control number; the words say how.

    Whatever of the claim was still queued, and whoever was asked about its silence, is overtaken.
    """
    withdrawals.withdraw(session, claim, withdrawals.OVERTAKEN, now)
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "The claim is sent again.", now)
    submission = submissions.prepare(session, claim, now)
    attachment_mail.send(session, claim, submission, now)
    if printed_here.is_mail_of(session, claim):
        mail_pieces.queue(session, claim, submission, now)
        return f"To be printed and posted to {claim.payer.name}"
    if submission.channel == "paper":
        paper_claims.send(session, claim, submission, now)
        return f"Mailed on paper to {claim.payer.name}"
    if submission.channel == "portal":
        portal_claims.ask(session, claim, submission, now)
        return f"To be keyed on the portal of {claim.payer.name}"
    submissions.queue_for_batch(session, claim, now)
    return f"Passed the edits and queued for {claim.payer.name}"
