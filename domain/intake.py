"""What a chart brings in, whatever system it came from: one charted encounter, or a refusal that
says where and why. Intake readers make these; casework stores them."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from domain.claim_facts import NO_FACTS, ClaimFacts
from domain.encounter import EncounterClass
from domain.medicare import SecondBecause
from domain.parties import Gender

__all__ = [
    "ChartedAddress",
    "ChartedCharge",
    "ChartedCoverage",
    "ChartedDocument",
    "ChartedEncounter",
    "ChartedPatient",
    "ChartedPerson",
    "EncounterClass",
    "Gender",
    "IntakeResult",
    "Refusal",
    "Relationship",
]


class Relationship(StrEnum):
    """What the patient is to the subscriber, in a chart's words; a claim knows more kinds."""

    SELF = "self"
    SPOUSE = "spouse"
    CHILD = "child"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True)
class ChartedAddress:
    lines: tuple[str, ...]
    city: str
    state: str
    zip: str


@dataclass(frozen=True, kw_only=True)
class ChartedPerson:
    """A subscriber who is not the patient."""

    last: str
    first: str
    birth_on: dt.date | None
    gender: Gender
    address: ChartedAddress | None
    middle: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChartedPatient:
    mrn: str
    last: str
    first: str
    birth_on: dt.date
    gender: Gender
    address: ChartedAddress | None
    phone: str | None
    middle: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, kw_only=True)
class ChartedCoverage:
    """One paper of insurance. Without a payer id of ours, a person must say whose it is."""

    order: int
    payer_id: str | None
    payer_name: str
    member_id: str
    group_number: str | None
    relationship: Relationship
    subscriber: ChartedPerson | None
    from_on: dt.date | None
    to_on: dt.date | None
    second_because: SecondBecause | None = None
    """Of Medicare, where another payer comes before it."""


@dataclass(frozen=True, kw_only=True)
class ChartedDocument:
    kind: str
    author: str
    signed_at: dt.datetime | None
    text: str


@dataclass(frozen=True, kw_only=True)
class ChartedCharge:
    """A service of the chart. A proposed one comes from a visit template: a coder confirms it."""

    code: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    is_proposed: bool = False


@dataclass(frozen=True, kw_only=True)
class ChartedEncounter:
    """One finished encounter. `source` names the system, `source_key` the encounter in it, for
    good: the same key never comes in twice."""

    source: str
    source_key: str
    patient: ChartedPatient
    coverages: tuple[ChartedCoverage, ...]
    provider_npi: str | None
    provider_name: str
    encounter_class: EncounterClass
    place_of_service: str
    service_on: dt.date
    discharged_on: dt.date | None
    stay_no: str | None = None
    notes: tuple[ChartedDocument, ...]
    diagnoses: tuple[str, ...]
    charges: tuple[ChartedCharge, ...]
    facts: ClaimFacts = NO_FACTS


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """What was not taken in. `source` is the file, `place` the spot in it; `encounter_key` is the
    key of the encounter that this costs, or None where no encounter is lost by it."""

    source: str
    place: str
    rule: str
    what_to_do: str
    encounter_key: str | None = None


@dataclass(frozen=True, kw_only=True)
class IntakeResult:
    """Every encounter of a source is either taken, or named by the key of exactly one refusal."""

    taken: tuple[ChartedEncounter, ...]
    refused: tuple[Refusal, ...]
