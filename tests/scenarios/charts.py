"""A chart with its codes, as an EHR would send it: with its payers in order, or with none."""

import datetime as dt

from casework import late_billing, registration
from casework.late_charges import Late
from domain.corrections import LateCharging
from domain.encounter import EncounterClass
from domain.intake import (
    ChartedAddress,
    ChartedCharge,
    ChartedCoverage,
    ChartedEncounter,
    ChartedPatient,
    ChartedPerson,
    Gender,
    Relationship,
)
from domain.tasks import Role
from tests.scenarios import practice
from tests.scenarios.premises import PROVIDER_NPI
from tests.scenarios.seen import Event
from tests.scenarios.world import World

COVERED_SINCE = dt.date(2025, 1, 1)
FIRST_NAMES = {"P1": "Wilma", "P2": "Edgar"}


def register(play: World, event: Event) -> None:
    made = registration.take_in(play.session, _charted(play, event), play.engine.now)
    assert made is not None
    play.encounters[event["claim"]] = made


def charge_late(play: World, event: Event) -> None:
    """A coder finds the service after its claim was sent."""
    (line,) = event["lines"]
    late = Late(
        code=practice.bare_code(line["code"]),
        modifiers=tuple(practice.modifiers(line["code"])),
        units=1,
        pointers=(1,),
        way=LateCharging(event.get("way", "joins")),
        because="Found in the chart.",
    )
    coder, now = play.people[Role.CODER], play.engine.now
    late_billing.add(play.session, play.encounter(event), late, by=coder, now=now)


def _charted(play: World, event: Event) -> ChartedEncounter:
    person, is_stay = event.get("patient", "P1"), "stay" in event
    return ChartedEncounter(
        source="scenario",
        source_key=f"scenario:{event['claim']}",
        patient=_patient(person, event),
        coverages=_coverages(event, person),
        provider_npi=PROVIDER_NPI,
        provider_name="Ruth Okafor",
        encounter_class=EncounterClass.INPATIENT if is_stay else EncounterClass.AMBULATORY,
        place_of_service=event.get("place", "21" if is_stay else "11"),
        service_on=play.engine.now.today,
        discharged_on=play.engine.now.today if event.get("is_discharge") else None,
        stay_no=event.get("stay"),
        notes=(),
        diagnoses=tuple(event.get("diagnoses", ["E11.9"])),
        charges=tuple(
            ChartedCharge(
                code=practice.bare_code(line["code"]), modifiers=practice.modifiers(line["code"])
            )
            for line in event["lines"]
        ),
    )


def _patient(person: str, event: Event) -> ChartedPatient:
    return ChartedPatient(
        mrn=f"M{person}",
        last="Tarrow",
        first=FIRST_NAMES.get(person, "Ines"),
        birth_on=dt.date(1972, 3, 9),
        gender=Gender.FEMALE,
        address=ChartedAddress(lines=("12 Elm Street",), city="Fairmont", state="TX", zip="75001"),
        phone=None,
        middle=event.get("middle"),
        suffix=event.get("suffix"),
    )


def _coverages(event: Event, person: str) -> tuple[ChartedCoverage, ...]:
    """None at all for a charge that the patient pays alone."""
    payers = [event["payer"], *event.get("next", ())] if "payer" in event else []
    return tuple(
        ChartedCoverage(
            order=order,
            payer_id=payer,
            payer_name=payer,
            member_id=f"{payer}{person}",
            group_number=None,
            relationship=Relationship.CHILD if "holder" in event else Relationship.SELF,
            subscriber=_holder(event),
            from_on=COVERED_SINCE,
            to_on=None,
        )
        for order, payer in enumerate(payers, 1)
    )


def _holder(event: Event) -> ChartedPerson | None:
    """Whose plan it is, by first, middle name and suffix, where it is not the patient's."""
    if "holder" not in event:
        return None
    first, middle, suffix = event["holder"]
    return ChartedPerson(
        last="Tarrow",
        first=first,
        middle=middle,
        suffix=suffix,
        birth_on=dt.date(1950, 6, 1),
        gender=Gender.MALE,
        address=None,
    )
