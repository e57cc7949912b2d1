"""The patient of a chart: the one we know by their chart number, or a new one who answers for their
own bills.
"""

from sqlalchemy import Sequence as DatabaseSequence
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import addresses, subjects
from casework.moment import Moment
from db.models import Guarantor, Guarantorship, Patient, Subscriber
from domain.intake import ChartedAddress, ChartedPatient, ChartedPerson

ACCOUNT_NUMBERS = DatabaseSequence("account_number")


def find_or_add(session: Session, charted: ChartedPatient, now: Moment) -> Patient:
    known = session.scalar(select(Patient).where(Patient.mrn == charted.mrn))
    if known is not None:
        fill_name(known, charted)
        return known
    patient = Patient(
        mrn=charted.mrn,
        last_name=charted.last,
        first_name=charted.first,
        middle_name=charted.middle,
        name_suffix=charted.suffix,
        birth_on=charted.birth_on,
        gender=charted.gender,
        address=address_of(charted.address),
        phone=charted.phone,
    )
    session.add(patient)
    session.flush()
    _add_guarantor(session, patient, now)
    return patient


def fill_name(known: Patient | Subscriber, charted: ChartedPatient | ChartedPerson) -> None:
    """What a later chart tells of the same name and we did not know; what we know stays."""
    ours = (known.last_name.casefold(), known.first_name.casefold())
    if ours == (charted.last.casefold(), charted.first.casefold()):
        known.middle_name = known.middle_name or charted.middle
        known.name_suffix = known.name_suffix or charted.suffix


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


def guarantor(session: Session, patient: Patient) -> Guarantor:
    return session.scalars(
        select(Guarantor)
        .join(Guarantorship, Guarantorship.guarantor_id == Guarantor.id)
        .where(Guarantorship.patient_id == patient.id, Guarantorship.valid_to.is_(None))
        .order_by(Guarantorship.id.desc())
        .limit(1)
    ).one()


def address_of(address: ChartedAddress | None) -> dict[str, str]:
    """What the chart says and no more: an edit asks for the rest before a claim goes out."""
    if address is None:
        return addresses.keep(street="", city="", state="", zip_code="")
    street, street_2 = (*address.lines[:2], "", "")[:2]
    return addresses.keep(
        street=street, street_2=street_2, city=address.city, state=address.state,
        zip_code=address.zip,
    )  # fmt: skip
