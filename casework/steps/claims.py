"""A claim from its edits to the payer's acceptance: scrubbed, queued, asked about, mended."""

from sqlalchemy.orm import Session

from casework import (
    claim_edits,
    departures,
    expected_amounts,
    late_joining,
    mail_pieces,
    sending,
    subjects,
    submissions,
    tasks,
)
from casework.moment import Moment
from db.models import (
    Claim,
    Submission,
)
from domain.encounter import ClaimStage
from domain.findings import Finding
from domain.tasks import TaskKind


def edit(session: Session, claim: Claim, now: Moment) -> str:
    """Scrub the claim: a finding that stops it is a biller's, otherwise it is queued for
    sending.
    """
    if late_joining.give_way(session, claim, now):
        return "Late charges alone, and no bill that they could join yet: they wait for it"
    findings = claim_edits.stops(session, claim, now)
    if findings:
        _open_fix(session, claim, findings, now)
        return f"An edit stopped the claim: {findings[0].words}"
    return sending.send(session, claim, now)


def chase_batch(session: Session, claim: Claim, now: Moment) -> str:
    """The batch has not gone out in time: poke it, and wait another business day."""
    submission = submissions.latest(session, claim)
    if mail_pieces.is_waiting(session, claim, submission):
        return _ask_who_posts(session, claim, submission, now)
    if submissions.route_of(session, claim).channel != "edi" or submission.channel != "edi":
        # The payer takes its claims another way by now.
        return sending.send(session, claim, now)
    submissions.wait_for_batch(session, claim, now)
    subjects.wake(session, subjects.batch_key(submissions.route_of(session, claim).route))
    return f"Still waiting for its batch ({submission.pcn})"


def _ask_who_posts(session: Session, claim: Claim, submission: Submission, now: Moment) -> str:
    open_follow_up(
        session,
        claim,
        cause=f"unposted:{submission.id}",
        title=f"The claim to {claim.payer.name} is not posted yet",
        reason=f"Its form waits on Mail to post since {submission.queued_at:%Y-%m-%d}, and nobody "
        "has marked it as mailed.",
        now=now,
    )
    return "Not posted in time: asked a biller"


def chase_acknowledgment(session: Session, claim: Claim, now: Moment) -> str:
    """Nobody has acknowledged the file or the claim: a biller asks.

    While the file itself could not leave, nobody can have: the time counts from its sending.
    """
    submission = submissions.latest(session, claim)
    if (late := departures.not_yet_due(session, submission, now)) is not None:
        departures.wait(session, claim, late, now)
        return f"Not asked yet: {late.words}"
    open_follow_up(
        session,
        claim,
        cause=f"acknowledgment:{submission.id}",
        title=f"{claim.payer.name} has not acknowledged the claim",
        reason=f"The claim was sent on {submission.sent_at:%Y-%m-%d} and neither the clearinghouse "
        "nor the payer has answered.",
        now=now,
    )
    return "No acknowledgment in time: asked a biller"


def apply_rejection_answer(session: Session, claim: Claim, now: Moment) -> str:
    """A rejection was mended: this version was never adjudicated, so it goes out anew.

    A replacement still replaces the claim that was adjudicated.
    """
    version = submissions.renew(session, claim, because="rejected and mended", now=now)
    claim.stage = ClaimStage.EDITS
    return f"Mended after the rejection: sent again (frequency {version.frequency})"


def open_follow_up(
    session: Session, claim: Claim, *, cause: str, title: str, reason: str, now: Moment
) -> None:
    count = tasks.count(session, claim_id=claim.id, kind=TaskKind.FOLLOW_UP)
    tasks.open_task(
        session,
        TaskKind.FOLLOW_UP,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"{cause}:{count}",
        title=title,
        reason=reason,
        details={"stage": claim.stage, "count": count},
        now=now,
        amount_cents=expected_amounts.claim_receivable(session, claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )


def _open_fix(session: Session, claim: Claim, findings: tuple[Finding, ...], now: Moment) -> None:
    version = submissions.current_version(session, claim)
    times = tasks.count(session, claim_id=claim.id, kind=TaskKind.EDIT_FIX)
    tasks.open_task(
        session,
        TaskKind.EDIT_FIX,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"edit:{version.id}:{times}",
        title=f"{findings[0].words}",
        reason=f"The claim to {claim.payer.name} cannot be sent before this is mended.",
        details={"rules": [finding.rule for finding in findings]},
        now=now,
        amount_cents=expected_amounts.claim_receivable(session, claim),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
