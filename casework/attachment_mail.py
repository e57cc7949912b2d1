"""The documents that a claim names are mailed when it goes out, once to each payer, under a cover
sheet and a manifest that bear the claim's own control number for them.
"""

import hashlib
import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from casework import (
    addresses,
    attachments,
    letterheads,
    mail_papers,
    outgoing,
    printed_here,
    submissions,
)
from casework.moment import Moment
from casework.outgoing import MAIL
from db.models import Attachment, Claim, Document, Outbox, Submission
from domain import control_numbers
from forms import cover_sheet
from forms.cover_sheet import CoverSheet

KIND = "attachment"


def send(session: Session, claim: Claim, submission: Submission, now: Moment) -> None:
    """A void names what the original named; nothing is mailed for it."""
    content = submissions.content_of(submission)
    if not content.attachments or submission.claim_version.frequency == "8":
        return
    named = {each.control_number for each in content.attachments}
    for row in attachments.of_encounter(session, claim.encounter):
        number = control_numbers.attachment(row.id)
        if number not in named or _is_mailed(session, _name(claim, number)):
            continue
        if printed_here.is_mail_of(session, claim):
            _queue_here(session, claim, row, submission, now)
        else:
            _mail(session, claim, row, submission, now)


def enclose(session: Session, claim: Claim, letter: str, now: Moment) -> None:
    """The documents themselves, beside a letter that encloses them, each under its number."""
    for row in attachments.of_encounter(session, claim.encounter):
        document = session.get_one(Document, row.document_id, options=[undefer(Document.content)])
        name = f"{letter}-{control_numbers.attachment(row.id)}"
        outgoing.put(session, MAIL, _document_name(name, document), document.content, now)


def name_in_letter(session: Session, claim: Claim) -> list[dict[str, str]]:
    """What the manifest of a letter says of the documents enclosed with it."""
    return [
        {"control_number": control_numbers.attachment(row.id), "sha256": row.document.sha256}
        for row in attachments.of_encounter(session, claim.encounter)
    ]


def _queue_here(
    session: Session, claim: Claim, row: Attachment, submission: Submission, now: Moment
) -> None:
    """A person prints and posts it under its cover sheet, which is kept with the claim."""
    number = control_numbers.attachment(row.id)
    pdf = cover_sheet.sheet_pdf(_sheet(session, claim, row, submission, now))
    sheet = Document(
        encounter_id=claim.encounter_id, claim_id=claim.id, kind="cover sheet",
        title=f"Cover sheet {number} to {claim.payer.name}", mime="application/pdf",
        sha256=hashlib.sha256(pdf).hexdigest(), content=pdf, author=None, received_at=now.at,
    )  # fmt: skip
    session.add(sheet)
    mail_papers.queue(session, claim, mail_papers.ATTACHMENT, number, sheet, [row.document], now)


def _mail(
    session: Session, claim: Claim, row: Attachment, submission: Submission, now: Moment
) -> None:
    name = _name(claim, control_numbers.attachment(row.id))
    pdf = cover_sheet.sheet_pdf(_sheet(session, claim, row, submission, now))
    outgoing.put(session, MAIL, f"{name}.pdf", pdf, now)
    document = session.get_one(Document, row.document_id, options=[undefer(Document.content)])
    outgoing.put(session, MAIL, _document_name(name, document), document.content, now)
    manifest = json.dumps(dict(_manifest(name, claim, row, submission, now)), indent=1)
    outgoing.put(session, MAIL, f"{name}.json", manifest.encode(), now)


def _is_mailed(session: Session, name: str) -> bool:
    found = select(Outbox.id).where(Outbox.route == MAIL, Outbox.name == f"{name}.json")
    return session.scalar(found.limit(1)) is not None


def _name(claim: Claim, control_number: str) -> str:
    return f"{KIND}-{control_number}-{claim.payer.payer_no}"


def _document_name(name: str, document: Document) -> str:
    return f"{name}-document.{'pdf' if document.mime == 'application/pdf' else 'txt'}"


def _sheet(
    session: Session, claim: Claim, row: Attachment, submission: Submission, now: Moment
) -> CoverSheet:
    patient = claim.encounter.patient
    return CoverSheet(
        control_number=control_numbers.attachment(row.id),
        enclosed=attachments.REPORT_TYPES[row.report_type],
        payer=addresses.mailing(claim.payer.name, claim.payer.address),
        practice=letterheads.of_practice(session),
        patient_name=patient.full_name,
        member_id=claim.coverage.member_id,
        pcn=submission.pcn,
        payer_claim_number=submission.claim_version.payer_claim_number or "",
        service_on=claim.encounter.service_on,
        sent_on=now.today,
    )


def _manifest(
    name: str, claim: Claim, row: Attachment, submission: Submission, now: Moment
) -> Iterator[tuple[str, str | None]]:
    """What docs/exchange.md says of mail of kind `attachment`."""
    yield "kind", KIND
    yield "reference", control_numbers.attachment(row.id)
    yield "payer_id", claim.payer.payer_no
    yield "pcn", submission.pcn
    yield "payer_claim_number", submission.claim_version.payer_claim_number
    yield "report_type", row.report_type
    yield "document", _document_name(name, row.document)
    yield "sha256", row.document.sha256
    yield "sent_on", now.today.isoformat()
