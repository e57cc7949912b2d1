"""Who pays an institutional claim, in the rows A, B and C, and whom they insure."""

from domain.claims import OtherPayer, Responsibility
from domain.institutional import InstitutionalClaim
from domain.parties import PersonName, Relationship, Subscriber
from forms import form_parties
from forms.ub04_claim import FormPayer
from forms.ub04_people import person_name


def payer_rows(claim: InstitutionalClaim) -> tuple[FormPayer | None, ...]:
    """In the order of payment, whoever of them the claim goes to."""
    rows = {other.responsibility: _other(other) for other in claim.other_payers}
    rows[claim.responsibility] = _own(claim)
    return tuple(rows.get(place) for place in Responsibility)


def _own(claim: InstitutionalClaim) -> FormPayer:
    relationship = claim.patient.relationship if claim.patient else Relationship.SELF
    return FormPayer(
        name=claim.payer.name,
        plan_id=claim.payer.payer_id,
        insured=_name(claim.subscriber.name),
        relationship=relationship,
        insured_id=claim.subscriber.member_id,
        group_number=_group(claim.subscriber),
        treatment_number=claim.prior_auth or claim.referral or "",
        document_number=claim.payer_claim_number or "",
    )


def _other(other: OtherPayer) -> FormPayer:
    return FormPayer(
        name=other.payer.name,
        plan_id=other.payer.payer_id,
        paid_cents=other.paid_cents,
        insured=_name(other.subscriber.name),
        relationship=other.relationship,
        insured_id=other.subscriber.member_id,
        group_number=_group(other.subscriber),
        treatment_number=other.prior_auth or other.referral or "",
        document_number=other.payer_claim_number or "",
    )


def _name(name: PersonName) -> str:
    return person_name(form_parties.last_name(name), name.first or "", name.middle or "")


def _group(subscriber: Subscriber) -> str:
    return subscriber.group_number or ""
