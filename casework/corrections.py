"""A claim that its payer has decided is corrected by a person: replaced (7) where the payer takes
that, else as the payer's rule says; while the original is undecided only if the person says so.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, news, stays, subjects, submissions, waits, withdrawals
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from casework.reopening import reopen
from db.models import Claim, ClaimVersion, User
from db.queries.claim_visits import has_gone_out
from domain import corrections
from domain.corrections import Instead
from domain.encounter import CLAIM_CANCELLED, CLAIM_VOID, ClaimStage, Stage
from domain.tasks import Role

MAY_CORRECT = (Role.BILLER, Role.SUPERVISOR)
ALTHOUGH = " (although the payer has not decided it)"


def replace(
    session: Session,
    claim: Claim,
    because: str,
    *,
    although_undecided: bool,
    by: User,
    now: Moment,
) -> ClaimVersion:
    """The next version, in place of the one that the payer has, with what the rows say now."""
    if by.role not in MAY_CORRECT:
        raise Forbidden("Only a biller or a supervisor corrects a claim.")
    if not because.strip():
        raise Refused.of("because", "Say what is corrected.")
    subject = subjects.lock(session, subjects.encounter_key(claim.encounter))
    stays.lock_others(session, claim)
    session.refresh(claim)
    require_decided(session, claim, although_undecided=although_undecided)
    _require_replaceable(claim)
    said = because.strip()
    if corrections.moment_of(claim.stage) is corrections.Moment.UNDECIDED:
        said += ALTHOUGH
    version = start(session, claim, said, now)
    words = f"{by.full_name} had the claim to {claim.payer.name} replaced: {said}"
    news.tell(session, subject, "replaced", words, now, by)
    audit.record(session, by, "replaced", "claim", str(claim.uuid), words=said)
    return version


def start(session: Session, claim: Claim, because: str, now: Moment) -> ClaimVersion:
    """Begin the replacement; the caller holds the locks, has looked, and tells the story."""
    withdrawals.withdraw(session, claim, withdrawals.OVERTAKEN, now)
    waits.withdrawn(session, subjects.encounter_key(claim.encounter), now, claim_id=claim.id)
    for encounter in stays.visits(session, claim):
        if encounter.stage is not Stage.CLAIMS:
            reopened = reopen(session, encounter, Stage.CLAIMS, now)
            if encounter.id != claim.encounter_id:
                told = f"The claim of {claim.encounter.encounter_no} is corrected"
                news.tell(session, reopened, "reopened", told, now)
    version = submissions.new_version(session, claim, because=because, is_correction=True, now=now)
    claim.stage = ClaimStage.EDITS
    session.flush()
    return version


def require_decided(session: Session, claim: Claim, *, although_undecided: bool) -> None:
    """Raises `Refused` with the reason where nothing may be sent in this claim's place now."""
    payer = claim.payer.name
    match corrections.moment_of(claim.stage):
        case corrections.Moment.UNSENT:
            raise Refused.of("because", "The claim is not with its payer: mend it in its task.")
        case corrections.Moment.IN_QUESTION:
            words = f"{payer}'s answer is in question: decide that first, in the claim's task."
            raise Refused.of("because", words)
        case corrections.Moment.UNDECIDED if not _is_sent(session, claim):
            words = "The claim is still in the house: what you change goes out with it."
            raise Refused.of("because", words)
        case corrections.Moment.UNDECIDED if not although_undecided:
            words = f"{payer} has not decided this claim: what comes now may count as a duplicate."
            raise Refused.of("although_undecided", f"{words} Wait, or tick that you send it.")
        case corrections.Moment.UNDECIDED if not claim.payer_claim_number:
            words = f"{payer} has given the claim no number yet: nothing can take its place."
            raise Refused.of("because", words)
        case _:
            return


def _require_replaceable(claim: Claim) -> None:
    if claim.outcome in (CLAIM_VOID, CLAIM_CANCELLED):
        raise Refused.of("because", "This claim was taken back: there is nothing to replace.")
    if claim.may_be_replaced and claim.payer_claim_number:
        return
    name = claim.payer.name
    how = {
        Instead.NEW_CLAIM: "what it refuses goes out on a new claim, from the denial's task.",
        Instead.REOPENING: "what it refuses is reopened by letter, from the denial's task.",
    }
    raise Refused.of("because", f"{name} takes no replacement: {how[claim.instead]}")


def _is_sent(session: Session, claim: Claim) -> bool:
    sent = select(Claim.id).where(Claim.id == claim.id, has_gone_out())
    return session.scalar(sent) is not None
