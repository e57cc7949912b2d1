"""What waits for a route's next batch: queued submissions, eligibility checks and inquiries that
nothing holds back, oldest first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from casework import enrolments, holds, routes, withdrawals
from casework.moment import Moment
from db.models import (
    Claim,
    ClaimVersion,
    Coverage,
    EligibilityCheck,
    Encounter,
    PayerRoute,
    Plan,
    StatusInquiry,
    Submission,
)
from domain.claim_form import ClaimForm
from domain.encounter import ClaimStage
from edi.x837 import CLAIMS_MAX

# A route may ask for batches as large as a file may be; more than one batch is never looked at.
QUEUED_MAX = CLAIMS_MAX


class Kind(StrEnum):
    """The start of a batch's file name."""

    CLAIMS = "837p"
    FACILITY_CLAIMS = "837i"
    ELIGIBILITY = "270"
    STATUS = "276"

    @property
    def form(self) -> ClaimForm | None:
        """Of the claims in it; a question goes on no form."""
        match self:
            case Kind.CLAIMS:
                return ClaimForm.PROFESSIONAL
            case Kind.FACILITY_CLAIMS:
                return ClaimForm.INSTITUTIONAL
            case _:
                return None


@dataclass(frozen=True, kw_only=True)
class Queued:
    """One thing that waits for a batch, and the encounter whose lock its sending needs."""

    kind: Kind
    id: int
    subject: str
    queued_at: dt.datetime


def queued(session: Session, route: str, now: Moment) -> dict[Kind, list[Queued]]:
    """What waits for this route and is not held, oldest first, by kind."""
    return {kind: _queued(session, route, kind, now) for kind in Kind}


def still_queued(
    session: Session, route: str, kind: Kind, looked_at: Sequence[Queued], now: Moment
) -> tuple[Queued, ...]:
    """What is left of an earlier look, once the locks are held: an answer may have come between."""
    waiting = {item.id for item in _queued(session, route, kind, now)}
    return tuple(item for item in looked_at if item.id in waiting)


def routes_with_queued(session: Session) -> list[str]:
    """The routes that payers are reached through."""
    return sorted(
        session.scalars(select(PayerRoute.route).where(PayerRoute.channel == "edi").distinct())
    )


def _queued(session: Session, route: str, kind: Kind, now: Moment) -> list[Queued]:
    usage = routes.named(session, route).usage
    return [
        Queued(kind=kind, id=id_, subject=f"encounter:{number}", queued_at=at)
        for id_, number, at in session.execute(
            _query(kind, route).where(
                ~_is_held(kind, now), ~enrolments.forbids(kind, usage, PayerRoute.payer_id)
            )
        )
    ]


def _is_held(kind: Kind, now: Moment) -> ColumnElement[bool]:
    """A hold on one payer leaves what is queued for another alone."""
    claim_id = None if kind is Kind.ELIGIBILITY else Claim.id
    return holds.stops_sending(now, PayerRoute.payer_id, claim_id)


def _queued_claims(route: str, form: ClaimForm) -> Select[int, str, dt.datetime]:
    return (
        select(Submission.id, Encounter.encounter_no, Submission.queued_at)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(PayerRoute, PayerRoute.payer_id == Claim.payer_id)
        .where(PayerRoute.transaction_kind == "837", PayerRoute.route == route)
        # An original, a replacement and a void all wait as READY: in any other stage the claim has
        # had its answer, or stands before a person, and nothing of it may go.
        .where(Claim.stage == ClaimStage.READY, *withdrawals.is_unsent())
        # What a person was asked to key stays theirs when the payer takes files again.
        .where(PayerRoute.channel == "edi", Submission.channel == "edi", Claim.form == form)
        .order_by(Submission.queued_at, Submission.id)
        .limit(QUEUED_MAX)
    )


def _queued_checks(route: str) -> Select[int, str, dt.datetime]:
    return (
        select(EligibilityCheck.id, Encounter.encounter_no, EligibilityCheck.asked_at)
        .join(Encounter, Encounter.id == EligibilityCheck.encounter_id)
        .join(Coverage, Coverage.id == EligibilityCheck.coverage_id)
        .join(Plan, Plan.id == Coverage.plan_id)
        .join(PayerRoute, PayerRoute.payer_id == Plan.payer_id)
        .where(PayerRoute.transaction_kind == "270", PayerRoute.route == route)
        .where(EligibilityCheck.batch_id.is_(None), EligibilityCheck.answered_at.is_(None))
        .order_by(EligibilityCheck.asked_at, EligibilityCheck.id)
        .limit(QUEUED_MAX)
    )


def _queued_inquiries(route: str) -> Select[int, str, dt.datetime]:
    return (
        select(StatusInquiry.id, Encounter.encounter_no, StatusInquiry.asked_at)
        .join(Submission, Submission.id == StatusInquiry.submission_id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .join(Encounter, Encounter.id == Claim.encounter_id)
        .join(PayerRoute, PayerRoute.payer_id == Claim.payer_id)
        .where(PayerRoute.transaction_kind == "276", PayerRoute.route == route)
        .where(StatusInquiry.batch_id.is_(None), StatusInquiry.answered_at.is_(None))
        .order_by(StatusInquiry.asked_at, StatusInquiry.id)
        .limit(QUEUED_MAX)
    )


def _query(kind: Kind, route: str) -> Select[int, str, dt.datetime]:
    match kind:
        case Kind.CLAIMS:
            return _queued_claims(route, ClaimForm.PROFESSIONAL)
        case Kind.FACILITY_CLAIMS:
            return _queued_claims(route, ClaimForm.INSTITUTIONAL)
        case Kind.ELIGIBILITY:
            return _queued_checks(route)
        case Kind.STATUS:
            return _queued_inquiries(route)
