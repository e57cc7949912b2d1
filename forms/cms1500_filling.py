"""From a professional claim to what its paper form says: each fact of the claim that has an item.

What an 837P tells and the form has no item for (a contract, an ambulance's miles, a form of
equipment) stays off the paper; the payer asks for it by letter.
"""

import datetime as dt
from collections.abc import Iterator

from domain.claim_details import DateKind, ReferenceKind
from domain.claims import AccidentCause, ProfessionalClaim
from domain.correspondence import MailingAddress
from domain.parties import Patient, Relationship, Subscriber
from forms import form_parties
from forms.cms1500_claim import (
    Cms1500,
    CoverageBox,
    FormPerson,
    FormProvider,
    OtherInsurance,
    PageTotals,
    QualifiedDate,
    Span,
)
from forms.cms1500_claim import Relationship as FormRelationship
from forms.cms1500_lines import ZZ_TAXONOMY, form_line

RELATIONSHIPS = {
    Relationship.SELF: FormRelationship.SELF,
    Relationship.SPOUSE: FormRelationship.SPOUSE,
    Relationship.CHILD: FormRelationship.CHILD,
}
# By the kind of the payer (SBR09); what is not here is "other".
BOXES = {
    "MB": CoverageBox.MEDICARE,
    "MC": CoverageBox.MEDICAID,
    "CH": CoverageBox.TRICARE,
    "CI": CoverageBox.GROUP,
    "BL": CoverageBox.GROUP,
    "12": CoverageBox.GROUP,
    "HM": CoverageBox.GROUP,
}
_BEGAN, _LAST_PERIOD, _ACCIDENT = "431", "484", "439"
_CASUALTY = "Y4"
# Item 15, in the order in which one is taken where a claim has several.
_OTHER_DATES = (
    DateKind.INITIAL_TREATMENT,
    DateKind.LAST_SEEN,
    DateKind.ACUTE_MANIFESTATION,
    DateKind.LAST_XRAY,
    DateKind.PRESCRIPTION,
    DateKind.ASSUMED_CARE,
    DateKind.RELINQUISHED_CARE,
    DateKind.FIRST_CONTACT,
)
# Item 23 holds one number: an approval before a referral before a certificate.
_CERTIFICATES = (
    ReferenceKind.CLIA,
    ReferenceKind.MAMMOGRAPHY_CERTIFICATION,
    ReferenceKind.CARE_PLAN_OVERSIGHT,
)


def form_of(
    claim: ProfessionalClaim,
    *,
    payer: MailingAddress,
    page_totals: PageTotals,
    signed_on: dt.date,
) -> Cms1500:
    insured, patient = _person(claim.subscriber), claim.patient
    relationship = patient.relationship if patient else Relationship.SELF
    facility, purchased = claim.facility, _purchased_cents(claim)
    causes = _causes(claim)
    return Cms1500(
        payer=payer,
        coverage=BOXES.get(claim.filing_code, CoverageBox.OTHER),
        insured_id=claim.subscriber.member_id,
        patient=_person(patient) if patient else insured,
        relationship=RELATIONSHIPS.get(relationship, FormRelationship.OTHER),
        insured=insured,
        insured_group=claim.subscriber.group_number or "",
        plan_name=claim.payer.name,
        other_insurance=_other(claim),
        from_employment=AccidentCause.EMPLOYMENT in causes,
        from_auto_accident=AccidentCause.AUTO in causes,
        auto_accident_state=(claim.accident.state or "") if claim.accident else "",
        from_other_accident=AccidentCause.OTHER in causes,
        claim_codes=" ".join(claim.condition_codes),
        other_claim_qualifier=_CASUALTY if claim.casualty_claim_number else "",
        other_claim_id=claim.casualty_claim_number or "",
        illness=_illness(claim),
        other_date=_other_date(claim),
        unable_to_work=_unable_to_work(claim),
        referring=_referring(claim),
        hospital_stay=_stay(claim),
        more=claim.note or "",
        outside_lab_cents=purchased,
        diagnoses=claim.diagnoses,
        frequency=claim.frequency,
        original_reference=claim.payer_claim_number or "",
        prior_auth=_one_number(claim),
        lines=tuple(form_line(claim, line) for line in claim.lines),
        page_totals=page_totals,
        tax_id=claim.billing.tax_id,
        pcn=claim.pcn,
        accepts_assignment=True,
        paid_cents=_paid_cents(claim),
        signed_by=f"{claim.rendering.first} {claim.rendering.last}",
        signed_on=signed_on,
        facility=form_parties.facility_envelope(facility) if facility else None,
        facility_npi=(facility.npi or "") if facility else "",
        billing=form_parties.envelope(claim.billing.name, claim.billing.address),
        billing_phone=claim.billing.contact_phone,
        billing_npi=claim.billing.npi,
        billing_other_id=f"{ZZ_TAXONOMY}{claim.billing.taxonomy}",
    )


