"""Taking a charted encounter in: patient, coverages, visit, notes and codes, once per
source key.
"""

import datetime as dt
import hashlib

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import addresses, audit, cards, encounter_facts, stays, subjects
from casework.moment import Moment
from db.models import (
    ChargeLine,
    Coverage,
    Diagnosis,
    Document,
    Encounter,
    Guarantor,
    Guarantorship,
    Location,
    Patient,
    Payer,
    Plan,
    Provider,
    Subscriber,
    User,
)
from domain.claim_facts import NO_FACTS
from domain.encounter import CodingStatus, EncounterClass, Stage
from domain.intake import (
    ChartedAddress,
    ChartedCoverage,
    ChartedDocument,
    ChartedEncounter,
    ChartedPatient,
    Refusal,
)

ENCOUNTER_NUMBERS = DatabaseSequence("encounter_number")
ACCOUNT_NUMBERS = DatabaseSequence("account_number")
UNKNOWN_PAYER_NO = "UNKNOWN"


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
    patient = _patient(session, charted.patient, now)
    for coverage in charted.coverages:
        add_coverage(session, patient, coverage, charted.service_on)
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


def address_of(address: ChartedAddress | None) -> dict[str, str]:
    """What the chart says and no more: an edit asks for the rest before a claim goes out."""
    if address is None:
        return addresses.keep(street="", city="", state="", zip_code="")
    street, street_2 = (*address.lines[:2], "", "")[:2]
    return addresses.keep(
        street=street, street_2=street_2, city=address.city, state=address.state,
        zip_code=address.zip,
    )  # fmt: skip


def _patient(session: Session, charted: ChartedPatient, now: Moment) -> Patient:
    known = session.scalar(select(Patient).where(Patient.mrn == charted.mrn))
    if known is not None:
        return known
    patient = Patient(
        mrn=charted.mrn,
        last_name=charted.last,
        first_name=charted.first,
        birth_on=charted.birth_on,
        gender=charted.gender,
        address=address_of(charted.address),
        phone=charted.phone,
    )
    session.add(patient)
    session.flush()
    _add_guarantor(session, patient, now)
    return patient


def _add_guarantor(session: Session, patient: Patient, now: Moment) -> None:
    guarantor = Guarantor(
        account_no=f"G{session.scalar(ACCOUNT_NUMBERS.next_value()):08d}",
        last_name=patient.last_name,
        first_name=patient.first_name,
        address=dict(patient.address),
    )
    session.add(guarantor)
    session.flush()
    subjects.touch(session, subjects.patient_balance_key(guarantor), now, is_open=False)
    session.add(
        Guarantorship(
            patient_id=patient.id,
            guarantor_id=guarantor.id,
            valid_from=patient.birth_on,
            reason="answers for their own bills",
        )
    )
    session.flush()


def _encounter(
    session: Session, charted: ChartedEncounter, patient: Patient, now: Moment
) -> Encounter:
    encounter = Encounter(
        encounter_no=f"E{session.scalar(ENCOUNTER_NUMBERS.next_value()):08d}",
        source=charted.source,
        source_key=charted.source_key,
        patient_id=patient.id,
        guarantor_id=_guarantor(session, patient).id,
        provider_id=_provider(session, charted).id,
        location_id=_location(session, charted.place_of_service).id,
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


def _guarantor(session: Session, patient: Patient) -> Guarantor:
    return session.scalars(
        select(Guarantor)
        .join(Guarantorship, Guarantorship.guarantor_id == Guarantor.id)
        .where(Guarantorship.patient_id == patient.id, Guarantorship.valid_to.is_(None))
        .order_by(Guarantorship.id.desc())
        .limit(1)
    ).one()


def add_coverage(
    session: Session, patient: Patient, charted: ChartedCoverage, service_on: dt.date
) -> Coverage:
    """The patient's coverage as charted; one that is known is made to reach to the visit."""
    plan = _plan(session, charted)
    from_on = charted.from_on or service_on.replace(month=1, day=1)
    known = _known_coverage(session, patient, plan, charted, from_on)
    if known is not None:
        _widen(known, from_on, charted.to_on, service_on)
        return known
    made = Coverage(
        patient_id=patient.id,
        plan_id=plan.id,
        rank=charted.order,
        member_id=charted.member_id,
        group_number=charted.group_number,
        relationship_to_subscriber=charted.relationship,
        subscriber_id=_subscriber(session, patient, charted),
        valid_from=from_on,
        valid_to=charted.to_on,
    )
    session.add(made)
    session.flush()
    return made


def _known_coverage(
    session: Session, patient: Patient, plan: Plan, charted: ChartedCoverage, from_on: dt.date
) -> Coverage | None:
    """A renewal after a gap, or for the next year, is a coverage of its own."""
    return session.scalar(
        select(Coverage)
        .where(
            Coverage.patient_id == patient.id,
            Coverage.plan_id == plan.id,
            Coverage.member_id == charted.member_id,
            Coverage.ended_because.is_(None),
        )
        .where(Coverage.valid_from <= (charted.to_on or dt.date.max))
        .where(or_(Coverage.valid_to.is_(None), Coverage.valid_to >= from_on))
        .order_by(Coverage.id)
        .limit(1)
    )


def _widen(known: Coverage, from_on: dt.date, to_on: dt.date | None, service_on: dt.date) -> None:
    """The same coverage is charted with other dates: it reaches at least to this visit."""
    if service_on < known.valid_from:
        known.valid_from = from_on
    if known.valid_to is not None and service_on > known.valid_to:
        known.valid_to = to_on


def _plan(session: Session, charted: ChartedCoverage) -> Plan:
    """The payer's plan; a payer that we do not know is settled by the front desk."""
    payer = session.scalar(select(Payer).where(Payer.payer_no == (charted.payer_id or "")))
    if payer is None:
        payer = session.scalars(select(Payer).where(Payer.payer_no == UNKNOWN_PAYER_NO)).one()
    name = charted.payer_name if payer.payer_no == UNKNOWN_PAYER_NO else payer.name
    plan = session.scalar(select(Plan).where(Plan.payer_id == payer.id, Plan.name == name))
    if plan is None:
        plan = Plan(payer_id=payer.id, name=name)
        session.add(plan)
        session.flush()
    return plan


def _subscriber(session: Session, patient: Patient, charted: ChartedCoverage) -> int | None:
    if charted.subscriber is None or charted.relationship == "self":
        return None
    person = Subscriber(
        last_name=charted.subscriber.last,
        first_name=charted.subscriber.first,
        birth_on=charted.subscriber.birth_on or patient.birth_on,
        gender=charted.subscriber.gender,
        address=address_of(charted.subscriber.address)
        if charted.subscriber.address
        else dict(patient.address),
    )
    session.add(person)
    session.flush()
    return person.id


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


def _location(session: Session, place_of_service: str) -> Location:
    same = select(Location).where(Location.place_of_service == place_of_service)
    anywhere = select(Location).order_by(Location.id)
    return (
        session.scalars(same.order_by(Location.id).limit(1)).first()
        or session.scalars(anywhere.limit(1)).one()
    )


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
