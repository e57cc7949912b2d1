"""A claim as one payer is asked to pay it: what an 837 says, and nothing else.

What both guides share, and the professional claim; `domain.institutional` has the other.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import assert_never

from domain.claim_details import (
    AS_THE_CLAIM,
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionIndicator,
    Contract,
    Drug,
    Equipment,
    LineProviders,
    MeasuredResult,
    PatientState,
    PurchasedService,
    ReferenceNumber,
    SpinalManipulation,
    SupportingForm,
    UnitBasis,
)
from domain.parties import (
    BillingEntity,
    OtherProvider,
    Patient,
    PayerParty,
    Relationship,
    RenderingProvider,
    ServiceFacility,
    Subscriber,
)
from domain.remittance import AdjustmentGroup


class Frequency(StrEnum):
    """Why the claim is sent (CLM05-3). Interim bills and late charges are institutional alone."""

    ORIGINAL = "1"
    INTERIM_FIRST = "2"
    INTERIM_NEXT = "3"
    INTERIM_LAST = "4"
    LATE_CHARGES = "5"
    REPLACEMENT = "7"
    VOID = "8"

    @property
    def names_original(self) -> bool:
        """Whether the payer's number of an earlier claim stands on this one."""
        return self in (Frequency.REPLACEMENT, Frequency.VOID)


class Responsibility(StrEnum):
    """The payer's place in the order of payment (SBR01)."""

    PRIMARY = "P"
    SECONDARY = "S"
    TERTIARY = "T"

    @property
    def words(self) -> str:
        """As people say it; the letter stands on the claim alone."""
        match self:
            case Responsibility.PRIMARY:
                return "first payer"
            case Responsibility.SECONDARY:
                return "second payer"
            case Responsibility.TERTIARY:
                return "third payer"
            case _:
                assert_never(self)


class AccidentCause(StrEnum):
    """What caused the condition, when an accident or the work did (CLM11)."""

    AUTO = "AA"
    EMPLOYMENT = "EM"
    OTHER = "OA"


