"""The code sets as the edits ask for them: one object, no state of its own, cheap to make."""

import datetime as dt

from codesets import icd10cm, modifiers, places, procedures
from domain.findings import PairLimit, UnitLimit


class OurCodeBook:
    def is_diagnosis_billable(self, code: str, on: dt.date) -> bool:
        return icd10cm.is_billable(code, on)

    def diagnosis_children(self, code: str, on: dt.date) -> tuple[str, ...]:
        return icd10cm.children(code, on)

    def diagnosis_flags(self, code: str, on: dt.date) -> frozenset[str]:
        return icd10cm.flags(code, on)

    def has_procedure_shape(self, code: str) -> bool:
        return procedures.has_shape(code)

    def is_modifier_known(self, code: str) -> bool:
        return modifiers.is_known(code)

    def is_place_known(self, code: str) -> bool:
        return places.is_known(code)

    def unit_limit(self, code: str) -> UnitLimit | None:
        return procedures.unit_limit(code)

    def pair_limit(self, column_1: str, column_2: str, on: dt.date) -> PairLimit | None:
        return procedures.pair_limit(column_1, column_2, on)
