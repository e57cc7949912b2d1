"""What a facility's claim says of an encounter beside codes and charges: what a person has said,
else what follows from what is known, so that an ordinary visit needs no typing. Nothing else is
guessed; what is missing stays empty, and an edit asks for it.
"""

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from casework import stays
from codesets import drg
from codesets.drg import Drg
from db.models import Encounter, FacilityFacts, Provider
from domain import stay_codes
from domain.diagnosis_edits import age_on
from domain.encounter import EncounterClass
from domain.institutional import (
    Admission,
    Occurrence,
    OccurrenceSpan,
    PresentOnAdmission,
    StayDiagnosis,
    StayProcedure,
    ValueCode,
    is_stay,
)

# Codes of the standard for an outpatient who came by themselves and went home.
HOME, ELECTIVE, EMERGENCY, FROM_HOME = "01", "3", "1", "1"


@dataclass(frozen=True, kw_only=True)
class StayFacts:
    """What the claim will say; `patient_status` is empty where nobody knows it."""

    type_of_bill: str
    from_on: dt.date
    to_on: dt.date
    admission: Admission
    admitting_diagnosis: str | None
    visit_reasons: tuple[str, ...]
    diagnoses: tuple[StayDiagnosis, ...]
    external_causes: tuple[StayDiagnosis, ...]
    procedures: tuple[StayProcedure, ...]
    occurrences: tuple[Occurrence, ...]
    spans: tuple[OccurrenceSpan, ...]
    values: tuple[ValueCode, ...]
    condition_codes: tuple[str, ...]
    treatment_codes: tuple[str, ...]
    attending: Provider
    operating: Provider | None
    other_operating: Provider | None
    drg: Drg | None = None
    """Of a whole inpatient stay alone."""


def has_facility(encounter: Encounter) -> bool:
    """Whether a facility bills for the place where the patient was, on that day."""
    where, day = encounter.location, encounter.service_on
    if where.facility_id is None:
        return False
    return (where.facility_from or day) <= day <= (where.facility_to or day)


def of(session: Session, encounter: Encounter) -> StayFacts:
    said = said_of(session, encounter)
    first_on, last_on = _days(session, encounter)
    diagnoses, causes = _coded(encounter, said)
    facts = StayFacts(
        type_of_bill=said.type_of_bill or encounter.location.type_of_bill or "",
        from_on=said.from_on or first_on,
        to_on=said.to_on or last_on,
        admission=_admission(session, encounter, said),
        admitting_diagnosis=_bare(said.admitting_diagnosis),
        visit_reasons=tuple(_bare(code) or "" for code in said.visit_reasons),
        diagnoses=diagnoses,
        external_causes=causes,
        procedures=stay_codes.procedures(said.procedures),
        occurrences=stay_codes.occurrences(said.occurrences),
        spans=stay_codes.spans(said.spans),
        values=stay_codes.values(said.value_codes),
        condition_codes=stay_codes.conditions(said.condition_codes),
        treatment_codes=stay_codes.treatments(said.treatment_codes),
        attending=said.attending or encounter.provider,
        operating=said.operating,
        other_operating=said.other_operating,
    )
    return replace(facts, drg=_group(encounter, facts)) if is_stay(facts.type_of_bill) else facts


def said_of(session: Session, encounter: Encounter) -> FacilityFacts:
    """The row of what a person has said; one that is not kept where nobody has."""
    return session.get(FacilityFacts, encounter.id) or FacilityFacts(
        encounter_id=encounter.id, visit_reasons=[], on_admission={}, procedures=[],
        occurrences=[], spans=[], value_codes=[], condition_codes=[], charges=[],
        external_causes=[], treatment_codes=[],
    )  # fmt: skip


def is_inpatient(encounter: Encounter) -> bool:
    return encounter.encounter_class is EncounterClass.INPATIENT


def _group(encounter: Encounter, facts: StayFacts) -> Drg | None:
    """None as long as something that decides it is not told."""
    if not facts.diagnoses or not facts.admission.patient_status:
        return None
    coded = (*facts.diagnoses, *facts.external_causes)
    principal, *others = [(each.code, each.on_admission or "") for each in coded]
    return drg.group(
        drg.StayCodes(
            last_on=facts.to_on,
            age=age_on(encounter.patient.birth_on, facts.admission.admitted_on or facts.from_on),
            gender=encounter.patient.gender,
            patient_status=facts.admission.patient_status,
            principal=principal,
            others=others,
            procedures=[each.code for each in facts.procedures],
        )
    )


def _days(session: Session, encounter: Encounter) -> tuple[dt.date, dt.date]:
    """An outpatient's claim is of the day of the visit, an inpatient's of the stay as far as it is
    known."""
    admitted_on, discharged_on = stays.span(session, encounter)
    first_on = admitted_on or encounter.service_on
    return first_on, discharged_on or max(first_on, encounter.service_on)


def _admission(session: Session, encounter: Encounter, said: FacilityFacts) -> Admission:
    admitted_on, _ = stays.span(session, encounter)
    is_in = is_inpatient(encounter)
    is_urgent = encounter.encounter_class is EncounterClass.EMERGENCY
    return Admission(
        admitted_on=said.admitted_on or admitted_on,
        admitted_time=_time(said.admitted_hour),
        discharged_time=_time(said.discharged_hour),
        priority=said.priority or (None if is_in else EMERGENCY if is_urgent else ELECTIVE),
        source=said.source or (None if is_in else FROM_HOME),
        patient_status=said.patient_status or ("" if is_in else HOME),
    )


def _coded(
    encounter: Encounter, said: FacilityFacts
) -> tuple[tuple[StayDiagnosis, ...], tuple[StayDiagnosis, ...]]:
    """Diagnoses, and what brought them about: a facility's claim has a place of its own for that.
    One that stands first stays there, for an edit to find."""
    coded = [_diagnosis(each.code, said) for each in encounter.diagnoses]
    diagnoses = [
        d for place, d in enumerate(coded) if place == 0 or not stay_codes.is_cause(d.code)
    ]
    causes = [each for each in coded if each not in diagnoses]
    known = {each.code for each in causes}
    causes += [each for each in stay_codes.causes(said.external_causes) if each.code not in known]
    return tuple(diagnoses), tuple(causes)


def _diagnosis(code: str, said: FacilityFacts) -> StayDiagnosis:
    told = said.on_admission.get(code)
    return StayDiagnosis(
        code=_bare(code) or "", on_admission=PresentOnAdmission(told) if told else None
    )


def _time(hour: int | None) -> dt.time | None:
    return None if hour is None else dt.time(hour)


def _bare(code: str | None) -> str | None:
    return code.replace(".", "") if code else None