@dataclass(frozen=True, kw_only=True)
class Accident:
    cause: AccidentCause
    also: AccidentCause | None = None
    """A second cause, such as the work beside an automobile."""
    happened_on: dt.date
    state: str | None = None
    """Required when the cause is AUTO."""


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A document sent beside the claim (PWK): its report type, its way, its control number."""

    report_type: str
    transmission: str
    control_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class ClaimLine:
    line_control: str
    """`L` + charge line id: the same in every version, payer and submission of that line."""
    code: str
    modifiers: tuple[str, ...] = ()
    charge_cents: int
    units: Decimal
    basis: UnitBasis = UnitBasis.UNIT
    pointers: tuple[int, ...]
    """Places in the claim's diagnoses, counted from 1, the most important first."""
    service_on: dt.date
    service_to_on: dt.date | None = None
    description: str | None = None
    """What was done, for a code that names nothing in particular."""
    place_of_service: str | None = None
    """Only where it is not the claim's."""
    is_emergency: bool = False
    is_epsdt: bool = False
    is_family_planning: bool = False
    is_copay_exempt: bool = False
    note: str | None = None
    note_about: str = "ADD"
    """ADD more words, DCP the plan of care (NTE01)."""
    organization_note: str | None = None
    """What a third party, such as a repricer, is told (NTE*TPO)."""
    file_information: tuple[str, ...] = ()
    contract: Contract | None = None
    sales_tax_cents: int | None = None
    postage_cents: int | None = None
    """Both are part of the line's charge."""
    dates: tuple[ClaimDate, ...] = ()
    references: tuple[ReferenceNumber, ...] = ()
    conditions: tuple[ConditionIndicator, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    drug: Drug | None = None
    equipment: Equipment | None = None
    ambulance: Ambulance | None = None
    ambulance_places: AmbulancePlaces | None = None
    patients_carried: int | None = None
    obstetric_units: int | None = None
    """Additional anaesthesia units of a birth (QTY*FL)."""
    measured: tuple[MeasuredResult, ...] = ()
    purchased: PurchasedService | None = None
    forms: tuple[SupportingForm, ...] = ()
    providers: LineProviders = AS_THE_CLAIM
    facility: ServiceFacility | None = None


@dataclass(frozen=True, kw_only=True)
class PriorAdjustment:
    """What an earlier payer took off, as its 835 said it."""

    group: AdjustmentGroup
    carc: str
    cents: int
    quantity: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class OtherPayerLine:
    """One line as the other payer adjudicated it (2430)."""

    line_control: str
    paid_cents: int
    code: str
    modifiers: tuple[str, ...] = ()
    units: Decimal
    revenue_code: str | None = None
    """Institutional lines alone; `code` is empty where the line had none."""
    adjustments: tuple[PriorAdjustment, ...]
    adjudicated_on: dt.date
    remaining_patient_liability_cents: int | None = None
    bundled_into: int | None = None
    """The line, counted from 1, into which the payer put this one (SVD06)."""


@dataclass(frozen=True, kw_only=True)
class OtherPayer:
    """Another payer of the same patient (2320, 2330) and what it did, if it did anything yet.

    `paid_cents` is None for a payer that has not adjudicated. A payer that paid per line has its
    dates on the lines; `adjudicated_on` is for one that adjudicated the claim as a whole.
    """

    responsibility: Responsibility
    payer: PayerParty
    subscriber: Subscriber
    relationship: Relationship
    filing_code: str
    paid_cents: int | None = None
    adjustments: tuple[PriorAdjustment, ...] = ()
    remaining_patient_liability_cents: int | None = None
    noncovered_cents: int | None = None
    payer_claim_number: str | None = None
    adjudicated_on: dt.date | None = None
    remarks: tuple[str, ...] = ()
    covered_days: int | None = None
    """Of an inpatient stay alone."""
    insurance_type: str | None = None
    prior_auth: str | None = None
    referral: str | None = None
    """Both as that payer gave them."""
    lines: tuple[OtherPayerLine, ...] = ()


@dataclass(frozen=True, kw_only=True)
class HealthClaim:
    """What a professional and an institutional claim have in common."""

    pcn: str
    """CLM01: claim + version + submission, at most 20 of A-Z 0-9."""
    frequency: Frequency
    billing: BillingEntity
    subscriber: Subscriber
    payer: PayerParty
    responsibility: Responsibility
    filing_code: str
    """SBR09: CI commercial, MB Medicare part B, MC Medicaid, 16 Medicare advantage, ..."""
    payer_claim_number: str | None = None
    """REF*F8: required for frequency 7 and 8, not allowed for 1."""
    patient: Patient | None = None
    """Only when the patient is not the subscriber."""
    referring: OtherProvider | None = None
    facility: ServiceFacility | None = None
    prior_auth: str | None = None
    referral: str | None = None
    medical_record_number: str | None = None
    clearinghouse_trace: str | None = None
    casualty_claim_number: str | None = None
    """The number of a property and casualty insurer (REF*Y4)."""
    delay_reason: str | None = None
    """CLM20: why the claim comes late, 1 to 15."""
    references: tuple[ReferenceNumber, ...] = ()
    file_information: tuple[str, ...] = ()
    """K3: what a payer or state demands and no other place takes."""
    note: str | None = None
    attachments: tuple[Attachment, ...] = ()
    contract: Contract | None = None
    other_payers: tuple[OtherPayer, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProfessionalClaim(HealthClaim):
    place_of_service: str
    rendering: RenderingProvider
    diagnoses: tuple[str, ...]
    """ICD-10-CM codes without the point, the principal one first, at most twelve."""
    lines: tuple[ClaimLine, ...]
    insurance_type: str | None = None
    """SBR05: why Medicare is not primary; only then."""
    primary_care: OtherProvider | None = None
    """Beside whom referred: the patient's own, where the plan sends its members there first."""
    supervising: OtherProvider | None = None
    onset_on: dt.date | None = None
    admitted_on: dt.date | None = None
    """With a discharge, where it is known, on every claim for services to an inpatient."""
    discharged_on: dt.date | None = None
    accident: Accident | None = None
    special_program: str | None = None
    patient_paid_cents: int | None = None
    dates: tuple[ClaimDate, ...] = ()
    conditions: tuple[ConditionIndicator, ...] = ()
    condition_codes: tuple[str, ...] = ()
    anesthesia_for: tuple[str, ...] = ()
    """The surgical codes that an anaesthesia claim is for, the principal one first; at most two."""
    ambulance: Ambulance | None = None
    ambulance_places: AmbulancePlaces | None = None
    spinal: SpinalManipulation | None = None
    note_about: str = "ADD"
    """What `note` is: ADD more words, CER, DCP, DGN or TPO (NTE01)."""
    patient_state: PatientState | None = None

    @property
    def charge_cents(self) -> int:
        """CLM02 is always the sum of the lines, so that it cannot disagree with them."""
        return sum(line.charge_cents for line in self.lines)
