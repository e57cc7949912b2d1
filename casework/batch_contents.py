"""What goes into a batch: queued submissions, eligibility checks and status inquiries as X12."""

import datetime as dt
from collections.abc import Iterator, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from casework import batch_queue, claim_content, routes, submissions
from casework.batch_queue import Kind, Queued
from casework.bulk import pieces
from casework.contents import Content
from casework.moment import Moment
from db.models import (
    Batch,
    Coverage,
    EligibilityCheck,
    Encounter,
    Plan,
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
            contents = _contents(session, items)
            claims = [each for each in contents if isinstance(each, ProfessionalClaim)]
            return x837p.encode(claims, envelope=envelope, batch_reference=reference)
        case Kind.FACILITY_CLAIMS:
            contents = _contents(session, items)
            bills = [each for each in contents if isinstance(each, InstitutionalClaim)]
            return x837i.encode(bills, envelope=envelope, batch_reference=reference)
        case Kind.ELIGIBILITY:
            asked = list(_eligibilities(session, items, billing))
            return x270.encode(asked, envelope=envelope, batch_reference=reference)
        case Kind.STATUS:
            questions = list(_statuses(session, items, billing))
            return x276.encode(questions, envelope=envelope, batch_reference=reference)


def put_into(session: Session, kind: Kind, items: Sequence[Queued], batch: Batch) -> None:
    for some in pieces(item.id for item in items):
        row = batch_queue.row_of(kind)
        session.execute(update(row).where(row.id.in_(some)).values(batch_id=batch.id))


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


def _contents(session: Session, items: Sequence[Queued]) -> Iterator[Content]:
    for some in pieces(items):
        rows = _submissions(session, [item.id for item in some])
        yield from [submissions.content_of(rows[item.id]) for item in some]


def _submissions(session: Session, ids: Sequence[int]) -> dict[int, Submission]:
    statement = select(Submission).where(Submission.id.in_(ids))
    rows = session.scalars(statement.options(joinedload(Submission.claim_version)))
    return {row.id: row for row in rows}


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


def _eligibilities(
    session: Session, items: Sequence[Queued], billing: BillingEntity
) -> Iterator[EligibilityRequest]:
    coverage = joinedload(EligibilityCheck.coverage)
    for some in pieces(items):
        found = session.execute(
            select(EligibilityCheck, Encounter)
            .join(Encounter, Encounter.id == EligibilityCheck.encounter_id)
            .where(EligibilityCheck.id.in_([item.id for item in some]))
            .options(
                coverage.joinedload(Coverage.plan).joinedload(Plan.payer),
                coverage.joinedload(Coverage.subscriber),
                joinedload(Encounter.patient),
            )
        )
        rows = {check.id: (check, encounter) for check, encounter in found}
        yield from [_eligibility(*rows[item.id], billing) for item in some]


def _eligibility(
    check: EligibilityCheck, encounter: Encounter, billing: BillingEntity
) -> EligibilityRequest:
    return EligibilityRequest(
        trace=control_numbers.eligibility_trace(check.id),
        originator=f"9{billing.tax_id}",
        billing=billing,
        payer=claim_content.payer_party(check.coverage.plan.payer),
        subscriber=claim_content.subscriber(check.coverage, encounter.patient),
        dependent=claim_content.dependent(check.coverage, encounter.patient),
        service_on=encounter.service_on,
    )


def _statuses(
    session: Session, items: Sequence[Queued], billing: BillingEntity
) -> Iterator[StatusRequest]:
    for some in pieces(items):
        statement = select(StatusInquiry).where(StatusInquiry.id.in_([item.id for item in some]))
        inquiries = {row.id: row for row in session.scalars(statement)}
        rows = _submissions(session, [one.submission_id for one in inquiries.values()])
        for item in some:
            inquiry = inquiries[item.id]
            yield _status(inquiry, rows[inquiry.submission_id], billing)


def _status(
    inquiry: StatusInquiry, submission: Submission, billing: BillingEntity
) -> StatusRequest:
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
