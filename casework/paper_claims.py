"""Claims to payers that take paper only: a CMS-1500 and its manifest go out by mail."""

import hashlib
import json

from sqlalchemy.orm import Session

from casework import outgoing, submissions
from casework.addresses import mailing, of_party
from casework.moment import Moment
from casework.outgoing import MAIL
from db.models import Claim, Document, Submission
from domain.claims import ClaimLine, OtherPayer, ProfessionalClaim
from domain.parties import Patient, Relationship, Subscriber
from forms import cms1500
from forms.cms1500_claim import (
    Cms1500,
    CoverageBox,
    FormLine,
    FormPerson,
    OtherInsurance,
    PageTotals,
)
from forms.cms1500_claim import Relationship as FormRelationship

RELATIONSHIPS = {
    Relationship.SELF: FormRelationship.SELF,
    Relationship.SPOUSE: FormRelationship.SPOUSE,
    Relationship.CHILD: FormRelationship.CHILD,
}
BOXES = {"MB": CoverageBox.MEDICARE, "MC": CoverageBox.MEDICAID, "CI": CoverageBox.GROUP}


def send(session: Session, claim: Claim, submission: Submission, now: Moment) -> None:
    """Put the form and its manifest into the outbox, and keep a copy with the claim."""
    content = submissions.content_of(submission)
    assert isinstance(content, ProfessionalClaim), "an edit stops a facility's claim on paper"
    form = _form(claim, content, now)
    name = f"claim-{submission.pcn}"
    manifest = json.dumps(_manifest(content, now), indent=1).encode()
    for suffix, body in ((".pdf", cms1500.claim_pdf(form)), (".json", manifest)):
        outgoing.put(session, MAIL, name + suffix, body, now)
    copy = cms1500.copy_pdf(form)
    session.add(
        Document(
            encounter_id=claim.encounter_id,
            claim_id=claim.id,
            kind="claim form",
            title=f"CMS-1500 {submission.pcn} to {claim.payer.name}",
            mime="application/pdf",
            sha256=hashlib.sha256(copy).hexdigest(),
            content=copy,
            author=None,
            received_at=now.at,
        )
    )
    submission.sent_at = now.at


def _form(claim: Claim, content: ProfessionalClaim, now: Moment) -> Cms1500:
    patient, insured = content.patient, _person(content.subscriber)
    relationship = patient.relationship if patient else Relationship.SELF
    return Cms1500(
        payer=mailing(claim.payer.name, claim.payer.address),
        coverage=BOXES.get(content.filing_code, CoverageBox.OTHER),
        insured_id=content.subscriber.member_id,
        patient=_person(patient) if patient else insured,
        relationship=RELATIONSHIPS.get(relationship, FormRelationship.OTHER),
        insured=insured,
        insured_group=content.subscriber.group_number or "",
        plan_name=content.payer.name,
        other_insurance=_other(content),
        diagnoses=content.diagnoses,
        frequency=content.frequency,
        original_reference=content.payer_claim_number or "",
        lines=tuple(_line(content, line) for line in content.lines),
        page_totals=PageTotals.LAST_PAGE,
        tax_id=content.billing.tax_id,
        pcn=content.pcn,
        accepts_assignment=True,
        paid_cents=sum(other.paid_cents or 0 for other in content.other_payers),
        signed_by=f"{content.rendering.first} {content.rendering.last}",
        signed_on=now.today,
        billing=of_party(content.billing.name, content.billing.address),
        billing_phone=content.billing.contact_phone,
        billing_npi=content.billing.npi,
    )


def _person(party: Subscriber | Patient) -> FormPerson:
    address = party.address
    return FormPerson(
        last=party.name.last,
        first=party.name.first or "",
        born_on=party.birth_on,
        sex=party.gender or "U",
        street=address.line1 if address else "",
        city=address.city if address else "",
        state=address.state if address else "",
        zip_code=address.postal_code if address else "",
    )


def _other(content: ProfessionalClaim) -> OtherInsurance | None:
    if not content.other_payers:
        return None
    other = content.other_payers[-1]
    return OtherInsurance(
        insured_last=other.subscriber.name.last,
        insured_first=other.subscriber.name.first or "",
        policy=other.subscriber.member_id,
        plan=other.payer.name,
    )


def _line(content: ProfessionalClaim, line: ClaimLine) -> FormLine:
    return FormLine(
        from_on=line.service_on,
        to_on=line.service_on,
        place=content.place_of_service,
        code=line.code,
        modifiers=line.modifiers,
        pointers="".join("ABCDEFGHIJKL"[pointer - 1] for pointer in line.pointers),
        charge_cents=line.charge_cents,
        units=int(line.units),
        rendering_npi=content.rendering.npi,
    )


def _manifest(content: ProfessionalClaim, now: Moment) -> dict[str, object]:
    """What docs/exchange.md says of mail of kind `claim`."""
    claim = {
        "pcn": content.pcn,
        "payer_id": content.payer.payer_id,
        "member_id": content.subscriber.member_id,
        "service_on": min(line.service_on for line in content.lines).isoformat(),
        "frequency": content.frequency,
        "payer_claim_number": content.payer_claim_number,
        "diagnoses": list(content.diagnoses),
        "lines": [
            {
                "line": line.line_control,
                "code": line.code,
                "modifiers": list(line.modifiers),
                "units": int(line.units),
                "charge_cents": line.charge_cents,
                "pointers": list(line.pointers),
            }
            for line in content.lines
        ],
        "prior": [row for other in content.other_payers for row in _prior(other)],
    }
    return {
        "kind": "claim",
        "reference": content.pcn,
        "payer_id": content.payer.payer_id,
        "pcn": content.pcn,
        "sent_on": now.today.isoformat(),
        "claim": claim,
    }


def _prior(other: OtherPayer) -> list[dict[str, object]]:
    return [
        {
            "payer_id": other.payer.payer_id,
            "line": line.line_control,
            "paid_cents": line.paid_cents,
            "adjustments": [
                {"group": found.group, "carc": found.carc, "cents": found.cents}
                for found in line.adjustments
            ],
        }
        for line in other.lines
    ]
