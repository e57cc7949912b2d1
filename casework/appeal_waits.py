"""What a signed letter waits for: to be posted, where a person posts it, and then the decision."""

import datetime as dt

from sqlalchemy.orm import Session

from casework import subjects, waits
from casework.moment import Moment
from casework.waits import WaitKind
from db.models import AppealCase

POST_WITHIN_BUSINESS_DAYS = 1
# Decisions come by mail and by the next remittance.
GRACE = dt.timedelta(days=7)


def await_decision(session: Session, case: AppealCase, now: Moment, *, left_on: dt.date) -> None:
    """The payer's days count from the day on which the letter really left."""
    claim = case.claim
    case.sent_at = now.at
    case.answer_due_on = left_on + dt.timedelta(days=claim.payer.decision_days)
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the decision of {claim.payer.name} on our {case.kind}",
        until_at=now.end_of(case.answer_due_on + GRACE),
        then_what="a biller asks the payer",
        now=now,
        claim_id=claim.id,
    )


def await_posting(session: Session, case: AppealCase, now: Moment) -> None:
    claim = case.claim
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        f"the {case.kind} to {claim.payer.name} to be printed and posted",
        until_at=now.end_of(now.business_days(POST_WITHIN_BUSINESS_DAYS)),
        then_what="a biller is asked why it is not posted",
        now=now,
        claim_id=claim.id,
    )
