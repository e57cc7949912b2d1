"""From a `Ub04` to the characters in its boxes, in the order of the form."""

import datetime as dt
from collections.abc import Iterable, Iterator
from itertools import product

from domain.correspondence import MailingAddress
from forms.form_grid import Key
from forms.form_parties import place
from forms.form_text import Fit, printed
from forms.ub04_claim import CodedDiagnosis, FormRevenue, Ub04
from forms.ub04_payers import money, payer_parts
from forms.ub04_people import doctor_parts, patient_parts, remark_parts
from forms.ub04_text import fit_at

Part = tuple[str, int, str, str]  # Locator, revenue line or 0, part, text.

TOTALS_ROW = 23
_TOTALS_CODE = "0001"
_OCCURRENCE_PLACES = tuple(f"{n}{row}" for row, n in product("ab", range(31, 35)))
_SPAN_PLACES = tuple(f"{n}{row}" for row, n in product("ab", range(35, 37)))
_VALUE_PLACES = tuple(f"{n}{row}" for row, n in product("abcd", range(39, 42)))
_PROCEDURE_PLACES = ("74", "74a", "74b", "74c", "74d", "74e")


def page_fields(claim: Ub04, page: int) -> dict[Key, str]:
    """What is printed on one page; everything but the revenue lines and totals stands on each."""
    filled = ((key, printed(found)) for key, found in fits(claim, page))
    return {key: text for key, text in filled if text}


def fits(claim: Ub04, page: int) -> Iterator[tuple[Key, Fit]]:
    """The same before anything is refused, with what each position does not hold."""
    for item, row, part, text in _all_parts(claim, page):
        key = Key(item, row, part)
        yield key, fit_at(key, text)


def _all_parts(claim: Ub04, page: int) -> Iterator[Part]:
    yield from _provider(claim)
    yield from patient_parts(claim)
    yield from _conditions(claim)
    yield from _occurrences(claim)
    yield from _values(claim)
    for row, line in enumerate(claim.pages[page], start=1):
        yield from _revenue(row, line)
    yield from _totals(claim, page)
    yield from payer_parts(claim)
    yield from _diagnoses(claim)
    yield from _procedures(claim)
    yield from doctor_parts(claim)
    yield from remark_parts(claim)


def _provider(claim: Ub04) -> Iterator[Part]:
    yield from _address("1", claim.billing)
    yield "1", 0, "phone", claim.billing_phone
    if claim.pay_to:
        yield from _address("2", claim.pay_to)
        yield "2", 0, "ID", claim.pay_to_id
    yield "3a", 0, "number", claim.pcn
    yield "3b", 0, "number", claim.medical_record_number
    yield "4", 0, "code", f"0{claim.type_of_bill}"
    yield "5", 0, "sub-ID", claim.tax_sub_id
    digits = claim.tax_id.replace("-", "")
    yield "5", 0, "number", f"{digits[:2]}-{digits[2:]}"
    yield "6", 0, "from", _day(claim.from_on)
    yield "6", 0, "to", _day(claim.to_on)


def _address(item: str, address: MailingAddress) -> Iterator[Part]:
    yield item, 0, "name", address.name
    yield item, 0, "street", f"{address.street} {address.street_2}"
    yield item, 0, "city", place(address)


def _conditions(claim: Ub04) -> Iterator[Part]:
    for item, code in zip(range(18, 29), claim.conditions, strict=False):
        yield str(item), 0, "code", code
    yield "29", 0, "state", claim.accident_state


def _occurrences(claim: Ub04) -> Iterator[Part]:
    for item, occurrence in zip(_OCCURRENCE_PLACES, claim.occurrences, strict=False):
        yield item, 0, "code", occurrence.code
        yield item, 0, "date", _day(occurrence.on)
    for item, span in zip(_SPAN_PLACES, claim.spans, strict=False):
        yield item, 0, "code", span.code
        yield item, 0, "from", _day(span.from_on)
        yield item, 0, "to", _day(span.to_on)


def _values(claim: Ub04) -> Iterator[Part]:
    for number, text in enumerate(claim.addressee, start=1):
        yield "38", 0, f"line {number}", text
    for item, value in zip(_VALUE_PLACES, claim.values, strict=False):
        yield item, 0, "code", value.code
        yield item, 0, "dollars", str(value.hundredths // 100)
        if not value.is_count:
            yield item, 0, "cents", f"{value.hundredths % 100:02}"


def _revenue(row: int, line: FormRevenue) -> Iterator[Part]:
    yield "42", row, "code", line.revenue_code
    yield "43", row, "words", line.words
    yield "44", row, "code", line.code
    yield "45", row, "date", _day(line.service_on)
    yield "46", row, "units", f"{line.units.normalize():f}"
    yield from money("47", row, line.charge_cents)
    yield from money("48", row, line.noncovered_cents or None)


def _totals(claim: Ub04, page: int) -> Iterator[Part]:
    """The last line counts the pages on each page; it adds up on the last one alone."""
    yield "43", TOTALS_ROW, "page", str(page + 1)
    yield "43", TOTALS_ROW, "pages", str(len(claim.pages))
    yield "45", TOTALS_ROW, "date", _day(claim.created_on)
    if page == len(claim.pages) - 1:
        yield "42", TOTALS_ROW, "code", _TOTALS_CODE
        yield from money("47", TOTALS_ROW, sum(line.charge_cents for line in claim.lines))
        noncovered = sum(line.noncovered_cents or 0 for line in claim.lines)
        yield from money("48", TOTALS_ROW, noncovered or None)


def _diagnoses(claim: Ub04) -> Iterator[Part]:
    yield "66", 0, "version", "0"  # ICD-10-CM; ICD-9 (9) ended in October 2015.
    places = ["67", *(f"67{letter}" for letter in "ABCDEFGHIJKLMNOPQ")]
    yield from _coded(places, (claim.principal, *claim.others))
    yield "69", 0, "code", _plain(claim.admitting)
    for letter, reason in zip("abc", claim.visit_reasons, strict=False):
        yield f"70{letter}", 0, "code", _plain(reason)
    yield "71", 0, "code", claim.drg
    yield from _coded(["72a", "72b", "72c"], claim.external_causes)


def _coded(places: Iterable[str], diagnoses: Iterable[CodedDiagnosis]) -> Iterator[Part]:
    for item, diagnosis in zip(places, diagnoses, strict=False):
        yield item, 0, "code", _plain(diagnosis.code)
        yield item, 0, "POA", diagnosis.on_admission


def _procedures(claim: Ub04) -> Iterator[Part]:
    for item, procedure in zip(_PROCEDURE_PLACES, claim.procedures, strict=False):
        yield item, 0, "code", procedure.code
        yield item, 0, "date", _day(procedure.on)


def _day(day: dt.date | None) -> str:
    return f"{day:%m%d%y}" if day else ""


def _plain(code: str) -> str:
    return code.replace(".", "")
