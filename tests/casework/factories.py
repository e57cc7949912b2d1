"""A small practice with invented people; each maker adds one row that holds what tests need."""

import datetime as dt
from dataclasses import dataclass
from itertools import count

from sqlalchemy.orm import Session

from db.models import (
    BillingEntity,
    ChargeLine,
    ClockSegment,
    Encounter,
    Guarantor,
    Location,
    OrgUnit,
    Patient,
    Payer,
    Practice,
    Provider,
    Subject,
    User,
)
from domain.encounter import CodingStatus, EncounterClass, Stage
from domain.tasks import Role

DAY_ZERO = dt.datetime(2026, 1, 5, 15, tzinfo=dt.UTC)
ADDRESS = {
    "line1": "118 Sample Lane",
    "city": "Fairmont",
    "state": "TX",
    "postal_code": "00210",
}

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class TestPractice:
    """What every encounter points at."""

    provider: Provider
    location: Location


def stop_clock(session: Session, days: int) -> dt.datetime:
    """Make it noon-ish `days` after the first day, whatever the machine's clock says."""
    at = DAY_ZERO + dt.timedelta(days=days)
    session.add(
        ClockSegment(real_start=at.timestamp(), business_start=at, speed=1.0, is_running=False)
    )
    session.flush()
    return at


def practice(session: Session) -> TestPractice:
    """The practice itself, its place, its provider and who bills for it."""
    if session.get(Practice, 1) is None:
        session.add(Practice(id=1, name="Cedar Hollow Family Medicine"))
        session.flush()
    unit = OrgUnit(name="Main")
    session.add(unit)
    session.flush()
    location = Location(
        org_unit_id=unit.id, name="Main", npi=None, place_of_service="11", address=ADDRESS
    )
    provider = Provider(
        npi=f"{next(_numbers):010d}",
        last_name="Okafor",
        first_name="Ruth",
        taxonomy="207Q00000X",
        title="MD",
    )
    billing = BillingEntity(
        name="Cedar Hollow Family Medicine",
        npi=f"{next(_numbers):010d}",
        tax_id="120000000",
        taxonomy="207Q00000X",
        address=ADDRESS,
        contact_name="Ana",
        phone="503-555-0140",
    )
    session.add_all([location, provider, billing])
    session.flush()
    return TestPractice(provider=provider, location=location)


def user(session: Session, name: str, role: Role) -> User:
    row = User(
        username=f"{name.lower()}{next(_numbers)}", full_name=name, role=role, password_hash="-"
    )
    session.add(row)
    session.flush()
    return row


def payer(session: Session, name: str = "Acme Health") -> Payer:
    row = Payer(
        payer_no=f"T{next(_numbers):05d}",
        name=name,
        kind="commercial",
        filing_code="CI",
        takes_frequency_7=True,
        appeal_levels=1,
        appeal_days=180,
        decision_days=30,
        timely_days=180,
        hears_timely_filing=True,
        usual_days=21,
        is_payment_in_full=False,
        address=ADDRESS,
    )
    session.add(row)
    session.flush()
    return row


def guarantor(session: Session) -> Guarantor:
    row = Guarantor(
        account_no=f"G{next(_numbers):08d}",
        last_name="Tarrow",
        first_name="Wilma",
        address=ADDRESS,
    )
    session.add(row)
    session.flush()
    return row


def patient(session: Session) -> Patient:
    row = Patient(
        mrn=f"M{next(_numbers):06d}",
        last_name="Tarrow",
        first_name="Wilma",
        birth_on=dt.date(1972, 3, 9),
        gender="F",
        address=ADDRESS,
    )
    session.add(row)
    session.flush()
    return row


def encounter(
    session: Session,
    of: TestPractice,
    who_pays: Guarantor,
    *,
    charge_cents: tuple[int, ...],
    service_on: dt.date,
    stage: Stage = Stage.CLAIMS,
) -> Encounter:
    """An encounter with its subject and one charge line per amount."""
    number = f"E{next(_numbers):08d}"
    row = Encounter(
        encounter_no=number,
        source="test",
        source_key=number,
        patient_id=patient(session).id,
        guarantor_id=who_pays.id,
        provider_id=of.provider.id,
        location_id=of.location.id,
        encounter_class=EncounterClass.AMBULATORY,
        place_of_service="11",
        service_on=service_on,
        stage=stage,
        coding_status=CodingStatus.CODED,
        has_charted_codes=True,
        registered_at=DAY_ZERO,
        charge_lines=[
            ChargeLine(
                ordinal=ordinal,
                code="99213",
                modifiers=[],
                units=1,
                pointers=[1],
                service_on=service_on,
                charge_cents=cents,
            )
            for ordinal, cents in enumerate(charge_cents, 1)
        ],
    )
    session.add(row)
    session.add(Subject(key=f"encounter:{number}", is_open=True, moved_at=DAY_ZERO))
    session.flush()
    return row
