"""A person sends a claim again: the same version under a new control number, and never by
itself.
"""

from sqlalchemy.orm import Session

from casework import audit, news, sending, subjects, waits
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Claim, User
from domain.encounter import ClaimStage
from domain.tasks import Role

AWAITED = (ClaimStage.SUBMITTED, ClaimStage.ACCEPTED)


def send_again(session: Session, claim: Claim, because: str, by: User, now: Moment) -> str:
    """Only while the payer's answer is awaited: what was answered is corrected, not sent again."""
    if by.role not in (Role.BILLER, Role.SUPERVISOR):
        raise Forbidden("Only a biller or a supervisor sends a claim again.")
    if not because.strip():
        raise Refused.of("because", "Say why the claim is sent again.")
    subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
    require_awaited(session, claim, "because")
    waits.withdrawn(session, subject.key, now, claim_id=claim.id)
    sending.send(session, claim, now)
    words = f"{by.full_name} had the claim sent again: {because.strip()}"
    news.tell(session, subject, "sent again", words, now, by)
    audit.record(session, by, "sent again", "claim", str(claim.uuid))
    return words


def require_awaited(session: Session, claim: Claim, field: str) -> None:
    """The stage as it is under the lock of its encounter, which the caller holds."""
    session.refresh(claim)
    if claim.stage not in AWAITED:
        stage = claim.stage.replace("_", " ")
        raise Refused.of(field, f"The claim is {stage}: only one that waits is resent.")