def _person(party: Subscriber | Patient) -> FormPerson:
    address = party.address
    return FormPerson(
        last=form_parties.last_name(party.name),
        first=party.name.first or "",
        middle=party.name.middle or "",
        born_on=party.birth_on,
        sex=party.gender or "U",
        street=form_parties.street(address) if address else "",
        city=address.city if address else "",
        state=address.state if address else "",
        zip_code=address.postal_code if address else "",
    )


def _other(claim: ProfessionalClaim) -> OtherInsurance | None:
    """The form has room for one: who did something last, else who pays next."""
    if not claim.other_payers:
        return None
    did = [other for other in claim.other_payers if other.paid_cents is not None]
    other = did[-1] if did else claim.other_payers[0]
    return OtherInsurance(
        insured_last=form_parties.last_name(other.subscriber.name),
        insured_first=other.subscriber.name.first or "",
        insured_middle=other.subscriber.name.middle or "",
        policy=other.subscriber.group_number or other.subscriber.member_id,
        plan=other.payer.name,
    )


def _causes(claim: ProfessionalClaim) -> tuple[AccidentCause | None, ...]:
    return (claim.accident.cause, claim.accident.also) if claim.accident else ()


def _illness(claim: ProfessionalClaim) -> QualifiedDate | None:
    """Item 14: the last period, else when the illness or injury began."""
    if period := _date_of(claim, DateKind.LAST_MENSTRUAL_PERIOD):
        return QualifiedDate(qualifier=_LAST_PERIOD, on=period)
    began = claim.onset_on or (claim.accident.happened_on if claim.accident else None)
    return QualifiedDate(qualifier=_BEGAN, on=began) if began else None


def _other_date(claim: ProfessionalClaim) -> QualifiedDate | None:
    """Item 15: the accident where item 14 tells another day, else one more date of the claim."""
    illness = _illness(claim)
    if claim.accident and illness and illness.on != claim.accident.happened_on:
        return QualifiedDate(qualifier=_ACCIDENT, on=claim.accident.happened_on)
    found = ((kind, _date_of(claim, kind)) for kind in _OTHER_DATES)
    return next((QualifiedDate(qualifier=kind, on=on) for kind, on in found if on), None)


def _unable_to_work(claim: ProfessionalClaim) -> Span | None:
    for date in claim.dates:
        if date.kind is DateKind.DISABILITY:
            return Span(from_on=date.on, to_on=date.to_on)
    began = _date_of(claim, DateKind.DISABILITY_BEGAN) or _date_of(claim, DateKind.LAST_WORKED)
    ended = _date_of(claim, DateKind.DISABILITY_ENDED) or _date_of(claim, DateKind.RETURN_TO_WORK)
    return Span(from_on=began, to_on=ended) if began else None


def _date_of(claim: ProfessionalClaim, kind: DateKind) -> dt.date | None:
    return next((date.on for date in claim.dates if date.kind is kind), None)


def _referring(claim: ProfessionalClaim) -> FormProvider | None:
    """Item 17 holds one: who referred, else who ordered, else who supervised."""
    ordering = (line.providers.ordering for line in claim.lines if line.providers.ordering)
    people = (("DN", claim.referring), ("DK", next(ordering, None)), ("DQ", claim.supervising))
    for qualifier, person in people:
        if person:
            return FormProvider(
                qualifier=qualifier, name=form_parties.spoken(person), npi=person.npi
            )
    return None


def _stay(claim: ProfessionalClaim) -> Span | None:
    if not claim.admitted_on:
        return None
    return Span(from_on=claim.admitted_on, to_on=claim.discharged_on)


def _purchased_cents(claim: ProfessionalClaim) -> int | None:
    bought = [line.purchased.cents for line in claim.lines if line.purchased]
    return sum(bought) if bought else None


def _one_number(claim: ProfessionalClaim) -> str:
    return next(filter(None, (claim.prior_auth, claim.referral, *_certificates(claim))), "")


def _certificates(claim: ProfessionalClaim) -> Iterator[str]:
    """The lines' own too: a laboratory's number stands on its tests."""
    every = [*claim.references, *(each for line in claim.lines for each in line.references)]
    for kind in _CERTIFICATES:
        yield from (found.number for found in every if found.kind is kind)


def _paid_cents(claim: ProfessionalClaim) -> int:
    payers = sum(other.paid_cents or 0 for other in claim.other_payers)
    return payers + (claim.patient_paid_cents or 0)
