"""What goes into a batch: queued submissions, eligibility checks and status inquiries as X12."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import claim_content, routes, submissions
from casework.batch_queue import Kind, Queued
from casework.contents import Content
from casework.moment import Moment
from db.models import (
    Batch,
    EligibilityCheck,
    Encounter,
    StatusInquiry,
    Submission,
)
from domain import control_numbers
from domain.claim_status import StatusRequest
from domain.claims import ProfessionalClaim
from domain.eligibility import EligibilityRequest
from domain.institutional import InstitutionalClaim
from domain.parties import BillingEntity
from edi import x270, x276, x837i, x837p
from edi.envelope import Envelope, Usage


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
