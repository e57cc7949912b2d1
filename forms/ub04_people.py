"""The patient, the doctors, the remarks and the further codes of a UB-04."""

import textwrap
from collections.abc import Iterator

from forms.form_text import Misfit, cut
from forms.ub04_claim import FormDoctor, Ub04

_Part = tuple[str, int, str, str]

_REMARK_FIRST, _REMARK_WIDTH, _REMARK_LINES = 19, 24, 4


def patient_parts(claim: Ub04) -> Iterator[_Part]:
    patient, stay = claim.patient, claim.admission
    yield "8a", 0, "ID", patient.own_id
    yield "8b", 0, "name", person_name(patient.last, patient.first, patient.middle)
    yield "9a", 0, "street", patient.street
    yield "9b", 0, "city", patient.city
    yield "9c", 0, "state", patient.state
    yield "9d", 0, "zip", patient.zip_code
    yield "9e", 0, "country", patient.country
    yield "10", 0, "date", f"{patient.born_on:%m%d%Y}" if patient.born_on else ""
    yield "11", 0, "sex", patient.sex
    yield "12", 0, "date", f"{stay.admitted_on:%m%d%y}" if stay.admitted_on else ""
    yield "13", 0, "hour", stay.hour
    yield "14", 0, "code", stay.priority
    yield "15", 0, "code", stay.source
    yield "16", 0, "hour", stay.discharge_hour
    yield "17", 0, "code", stay.status


def person_name(last: str, first: str, middle: str) -> str:
    """LAST, FIRST M: a comma after the last name alone."""
    given = " ".join(part for part in (first, middle[:1]) if part)
    return ", ".join(part for part in (last, given) if part)


def doctor_parts(claim: Ub04) -> Iterator[_Part]:
    places = ("78", "79")
    seats = (("76", claim.attending), ("77", claim.operating))
    for item, doctor in (*seats, *zip(places, claim.other_doctors, strict=False)):
        if doctor:
            yield from _doctor(item, doctor)


def _doctor(item: str, doctor: FormDoctor) -> Iterator[_Part]:
    if doctor.role:
        yield item, 0, "role", doctor.role
    yield item, 0, "NPI", doctor.npi
    yield item, 0, "ID qualifier", doctor.other_qualifier
    yield item, 0, "ID", doctor.other_id
    yield item, 0, "last", doctor.last
    yield item, 0, "first", doctor.first


def remark_parts(claim: Ub04) -> Iterator[_Part]:
    for number, text in enumerate(_remark_lines(claim.remarks), start=1):
        yield "80", 0, f"line {number}", text
    for letter, found in zip("abcd", claim.codes, strict=False):
        yield f"81{letter}", 0, "qualifier", found.qualifier
        yield f"81{letter}", 0, "code", found.code
        yield f"81{letter}", 0, "value", found.value


def lost_remarks(claim: Ub04) -> Misfit | None:
    lines = _wrapped(claim.remarks)
    if len(lines) <= _REMARK_LINES:
        return None
    fits = " ".join(_remark_lines(claim.remarks)).upper()
    words = (
        f"locator 80: remarks holds {_REMARK_LINES} lines, {len(lines)} are given: the end is cut."
    )
    return cut("locator 80: remarks", words, claim.remarks, fits).misfit


def _remark_lines(remarks: str) -> list[str]:
    return _wrapped(remarks)[:_REMARK_LINES]


def _wrapped(remarks: str) -> list[str]:
    """Between words; the first line is shorter, for its label stands before it."""
    indent = " " * (_REMARK_WIDTH - _REMARK_FIRST)
    lines = textwrap.wrap(remarks, _REMARK_WIDTH, initial_indent=indent)
    return [line.strip() for line in lines]
