"""The invented world, fixed by its seed: patients, coverages, encounters, each payer's script."""

import datetime as dt
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property

from sim.outcomes import Outcome
from sim.payers import facility_rates

FACILITY = "I"
"""Ends the key of a facility's bill, which is the visit's before it."""


class ShareKind(StrEnum):
    NONE = "none"
    COPAY = "copay"
    COINSURANCE = "coinsurance"
    DEDUCTIBLE_FIRST = "deductible on the first line"
    DEDUCTIBLE_ALL = "deductible on every line"


@dataclass(frozen=True, kw_only=True)
class Share:
    """What the plan leaves to the patient; an amount in cents or in percent."""

    kind: ShareKind
    amount: int = 0


NOTHING = Share(kind=ShareKind.NONE)
ALL_DEDUCTIBLE = Share(kind=ShareKind.DEDUCTIBLE_ALL)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What one payer will decide about one encounter, whenever it is asked."""

    outcome: Outcome = Outcome.PAID
    target: str = ""
    """The code of the only line that the outcome concerns; empty for all of them."""
    share: Share = NOTHING
    first_share: Share | None = None
    """What the first answer says instead, where a reversal will correct it."""
    crosses: str = ""
    """`yes`, `promised` (said, never done) or nothing: what becomes of the crossover."""


@dataclass(frozen=True, kw_only=True)
class Cover:
    payer_id: str
    member_id: str
    subscriber: str = ""
    """`Last, First` of the subscriber when the patient is a dependent."""
    is_id_missing: bool = False
    eligibility: Outcome = Outcome.PAID


@dataclass(frozen=True, kw_only=True)
class Patient:
    mrn: str
    last: str
    first: str
    sex: str
    born_on: dt.date
    street: str
    town: str
    state: str
    zip_code: str
    covers: tuple[Cover, ...]


@dataclass(frozen=True, kw_only=True)
class Service:
    code: str
    units: int = 1
    modifiers: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Encounter:
    key: str
    patient: Patient
    place: str
    service_on: dt.date
    arrives_on: dt.date
    provider: int
    complaint: str
    findings: tuple[str, ...]
    distractors: tuple[str, ...]
    services: tuple[Service, ...]
    comes_coded: bool
    plans: dict[str, Plan] = field(default_factory=dict)
    stay: str = ""
    """The key of the first visit of the hospital stay that it is part of."""
    is_discharge: bool = False
    is_at_department: bool = False
    """Seen in a hospital's outpatient department, whose facility bills for it too."""
    facility_plans: dict[str, Plan] = field(default_factory=dict)
    """What each payer will decide about the facility's claim."""
    is_facilitys: bool = False
    """Not a visit of its own, but what the facility bills for one."""
    flaw: str = ""
    """What the practice cannot know about it: a missing member id, payer or fee."""


def bill_of(one: Encounter) -> Encounter:
    """What the department's facility bills for a visit: the services that it has a rate for."""
    priced = tuple(each for each in one.services if each.code in facility_rates())
    return replace(
        one,
        key=f"{one.key}{FACILITY}",
        services=priced,
        plans=one.facility_plans,
        is_at_department=False,
        is_facilitys=True,
    )


@dataclass(frozen=True, kw_only=True)
class World:
    seed: int
    start_on: dt.date
    encounters: tuple[Encounter, ...]

    @cached_property
    def facility_bills(self) -> tuple[Encounter, ...]:
        """To a payer, what a facility bills is an encounter of its own."""
        return tuple(bill_of(one) for one in self.encounters if one.is_at_department)

    @cached_property
    def facility_by_member_and_day(self) -> dict[tuple[str, dt.date], Encounter]:
        return {
            (cover.member_id, one.service_on): one
            for one in self.facility_bills
            for cover in one.patient.covers
        }

    @cached_property
    def by_member_and_day(self) -> dict[tuple[str, dt.date], Encounter]:
        """To a payer, a whole stay is its first visit."""
        by_key = {encounter.key: encounter for encounter in self.encounters}
        return {
            (cover.member_id, encounter.service_on): by_key[encounter.stay or encounter.key]
            for encounter in self.encounters
            for cover in encounter.patient.covers
        }

    @cached_property
    def covers(self) -> dict[str, tuple[Patient, Cover]]:
        """Patient and coverage by member id."""
        return {
            cover.member_id: (encounter.patient, cover)
            for encounter in self.encounters
            for cover in encounter.patient.covers
        }

    @cached_property
    def by_person(self) -> dict[tuple[str, str, dt.date], Patient]:
        return {
            (one.patient.last.upper(), one.patient.first.upper(), one.patient.born_on): one.patient
            for one in self.encounters
        }
