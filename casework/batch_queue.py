"""What waits for a route's next batch: queued submissions, eligibility checks and inquiries that
nothing holds back, oldest first."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from casework import enrolments, holds, routes, subjects, withdrawals
from casework.bulk import pieces
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


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """How much of one kind waits, up to as many as one batch may hold, and since when."""

    count: int
    since_at: dt.datetime | None


def waiting(session: Session, route: str, now: Moment) -> dict[Kind, Waiting]:
    """What waits for this route, counted where it is kept."""
    return {kind: _waiting(session, route, kind, now) for kind in Kind}


def queued(
    session: Session, route: str, kind: Kind, now: Moment, *, limit: int = QUEUED_MAX
) -> list[Queued]:
    """What waits for this route and is not held, oldest first."""
    return _listed(session, kind, _sendable(session, route, kind, now).limit(limit))


def still_queued(
    session: Session, route: str, kind: Kind, looked_at: Sequence[Queued], now: Moment
) -> tuple[Queued, ...]:
    """What is left of an earlier look, once the locks are held: an answer may have come between."""
    found: set[int] = set()
    for some in pieces(item.id for item in looked_at):
        statement = _sendable(session, route, kind, now)
        found |= set(session.scalars(statement.where(row_of(kind).id.in_(some))))
    return tuple(item for item in looked_at if item.id in found)


def row_of(kind: Kind) -> type[Submission | EligibilityCheck | StatusInquiry]:
    match kind:
        case Kind.CLAIMS | Kind.FACILITY_CLAIMS:
            return Submission
        case Kind.ELIGIBILITY:
            return EligibilityCheck
        case Kind.STATUS:
            return StatusInquiry


def routes_with_queued(session: Session) -> list[str]:
    """The routes that payers are reached through."""
    return sorted(
        session.scalars(select(PayerRoute.route).where(PayerRoute.channel == "edi").distinct())
    )


def _waiting(session: Session, route: str, kind: Kind, now: Moment) -> Waiting:
    _, _, since = (some := _sendable(session, route, kind, now).limit(QUEUED_MAX).subquery()).c
    count, since_at = session.execute(select(func.count(), func.min(since)).select_from(some)).one()
    return Waiting(count=count, since_at=since_at)


def _listed(session: Session, kind: Kind, statement: Select[int, str, dt.datetime]) -> list[Queued]:
    return [
        Queued(kind=kind, id=id_, subject=f"{subjects.ENCOUNTER}{number}", queued_at=at)
        for id_, number, at in session.execute(statement)
    ]


def _sendable(
    session: Session, route: str, kind: Kind, now: Moment
) -> Select[int, str, dt.datetime]:
    usage = routes.named(session, route).usage
    return _query(kind, route).where(
        ~_is_held(kind, now), ~enrolments.forbids(kind, usage, PayerRoute.payer_id)
    )


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
