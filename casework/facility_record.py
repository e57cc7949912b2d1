"""A person says what a facility's claim needs of an encounter: the admission at the front desk, the
rest by a coder or a biller. What is left empty is derived again.
"""

from sqlalchemy.orm import Session

from casework import (
    audit,
    facility_charges,
    facility_facts,
    fact_renewal,
    news,
    stay_refusals,
    subjects,
)
from casework.moment import Moment
from casework.refusals import Forbidden, Refused
from casework.stay_said import AdmissionSaid, StaySaid
from db.models import Encounter, FacilityFacts, User
from domain.claim_form import ClaimForm
from domain.tasks import Role

MAY_CODE = (Role.CODER, Role.BILLER, Role.SUPERVISOR)
MAY_ADMIT = (Role.FRONT_DESK, *MAY_CODE)


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
    fact_renewal.renew(session, encounter, (ClaimForm.INSTITUTIONAL,), now)
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
    stay_refusals.require_readable(said, encounter)
    row.type_of_bill = said.type_of_bill
    row.from_on, row.to_on = said.from_on, said.to_on
    row.admitting_diagnosis = said.admitting_diagnosis
    row.visit_reasons = list(said.visit_reasons)
    row.charges = list(said.charges)
    row.on_admission = dict(each.upper().split() for each in said.on_admission)
    row.procedures, row.occurrences = list(said.procedures), list(said.occurrences)
    row.spans, row.value_codes = list(said.spans), list(said.value_codes)
    row.condition_codes = list(said.condition_codes)
    row.external_causes = list(said.external_causes)
    row.treatment_codes = list(said.treatment_codes)
    row.attending_id, row.operating_id = said.attending_id, said.operating_id
    row.other_operating_id = said.other_operating_id
