"""Taking a charted encounter in: patient, coverages, visit, notes, codes; once per source key."""

import hashlib

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import (
    audit,
    cards,
    charted_coverages,
    charted_patients,
    encounter_facts,
    locations,
    stays,
    subjects,
)
from casework.moment import Moment
from db.models import (
    ChargeLine,
    Diagnosis,
    Document,
    Encounter,
    Patient,
    Provider,
    User,
)
from domain.claim_facts import NO_FACTS
from domain.encounter import CodingStatus, EncounterClass, Stage
from domain.intake import (
    ChartedDocument,
    ChartedEncounter,
    Refusal,
)

ENCOUNTER_NUMBERS = DatabaseSequence("encounter_number")


class NotTaken(Exception):
    """The encounter cannot be taken in; `refusal` says where, why and what to do."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.rule)
        self.refusal = refusal


def take_in(
    session: Session, charted: ChartedEncounter, now: Moment, by: User | None = None
) -> Encounter | None:
    """The new encounter, or None when its source key is known. Raises `NotTaken`."""
    if session.scalar(select(Encounter.id).where(Encounter.source_key == charted.source_key)):
        return None
    patient = charted_patients.find_or_add(session, charted.patient, now)
    for coverage in charted.coverages:
        charted_coverages.add(session, patient, coverage, charted.service_on)
    encounter = _encounter(session, charted, patient, now)
    _add_codes(session, encounter, charted)
    if charted.facts != NO_FACTS:
        encounter_facts.write(session, encounter, charted.facts, None, now)
    for note in charted.notes:
        _add_note(session, encounter, note, now)
    subject = subjects.ensure(session, subjects.encounter_key(encounter), now)
    subjects.record(session, subject, "registered", f"Registered from {charted.source}", now, by)
    subjects.wake(session, subject.key)
    stays.wake_stay(session, encounter)
    audit.record(
        session, by, "registered", "encounter", encounter.encounter_no, patient_id=patient.id
    )
    return encounter


def _encounter(
    session: Session, charted: ChartedEncounter, patient: Patient, now: Moment
) -> Encounter:
    encounter = Encounter(
        encounter_no=f"E{session.scalar(ENCOUNTER_NUMBERS.next_value()):08d}",
        source=charted.source,
        source_key=charted.source_key,
        patient_id=patient.id,
        guarantor_id=charted_patients.guarantor(session, patient).id,
        provider_id=_provider(session, charted).id,
        location_id=locations.of_visit(session, charted.place_of_service, charted.service_on).id,
        encounter_class=EncounterClass(charted.encounter_class.value),
        place_of_service=charted.place_of_service,
        service_on=charted.service_on,
        discharged_on=charted.discharged_on,
        stay_no=charted.stay_no,
        stage=Stage.REGISTERED,
        coding_status=CodingStatus.UNCODED,
        has_charted_codes=_is_coded(charted),
        registered_at=now.at,
    )
    session.add(encounter)
    session.flush()
    return encounter


def _is_coded(charted: ChartedEncounter) -> bool:
    proposed = any(charge.is_proposed for charge in charted.charges)
    return bool(charted.diagnoses and charted.charges) and not proposed


def _provider(session: Session, charted: ChartedEncounter) -> Provider:
    provider = session.scalar(select(Provider).where(Provider.npi == (charted.provider_npi or "")))
    if provider is None:
        raise NotTaken(
            Refusal(
                source=charted.source,
                place=charted.source_key,
                rule="the rendering provider must be one of the practice's own (by NPI)",
                what_to_do=f"add provider {charted.provider_npi or '(no NPI)'}, then import again",
                encounter_key=charted.source_key,
            )
        )
    return provider


def _add_codes(session: Session, encounter: Encounter, charted: ChartedEncounter) -> None:
    """The chart's own codes; a coder confirms them unless the practice trusts them."""
    codes = list(dict.fromkeys(charted.diagnoses))[:12]
    for rank, code in enumerate(codes, start=1):
        session.add(Diagnosis(encounter_id=encounter.id, rank=rank, code=code))
    for ordinal, charge in enumerate(charted.charges, start=1):
        session.add(
            ChargeLine(
                encounter_id=encounter.id,
                ordinal=ordinal,
                code=charge.code,
                modifiers=list(charge.modifiers),
                units=charge.units,
                pointers=list(range(1, min(len(codes), 4) + 1)),
                service_on=encounter.service_on,
            )
        )
    session.flush()


def _add_note(session: Session, encounter: Encounter, note: ChartedDocument, now: Moment) -> None:
    content = note.text.encode()
    session.add(
        Document(
            encounter_id=encounter.id,
            kind=cards.KIND if cards.is_card(note.kind) else "note",
            title=note.kind,
            mime="text/plain; charset=utf-8",
            sha256=hashlib.sha256(content).hexdigest(),
            content=content,
            author=note.author,
            signed_at=note.signed_at,
            received_at=now.at,
        )
    )
