"""What goes into a batch: queued submissions, eligibility checks and status inquiries as X12."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from casework import claim_content, enrolments, holds, routes, submissions, withdrawals
from casework.contents import Content
from casework.moment import Moment
from db.models import (
    Batch,
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
from domain import control_numbers
from domain.claim_form import ClaimForm
from domain.claim_status import StatusRequest
from domain.claims import ProfessionalClaim
from domain.eligibility import EligibilityRequest
from domain.encounter import ClaimStage
from domain.institutional import InstitutionalClaim
from domain.parties import BillingEntity
from edi import x270, x276, x837i, x837p
from edi.envelope import Envelope, Usage
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


def encode(
    session: Session, batch: Batch, kind: Kind, items: Sequence[Queued], now: Moment
) -> bytes:
    """The interchange of a batch; same rows, same bytes."""
    billing = claim_content.billing_entity(session)
    envelope = _envelope(session, batch, billing, now)
    reference = control_numbers.batch_reference(batch.id)
    match kind:
        case Kind.CLAIMS:
            claims = [c for c in _contents(session, items) if isinstance(c, ProfessionalClaim)]
            return x837p.encode(claims, envelope=envelope, batch_reference=reference)
        case Kind.FACILITY_CLAIMS:
            bills = [c for c in _contents(session, items) if isinstance(c, InstitutionalClaim)]
            return x837i.encode(bills, envelope=envelope, batch_reference=reference)
        case Kind.ELIGIBILITY:
            checks = [session.get_one(EligibilityCheck, item.id) for item in items]
            asked = [_eligibility(session, check, billing) for check in checks]
            return x270.encode(asked, envelope=envelope, batch_reference=reference)
        case Kind.STATUS:
            inquiries = [session.get_one(StatusInquiry, item.id) for item in items]
            questions = [_status(session, inquiry, billing) for inquiry in inquiries]
            return x276.encode(questions, envelope=envelope, batch_reference=reference)


def put_into(session: Session, item: Queued, batch: Batch) -> None:
    row: Submission | EligibilityCheck | StatusInquiry
    match item.kind:
        case Kind.CLAIMS | Kind.FACILITY_CLAIMS:
            row = session.get_one(Submission, item.id)
        case Kind.ELIGIBILITY:
            row = session.get_one(EligibilityCheck, item.id)
        case Kind.STATUS:
            row = session.get_one(StatusInquiry, item.id)
    row.batch_id = batch.id


def members(session: Session, batch: Batch) -> list[Queued]:
    """What was put into a batch, in the order in which it was."""
    found: list[Queued] = []
    for row in (Submission, EligibilityCheck, StatusInquiry):
        ids = session.scalars(select(row.id).where(row.batch_id == batch.id).order_by(row.id))
        found += [
            Queued(kind=Kind(batch.kind), id=id_, subject="", queued_at=batch.opened_at)
            for id_ in ids
        ]
    return found


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


def _contents(session: Session, items: Sequence[Queued]) -> list[Content]:
    rows = [session.get_one(Submission, item.id) for item in items]
    return [submissions.content_of(row) for row in rows]


def _envelope(session: Session, batch: Batch, billing: BillingEntity, now: Moment) -> Envelope:
    control = batch.control_number or 0
    route = routes.named(session, batch.route)
    return Envelope(
        sender_id=route.sender_id,
        sender_name=billing.name,
        contact_name=billing.contact_name,
        contact_phone=billing.contact_phone,
        receiver_id=route.receiver_id,
        receiver_name=route.receiver_id,
        interchange_control=control,
        group_control=control,
        set_control=1,
        written_at=now.at,
        usage=Usage(route.usage),
    )


def _eligibility(
    session: Session, check: EligibilityCheck, billing: BillingEntity
) -> EligibilityRequest:
    encounter = session.get_one(Encounter, check.encounter_id)
    return EligibilityRequest(
        trace=control_numbers.eligibility_trace(check.id),
        originator=f"9{billing.tax_id}",
        billing=billing,
        payer=claim_content.payer_party(check.coverage.plan.payer),
        subscriber=claim_content.subscriber(check.coverage, encounter.patient),
        dependent=claim_content.dependent(check.coverage, encounter.patient),
        service_on=encounter.service_on,
    )


def _status(session: Session, inquiry: StatusInquiry, billing: BillingEntity) -> StatusRequest:
    submission = session.get_one(Submission, inquiry.submission_id)
    content = submissions.content_of(submission)
    first_on, last_on = _service_days(content)
    return StatusRequest(
        trace=control_numbers.inquiry_trace(inquiry.id),
        # A payer knows a facility's claim by who billed it.
        billing=content.billing if isinstance(content, InstitutionalClaim) else billing,
        payer=content.payer,
        subscriber=content.subscriber,
        patient=content.patient,
        pcn=submission.pcn,
        payer_claim_number=submission.payer_claim_number,
        charge_cents=content.charge_cents,
        type_of_bill=_type_of_bill(content),
        service_from_on=first_on,
        service_to_on=last_on,
    )


def _service_days(content: Content) -> tuple[dt.date, dt.date]:
    if isinstance(content, InstitutionalClaim):
        return content.from_on, content.to_on
    days = [line.service_on for line in content.lines]
    return min(days), max(days)


def _type_of_bill(content: Content) -> str | None:
    """All three digits of it."""
    if isinstance(content, InstitutionalClaim):
        return content.type_of_bill + content.frequency
    return None
