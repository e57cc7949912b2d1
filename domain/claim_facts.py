"""What a person or a chart adds to an encounter's claims beside codes and charges.

Every fact is one of the claim's own; where it stands on the claim is told by `casework`.
"""

import datetime as dt
from dataclasses import dataclass

from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionIndicator,
    Contract,
    DateKind,
    Drug,
    Equipment,
    MeasuredResult,
    PatientState,
    PurchasedService,
    ReferenceNumber,
    SpinalManipulation,
    SupportingForm,
)
from domain.claims import Accident
from domain.parties import Address, OtherProvider, ServiceFacility

# Own words of the programs and delays that a professional claim can name (CLM12, CLM20).
SPECIAL_PROGRAMS = {
    "02": "Children with physical handicaps",
    "03": "Federal program that a state runs for children",
    "05": "Disability",
    "09": "Second opinion or surgery asked for by the payer",
}
DELAY_REASONS = {
    "1": "Proof of coverage was not to be had",
    "2": "A lawsuit about the patient was pending",
    "3": "The payer's approval came late",
    "4": "The provider's certification came late",
    "5": "Forms for billing came late",
    "6": "A made-to-order device was delivered late",
    "7": "A third party processed it late",
    "8": "Coverage was found out late",
    "9": "The original was refused for another reason than its date",
    "10": "Administration of the prior approval",
    "11": "Another reason",
    "15": "A natural disaster",
}


@dataclass(frozen=True, kw_only=True)
class Approval:
    """What one payer, or the doctor who sent the patient, gave before the visit."""

    payer_no: str
    prior_auth: str | None = None
    referral: str | None = None


@dataclass(frozen=True, kw_only=True)
class Terms:
    """A contract with one payer: no other is told it."""

    payer_no: str | None
    contract: Contract

    def told_to(self, payer_no: str) -> Contract | None:
        return self.contract if self.payer_no == payer_no else None


@dataclass(frozen=True, kw_only=True)
class ClaimFacts:
    accident: Accident | None = None
    onset_on: dt.date | None = None
    admitted_on: dt.date | None = None
    discharged_on: dt.date | None = None
    """Of a hospital stay of which no visit of ours tells."""
    dates: tuple[ClaimDate, ...] = ()
    approvals: tuple[Approval, ...] = ()
    """Each payer has numbers of its own: one payer's must not stand on another's claim."""
    referring: OtherProvider | None = None
    supervising: OtherProvider | None = None
    ordering: OtherProvider | None = None
    """Of every line that names none of its own."""
    facility: ServiceFacility | None = None
    """Where the service was, if neither at the practice nor at the visit's own location."""
    special_program: str | None = None
    delay_reason: str | None = None
    note: str | None = None
    patient_paid_cents: int | None = None
    ambulance: Ambulance | None = None
    ambulance_places: AmbulancePlaces | None = None
    conditions: tuple[ConditionIndicator, ...] = ()
    """What is certified of a transport, a patient at home, a child's screening, or glasses."""
    patient_state: PatientState | None = None
    spinal: SpinalManipulation | None = None
    anesthesia_for: tuple[str, ...] = ()
    """The surgical codes, the principal one first."""
    terms: Terms | None = None
    references: tuple[ReferenceNumber, ...] = ()
    """Who oversees a plan of care, and the certificate of a mammography."""

    def approval_of(self, payer_no: str) -> Approval:
        found = (each for each in self.approvals if each.payer_no == payer_no)
        return next(found, Approval(payer_no=payer_no))

    def contract_with(self, payer_no: str) -> Contract | None:
        return self.terms.told_to(payer_no) if self.terms else None

    def date(self, kind: DateKind) -> ClaimDate | None:
        return next((each for each in self.dates if each.kind is kind), None)


@dataclass(frozen=True, kw_only=True)
class LineFacts:
    drug: Drug | None = None
    minutes: int | None = None
    """Of anaesthesia; the claim then counts minutes, the charge its units as before."""
    note: str | None = None
    ordering: OtherProvider | None = None
    place_of_service: str | None = None
    """Only where it is not the visit's."""
    is_emergency: bool = False
    is_epsdt: bool = False
    is_family_planning: bool = False
    equipment: Equipment | None = None
    dates: tuple[ClaimDate, ...] = ()
    """Of the equipment's certificate."""
    conditions: tuple[ConditionIndicator, ...] = ()
    """Of the equipment, and whether the hospice employs who treats."""
    patients_carried: int | None = None
    """By one ambulance at once."""
    measured: tuple[MeasuredResult, ...] = ()
    forms: tuple[SupportingForm, ...] = ()
    """What certifies the need, question by question."""
    purchased: PurchasedService | None = None
    obstetric_units: int | None = None
    """Of anaesthesia at a birth, beside the minutes."""
    ordered_from: Address | None = None
    """Where this line's ordering provider is."""
    terms: Terms | None = None
    """Only where they are not the claim's."""
    references: tuple[ReferenceNumber, ...] = ()
    """The certificate of a mammography, of the machine that made this one."""

    def contract_with(self, payer_no: str) -> Contract | None:
        return self.terms.told_to(payer_no) if self.terms else None


NO_FACTS = ClaimFacts()
NO_LINE_FACTS = LineFacts()
