"""What a person says of a stay: the admission, and what is coded of it, rows as they are typed."""

import datetime as dt
from dataclasses import dataclass


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
    """What is coded of the stay."""

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
    external_causes: tuple[str, ...]
    """`W19.XXXA Y`: what from outside brought it about, beside what is coded."""
    treatment_codes: tuple[str, ...]
    attending_id: int | None
    operating_id: int | None
    other_operating_id: int | None
