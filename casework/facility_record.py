"""A person says what a facility's claim needs of an encounter: the admission at the front desk, the
rest by a coder or a biller. What is left empty is derived again.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from casework import audit, facility_charges, facility_facts, news, subjects
from casework.claim_edits import BOOK
from casework.moment import Moment
from casework.refusals import Forbidden, Problem, Refused
from db.models import Encounter, FacilityFacts, User
from domain import stay_codes
from domain.institutional import PresentOnAdmission
from domain.tasks import Role

MAY_CODE = (Role.CODER, Role.BILLER, Role.SUPERVISOR)
MAY_ADMIT = (Role.FRONT_DESK, *MAY_CODE)


@dataclass(frozen=True, kw_only=True)
class AdmissionSaid:
    """How the patient came and went; None is not told."""

    admitted_on: dt.date | None
    admitted_hour: int | None
    discharged_hour: int | None
    priority: str | None
    source: str | None
    patient_status: str | None


@dataclass(frozen=True, kw_only=True)
class StaySaid:
    """What is coded of the stay, rows as they are typed."""

    type_of_bill: str | None
    from_on: dt.date | None
    to_on: dt.date | None
    admitting_diagnosis: str | None
    visit_reasons: tuple[str, ...]
    on_admission: tuple[str, ...]
    """`I50.20 Y`: a diagnosis of the encounter and what is told of it."""
    charges: tuple[str, ...]
    """`0120 3 2026-03-01`: what the facility charges without a coded service beside it."""
    procedures: tuple[str, ...]
    occurrences: tuple[str, ...]
    spans: tuple[str, ...]
    value_codes: tuple[str, ...]
    condition_codes: tuple[str, ...]
    attending_id: int | None
    operating_id: int | None


def keep(
    session: Session,
    encounter: Encounter,
    admission: AdmissionSaid,
    stay: StaySaid | None,
    *,
    by: User,
    now: Moment,
) -> None:
    """Raises `Refused` with every field that cannot be read; nothing is changed then."""
    if by.role not in MAY_ADMIT or (stay is not None and by.role not in MAY_CODE):
        raise Forbidden("Only a coder, a biller or a supervisor codes a stay.")
    subject = subjects.lock(session, subjects.encounter_key(encounter))
    session.refresh(encounter)
    if not facility_facts.has_facility(encounter):
        raise Refused.of("type_of_bill", "No facility bills for the place of this visit.")
    row = facility_facts.said_of(session, encounter)
    charges_before = list(row.charges)
    _keep_admission(row, admission)
    if stay is not None:
        _keep_stay(row, stay, encounter)
    row.changed_at = now.at
    session.add(row)
    session.flush()
    if row.charges != charges_before:
        facility_charges.change(session, encounter, by, now)
    words = f"{by.full_name} told what the facility's claim says"
    news.tell(session, subject, "facility facts", words, now, by)
    audit.record(
        session, by, "changed", "facility_facts", encounter.encounter_no,
        patient_id=encounter.patient_id,
    )  # fmt: skip


def _keep_admission(row: FacilityFacts, said: AdmissionSaid) -> None:
    row.admitted_on = said.admitted_on
    row.admitted_hour, row.discharged_hour = said.admitted_hour, said.discharged_hour
    row.priority, row.source = said.priority, said.source
    row.patient_status = said.patient_status


def _keep_stay(row: FacilityFacts, said: StaySaid, encounter: Encounter) -> None:
    _require_readable(said, encounter)
    row.type_of_bill = said.type_of_bill
    row.from_on, row.to_on = said.from_on, said.to_on
    row.admitting_diagnosis = said.admitting_diagnosis
    row.visit_reasons = list(said.visit_reasons)
    row.charges = list(said.charges)
    row.on_admission = dict(each.upper().split() for each in said.on_admission)
    row.procedures, row.occurrences = list(said.procedures), list(said.occurrences)
    row.spans, row.value_codes = list(said.spans), list(said.value_codes)
    row.condition_codes = list(said.condition_codes)
    row.attending_id, row.operating_id = said.attending_id, said.operating_id


def _require_readable(said: StaySaid, encounter: Encounter) -> None:
    problems: dict[str, Problem] = {}
    readers: tuple[tuple[str, Callable[[Sequence[str]], object], Sequence[str]], ...] = (
        ("charges", stay_codes.charges, said.charges),
        ("procedures", stay_codes.procedures, said.procedures),
        ("occurrences", stay_codes.occurrences, said.occurrences),
        ("spans", stay_codes.spans, said.spans),
        ("value_codes", stay_codes.values, said.value_codes),
        ("condition_codes", stay_codes.conditions, said.condition_codes),
    )
    for field, read, rows in readers:
        try:
            read(rows)
        except stay_codes.BadRow as bad:
            problems[field] = Problem(words=str(bad))
    if said.from_on and said.to_on and said.to_on < said.from_on:
        problems["to_on"] = Problem(words="The statement ends before it begins.")
    for field, codes in (
        ("admitting_diagnosis", (said.admitting_diagnosis or "",)),
        ("visit_reasons", said.visit_reasons),
    ):
        wrong = [c for c in codes if c and not BOOK.is_diagnosis_billable(c, encounter.service_on)]
        if wrong:
            words = f"{wrong[0]} is no ICD-10-CM code that may be billed on the day."
            problems[field] = Problem(words=words)
    if wrong_row := _wrong_on_admission(said.on_admission, encounter):
        problems["on_admission"] = Problem(words=wrong_row)
    if problems:
        raise Refused(problems)


def _wrong_on_admission(rows: Sequence[str], encounter: Encounter) -> str | None:
    ours = {diagnosis.code for diagnosis in encounter.diagnoses}
    for row in rows:
        code, _, told = row.upper().partition(" ")
        if code not in ours:
            return f"“{row[:40]}” begins with no diagnosis of this encounter."
        if told.strip() not in set(PresentOnAdmission):
            return f"“{row[:40]}” must end in Y, N, U or W."
    return None
