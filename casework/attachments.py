"""Documents that go with an encounter's claims, each named on the claim by its control number
(PWK); `attachment_mail` sends them under the same number.
"""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import audit, subjects
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from db.models import Attachment, Claim, Document, Encounter, User
from domain import control_numbers
from domain.claims import Attachment as ClaimAttachment
from domain.tasks import Role
from edi.checks import ATTACHMENTS_MAX

BY_MAIL = "BM"
# What a document is to a payer (PWK01), in our own words; the first is for everything else.
SUPPORT = "OZ"
CHART = ("note", "attachment")
REPORT_TYPES = {
    SUPPORT: "Notes of the visit and other support of the claim",
    "B4": "Referral form",
    "03": "Report that justifies treatment beyond the usual",
    "OB": "Operative note",
    "LA": "Laboratory results",
    "RR": "Radiology report",
    "PN": "Physical therapy notes",
    "EB": "Answer of another payer",
}
MAY_ATTACH = (Role.CODER, Role.BILLER, Role.SUPERVISOR)


def of_encounter(session: Session, encounter: Encounter) -> Sequence[Attachment]:
    return session.scalars(
        select(Attachment)
        .where(Attachment.encounter_id == encounter.id, Attachment.removed_at.is_(None))
        .order_by(Attachment.id)
    ).all()


def of_claim(session: Session, claim: Claim) -> tuple[ClaimAttachment, ...]:
    """As the claim names them: what is mailed, and under which number."""
    return tuple(
        ClaimAttachment(
            report_type=row.report_type,
            transmission=BY_MAIL,
            control_number=control_numbers.attachment(row.id),
        )
        for row in of_encounter(session, claim.encounter)
    )


def choose(
    session: Session, encounter: Encounter, document: Document, kind: str, *, by: User, now: Moment
) -> Attachment:
    """Let a document go with the claims from the next version on. Choosing it twice is once."""
    if by.role not in MAY_ATTACH:
        raise Forbidden("Only a coder, a biller or a supervisor attaches documents to a claim.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    if document.encounter_id != encounter.id:
        raise Refused.of("document", "This document is not of this encounter.")
    if kind not in REPORT_TYPES:
        raise Refused.of("report_type", "Choose one of the list.")
    chosen = of_encounter(session, encounter)
    for row in chosen:
        if row.document_id == document.id:
            return row
    if len(chosen) >= ATTACHMENTS_MAX:
        raise Refused.of("document", f"A claim names at most {ATTACHMENTS_MAX} documents.")
    row = Attachment(
        encounter_id=encounter.id,
        document_id=document.id,
        report_type=kind,
        added_by_id=by.id,
        added_at=now.at,
    )
    session.add(row)
    session.flush()
    number = control_numbers.attachment(row.id)
    words = f"{by.full_name} lets a document go with the claim: {number}"
    subjects.record(session, subject, "attached", words, now, by)
    audit.record(session, by, "attached to the claim", "encounter", str(encounter.uuid))
    return row


def choose_records(session: Session, encounter: Encounter, *, by: User, now: Moment) -> None:
    """What a payer gets that asks for records: what was chosen, else the whole chart. The caller
    holds the encounter's lock and tells the story."""
    if of_encounter(session, encounter):
        return
    chart = session.scalars(
        select(Document)
        .where(Document.encounter_id == encounter.id, Document.kind.in_(CHART))
        .order_by(Document.id)
        .limit(ATTACHMENTS_MAX)
    )
    session.add_all(
        Attachment(
            encounter_id=encounter.id,
            document_id=document.id,
            report_type=SUPPORT,
            added_by_id=by.id,
            added_at=now.at,
        )
        for document in chart
    )
    session.flush()


def remove(
    session: Session, encounter: Encounter, row: Attachment, *, by: User, now: Moment
) -> None:
    """The next version names it no more; what was sent and mailed stays sent."""
    if by.role not in MAY_ATTACH:
        raise Forbidden("Only a coder, a biller or a supervisor attaches documents to a claim.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    row.removed_at = now.at
    words = f"{by.full_name} took a document off the claim: {control_numbers.attachment(row.id)}"
    subjects.record(session, subject, "detached", words, now, by)
    audit.record(session, by, "detached from the claim", "encounter", str(encounter.uuid))


def enclosures(session: Session, claim: Claim) -> tuple[str, ...]:
    """The same as a letter to the payer lists them."""
    return tuple(
        f"{row.document.title} (attachment control number {control_numbers.attachment(row.id)})"
        for row in of_encounter(session, claim.encounter)
    )
