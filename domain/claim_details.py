"""What a claim or one of its lines may say beside codes and charges: each a small fact of its own.

Codes are the standard's; the words are ours. What a code means is told by `forms` and pages.
"""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.parties import Address, OtherProvider


class UnitBasis(StrEnum):
    """What the units of a line count."""

    UNIT = "UN"
    MINUTES = "MJ"
    """Anaesthesia, on professional lines alone."""
    DAYS = "DA"
    """Room and board, on institutional lines alone."""


class DateKind(StrEnum):
    """A day that matters to payment beside those of the service (DTP01)."""

    INITIAL_TREATMENT = "454"
    LAST_SEEN = "304"
    ACUTE_MANIFESTATION = "453"
    LAST_MENSTRUAL_PERIOD = "484"
    LAST_XRAY = "455"
    PRESCRIPTION = "471"
    DISABILITY = "314"
    DISABILITY_BEGAN = "360"
    DISABILITY_ENDED = "361"
    LAST_WORKED = "297"
    RETURN_TO_WORK = "296"
    ASSUMED_CARE = "090"
    RELINQUISHED_CARE = "091"
    FIRST_CONTACT = "444"
    RECERTIFICATION = "607"
    THERAPY_BEGAN = "463"
    LAST_CERTIFICATION = "461"
    HEMOGLOBIN_TEST = "738"
    CREATININE_TEST = "739"
    SHIPPED = "011"


@dataclass(frozen=True, kw_only=True)
class ClaimDate:
    kind: DateKind
    on: dt.date
    to_on: dt.date | None = None
    """Only a disability lasts for a span of days."""


class ReferenceKind(StrEnum):
    """A number that somebody gave (REF01). Those with a rule of their own are fields of the claim.

    Which may stand on a claim and which on a line is told by `edi.claim_facts`.
    """

    AUTHORIZATION_EXCEPTION = "4N"
    MAMMOGRAPHY_CERTIFICATION = "EW"
    CLIA = "X4"
    REFERRING_CLIA = "F4"
    IMMUNIZATION_BATCH = "BT"
    DEVICE_EXEMPTION = "LX"
    DEMONSTRATION_PROJECT = "P4"
    CARE_PLAN_OVERSIGHT = "1J"
    REPRICED_CLAIM = "9A"
    ADJUSTED_REPRICED_CLAIM = "9C"
    PEER_REVIEW_APPROVAL = "G4"
    ACCIDENT_STATE = "LU"
    PRIOR_AUTHORIZATION = "G1"
    REFERRAL = "9F"


@dataclass(frozen=True, kw_only=True)
class ReferenceNumber:
    kind: ReferenceKind
    number: str


class ConditionCategory(StrEnum):
    """What a condition indicator is about (CRC01)."""

    AMBULANCE = "07"
    SPECTACLE_LENSES = "E1"
    CONTACT_LENSES = "E2"
    SPECTACLE_FRAMES = "E3"
    HOMEBOUND = "75"
    EPSDT = "ZZ"
    HOSPICE = "70"
    EQUIPMENT = "09"


@dataclass(frozen=True, kw_only=True)
class ConditionIndicator:
    """CRC: the codes named apply, or do not. One to five codes."""

    category: ConditionCategory
    applies: bool
    codes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Ambulance:
    """CR1. The places are where the patient was picked up and brought to."""

    reason: str
    """A to E (CR104)."""
    miles: Decimal
    weight_pounds: Decimal | None = None
    round_trip_purpose: str | None = None
    stretcher_purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class AmbulancePlaces:
    picked_up_at: Address
    brought_to: Address
    brought_to_name: str | None = None


@dataclass(frozen=True, kw_only=True)
class SpinalManipulation:
    """CR2: the condition's nature and what is to be said of it."""

    nature: str
    description: str | None = None
    more: str | None = None


@dataclass(frozen=True, kw_only=True)
class PatientState:
    """What a payer must know of the patient's body (PAT06 to PAT09)."""

    died_on: dt.date | None = None
    weight_pounds: Decimal | None = None
    is_pregnant: bool = False


class DrugUnit(StrEnum):
    INTERNATIONAL_UNIT = "F2"
    GRAM = "GR"
    MILLIGRAM = "ME"
    MILLILITER = "ML"
    UNIT = "UN"


@dataclass(frozen=True, kw_only=True)
class Drug:
    """Loop 2410: the drug of a line by its NDC of eleven digits, how much, and by which order."""

    ndc: str
    quantity: Decimal
    unit: DrugUnit
    order_number: str | None = None
    """The prescription's, or that which ties the parts of a compound together."""
    is_compound: bool = False


@dataclass(frozen=True, kw_only=True)
class Equipment:
    """SV5 and CR3: durable medical equipment, rented or bought, and what certifies the need.

    `frequency` is 1 a week, 4 a month, 6 a day; `certification` I first, R renewed, S revised.
    """

    days: Decimal
    rental_cents: int
    purchase_cents: int
    frequency: str
    certification: str | None = None
    months_needed: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class MeasuredResult:
    """MEA: `about` OG the starting dosage or TR a test result, and what was measured."""

    about: str
    measure: str
    value: Decimal


@dataclass(frozen=True, kw_only=True)
class Contract:
    """CN1: on what terms the service is paid, where a contract wants it told (`kind` 01 to 09)."""

    kind: str
    cents: int | None = None
    percent: Decimal | None = None
    code: str | None = None
    discount_percent: Decimal | None = None
    version: str | None = None


@dataclass(frozen=True, kw_only=True)
class FormAnswer:
    """FRM: the answer to one question of a form; one of the four ways to answer is filled."""

    question: str
    yes: bool | None = None
    words: str | None = None
    on: dt.date | None = None
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True)
class SupportingForm:
    """LQ and FRM: a form that certifies the need, such as that for oxygen at home (LQ*UT)."""

    list_code: str
    """UT a form of Medicare's equipment contractors, AS another."""
    form: str
    answers: tuple[FormAnswer, ...]


@dataclass(frozen=True, kw_only=True)
class PurchasedService:
    """PS1 and loop 2420B: a service bought from another, and what it cost."""

    provider_npi: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class LineProviders:
    """Who of a line's providers differs from the claim's."""

    rendering: OtherProvider | None = None
    supervising: OtherProvider | None = None
    ordering: OtherProvider | None = None
    ordered_from: Address | None = None
    """Where the ordering provider is, as Medicare wants it told of equipment."""
    referring: OtherProvider | None = None
    primary_care: OtherProvider | None = None
    operating: OtherProvider | None = None
    other_operating: OtherProvider | None = None


AS_THE_CLAIM = LineProviders()
