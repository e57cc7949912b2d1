"""What was keyed wrongly and is undone leaves nothing of itself on its claim: no number of the
payer's, no correction, nothing that was given up or moved because of it. Locks are held."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session, aliased

from casework import ledger, submissions, tasks, voids, withdrawals
from casework.moment import Moment
from casework.posting import forgiven, later_claims, outcomes, undoing
from db.models import (
    Claim,
    ClaimVersion,
    Denial,
    Entry,
    RemitClaim,
    RemitLine,
    Submission,
    User,
    WriteOffRequest,
)
from domain.encounter import CLAIM_VOID, ClaimStage
from domain.ledger import Leg
from domain.remittance import RemitStatus
from domain.tasks import TaskKind

BECAUSE = "What was keyed of the payer's answer was undone."
UNSENT = "what was keyed of the payer's answer was undone"
# The payer has this in its hands: it is answered, whatever was keyed before.
WITH_PAYER = (ClaimStage.SUBMITTED, ClaimStage.ACCEPTED, ClaimStage.CROSSED_OVER)

NEVER_THERE = ("rejected", "unwritable", withdrawals.WITHDRAWN)


def leave_nothing(
    session: Session, claim: Claim, original: RemitClaim, since: RemitClaim | None, now: Moment
) -> list[Leg]:
    """Returns the legs of what people had decided because of it, contradicted. `since`: the answer
    that was posted after it and stands."""
    until = since.posted_at if since else None
    outcomes.resolve_denials_of(session, claim.id, original.id, now, BECAUSE)
    outcomes.withdraw_requests(session, _asked_because(claim, original, until), now, BECAUSE)
    legs = _take_decisions_back(session, claim, original, until, now)
    claim.payer_claim_number = _number(session, claim)
    outcomes.withdraw_letters(session, claim.id)
    if since is None:
        _await_answer(session, claim, original, now)
    later_claims.call_back(session, claim, now)
    return legs


def _await_answer(session: Session, claim: Claim, original: RemitClaim, now: Moment) -> None:
    """Unless another answer stands: what that one says of the claim is left as it is. Of a claim
    that its payer has agreed is void no answer is to come: it is void, as before."""
    if claim.stage in WITH_PAYER:
        claim.outcome = None
        return
    is_void = voids.is_concluded(session, claim)
    claim.outcome = CLAIM_VOID if is_void else "reversed"
    outcomes.withdraw_moot(session, claim.id, now, BECAUSE)
    tasks.withdraw_of_claim(session, claim.id, TaskKind.VOID_APPROVAL, BECAUSE, now)
    if not is_void:
        _withdraw_unsent(session, claim, original, now)


def _by(session: Session, original: RemitClaim) -> User:
    by_id = original.remittance.undone_by_id
    assert by_id is not None, "nobody undid it"
    return session.get_one(User, by_id)


def _take_decisions_back(
    session: Session,
    claim: Claim,
    original: RemitClaim,
    until: dt.datetime | None,
    now: Moment,
) -> list[Leg]:
    """Who decided them believed what was keyed."""
    by = _by(session, original)
    decided = [
        *_moved(session, original),
        *_written_off(session, claim, original, until),
        *_forgiven(session, original),
    ]
    legs = [leg for entry in decided for leg in ledger.legs_of(entry)]
    undoing.undo(session, decided, now, by, because="its refusal was keyed wrongly")
    return legs


def _denial_ids(session: Session, original: RemitClaim) -> Sequence[int]:
    of_answer = select(Denial.id).join(RemitLine, RemitLine.id == Denial.remit_line_id)
    return session.scalars(of_answer.where(RemitLine.remit_claim_id == original.id)).all()


def _moved(session: Session, original: RemitClaim) -> Sequence[Entry]:
    """To the next payer, or to the patient."""
    contra = aliased(Entry)
    keys = [f"move:{denial_id}" for denial_id in _denial_ids(session, original)]
    return session.scalars(
        select(Entry)
        .where(Entry.effect_key.in_(keys))
        .where(~exists().where(contra.reverses_id == Entry.id))
        .order_by(Entry.id)
    ).all()


def _asked_because(
    claim: Claim, original: RemitClaim, until: dt.datetime | None
) -> ColumnElement[bool]:
    """As a condition on `WriteOffRequest`: to give up what it had left unexplained."""
    asked = (
        WriteOffRequest.denial_id.is_(None)
        & (WriteOffRequest.claim_id == claim.id)
        & (WriteOffRequest.side == "insurance")
        & (WriteOffRequest.asked_at >= original.posted_at)
    )
    return asked if until is None else asked & (WriteOffRequest.asked_at < until)


def _forgiven(session: Session, original: RemitClaim) -> Sequence[Entry]:
    """By hand or as a small balance: who forgave it believed what was keyed."""
    lines = [line.charge_line_id for line in original.lines if line.charge_line_id]
    return forgiven.since(session, original, lines, forgiven.SMALL, forgiven.BY_HAND)


def _written_off(
    session: Session, claim: Claim, original: RemitClaim, until: dt.datetime | None
) -> list[Entry]:
    """Of its refusals, and of what it had left unexplained."""
    requests = session.scalars(
        select(WriteOffRequest.id).where(
            WriteOffRequest.denial_id.in_(_denial_ids(session, original))
            | _asked_because(claim, original, until)
        )
    )
    sources = {f"write-off {request_id}" for request_id in requests}
    lines = [line.charge_line_id for line in claim.lines]
    every = undoing.written_off(session, lines, claim.payer_id)
    return [entry for entry in every if entry.source in sources]


def _number(session: Session, claim: Claim) -> str | None:
    """As the latest answer that stands calls the claim, else as it was taken in."""
    back = aliased(RemitClaim)
    answered = (
        select(RemitClaim.payer_claim_number)
        .where(RemitClaim.claim_id == claim.id, RemitClaim.posting == "posted")
        .where(RemitClaim.status != RemitStatus.REVERSAL.value)
        .where(RemitClaim.payer_claim_number != "")
        .where(~exists().where(back.reverses_id == RemitClaim.id))
        .order_by(RemitClaim.posted_at.desc(), RemitClaim.id.desc())
    )
    taken_in = (
        select(Submission.payer_claim_number)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == claim.id, Submission.payer_claim_number != "")
        .order_by(Submission.id.desc())
    )
    return session.scalar(answered.limit(1)) or session.scalar(taken_in.limit(1))


def _withdraw_unsent(session: Session, claim: Claim, original: RemitClaim, now: Moment) -> None:
    """A correction of what the payer never said, under a number that may be another claim's. The
    claim is again what its payer has: should it not have it, that is what is sent once more."""
    withdrawals.withdraw(session, claim, UNSENT, now)
    answered = _answered_version(session, claim, original)
    if answered is None:
        return
    newest = submissions.current_version(session, claim)
    if answered.version == newest.version or _had_left(newest, original):
        return
    session.add(
        ClaimVersion(
            claim_id=claim.id,
            version=newest.version + 1,
            frequency=answered.frequency,
            payer_claim_number=answered.payer_claim_number,
            because=UNSENT,
            charge_line_ids=answered.charge_line_ids,
            made_at=now.at,
        )
    )
    session.flush()


def _had_left(version: ClaimVersion, original: RemitClaim) -> bool:
    """Before anything was keyed: what it says rests on nothing of that, and the payer has it."""
    assert original.posted_at is not None, "nothing of it was posted"
    is_sent = any(row.sent_at and row.ack_status not in NEVER_THERE for row in version.submissions)
    return is_sent and version.made_at < original.posted_at


def _answered_version(session: Session, claim: Claim, original: RemitClaim) -> ClaimVersion | None:
    """The version that it was keyed against; none where another payer had passed the claim on."""
    sent = (
        select(ClaimVersion)
        .join(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(ClaimVersion.claim_id == claim.id, Submission.sent_at.is_not(None))
        .order_by((Submission.id == original.submission_id).desc(), Submission.id.desc())
    )
    return session.scalar(sent.limit(1))
