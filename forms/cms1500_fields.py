"""From a `Cms1500` to the characters in its boxes, item by item in the order of the form."""

import datetime as dt
from collections.abc import Iterator

from domain.correspondence import hyphened
from forms.cms1500_claim import (
    Cms1500,
    FormLine,
    FormPerson,
    PageTotals,
    QualifiedDate,
    Span,
)
from forms.cms1500_text import GAP, fit_at
from forms.form_grid import Key
from forms.form_parties import place
from forms.form_text import Fit, printed

_Part = tuple[str, int, str, str]  # Item, service line or 0, part, text.


def page_fields(claim: Cms1500, page: int) -> dict[Key, str]:
    """What is printed on one page; everything but items 24, 28 and 29 stands on each."""
    filled = ((key, printed(found)) for key, found in fits(claim, page))
    return {key: text for key, text in filled if text}


def fits(claim: Cms1500, page: int) -> Iterator[tuple[Key, Fit]]:
    """The same before anything is refused, with what each position does not hold."""
    for item, row, part, text in _all_parts(claim, page):
        key = Key(item, row, part)
        yield key, fit_at(key, text)


def _all_parts(claim: Cms1500, page: int) -> Iterator[_Part]:
    yield from _carrier(claim, page)
    yield from _people(claim)
    yield from _condition(claim)
    yield from _dates_and_providers(claim)
    yield from _codes(claim)
    for row, line in enumerate(claim.pages[page], start=1):
        yield from _service(row, line)
    yield from _billing(claim)
    yield from _totals(claim, page)


def _carrier(claim: Cms1500, page: int) -> Iterator[_Part]:
    payer, total = claim.payer, len(claim.pages)
    yield "carrier", 0, "name", payer.name
    yield "carrier", 0, "line 1", payer.street
    yield "carrier", 0, "line 2", payer.street_2
    yield "carrier", 0, "city", place(payer)
    yield "carrier", 0, "page", f"PAGE {page + 1:02} OF {total:02}" if total > 1 else ""


def _people(claim: Cms1500) -> Iterator[_Part]:
    yield "1", 0, claim.coverage.value, "X"
    yield "1a", 0, "ID", claim.insured_id
    yield "2", 0, "name", _name(claim.patient)
    yield from _birth("3", claim.patient)
    yield "4", 0, "name", _name(claim.insured)
    yield from _home("5", claim.patient)
    yield "6", 0, claim.relationship.value, "X"
    yield from _home("7", claim.insured)
    if other := claim.other_insurance:
        yield "9", 0, "name", _full(other.insured_last, other.insured_first, other.insured_middle)
        yield "9a", 0, "number", other.policy
        yield "9d", 0, "plan", other.plan
    yield "11", 0, "number", claim.insured_group
    yield from _birth("11a", claim.insured)
    yield "11b", 0, "ID qualifier", claim.other_claim_qualifier
    yield "11b", 0, "ID", claim.other_claim_id
    yield "11c", 0, "plan", claim.plan_name
    yield "11d", 0, _yes_no(is_yes=other is not None), "X"


def _condition(claim: Cms1500) -> Iterator[_Part]:
    yield "10a", 0, _yes_no(is_yes=claim.from_employment), "X"
    yield "10b", 0, _yes_no(is_yes=claim.from_auto_accident), "X"
    yield "10b", 0, "state", claim.auto_accident_state
    yield "10c", 0, _yes_no(is_yes=claim.from_other_accident), "X"
    yield "10d", 0, "codes", claim.claim_codes
    yield "12", 0, "signature", claim.patient_signature
    yield "12", 0, "date", _day(claim.patient_signed_on)
    yield "13", 0, "signature", claim.insured_signature


def _dates_and_providers(claim: Cms1500) -> Iterator[_Part]:
    yield from _qualified("14", claim.illness)
    yield from _qualified("15", claim.other_date)
    yield from _span("16", claim.unable_to_work)
    if claim.referring:
        yield "17", 0, "qualifier", claim.referring.qualifier
        yield "17", 0, "name", claim.referring.name
        yield "17a", 0, "ID qualifier", claim.referring.other_qualifier
        yield "17a", 0, "ID", claim.referring.other_id
        yield "17b", 0, "NPI", claim.referring.npi
    yield from _span("18", claim.hospital_stay)
    yield "19", 0, "words", claim.more
    yield "20", 0, _yes_no(is_yes=claim.outside_lab_cents is not None), "X"
    if claim.outside_lab_cents is not None:
        yield from _money("20", 0, claim.outside_lab_cents)


def _codes(claim: Cms1500) -> Iterator[_Part]:
    yield "21", 0, "indicator", "0"  # ICD-10-CM; ICD-9 (9) ended in October 2015.
    for letter, code in zip("ABCDEFGHIJKL", claim.diagnoses, strict=False):
        yield "21", 0, letter, code.replace(".", "")
    if claim.frequency in "78":
        yield "22", 0, "code", claim.frequency
        yield "22", 0, "number", claim.original_reference
    yield "23", 0, "number", claim.prior_auth


def _service(row: int, line: FormLine) -> Iterator[_Part]:
    yield "24", row, "supplemental", GAP.join(line.supplements)
    yield "24H", row, "reason", line.screening_reason
    yield "24I", row, "ID qualifier", line.rendering_qualifier
    yield "24J", row, "ID", line.rendering_other_id
    yield from _date("24A", row, "from ", line.from_on, year=f"{line.from_on:%y}")
    yield from _date("24A", row, "to ", line.to_on, year=f"{line.to_on:%y}")
    yield "24B", row, "code", line.place
    yield "24C", row, "flag", "Y" if line.is_emergency else ""
    yield "24D", row, "code", line.code
    for number, modifier in enumerate(line.modifiers, start=1):
        yield "24D", row, f"modifier {number}", modifier
    yield "24E", row, "letters", line.pointers
    yield from _money("24F", row, line.charge_cents)
    yield "24G", row, "units", f"{line.units.normalize():f}"
    yield "24H", row, "flag", line.screening
    yield "24J", row, "NPI", line.rendering_npi


def _billing(claim: Cms1500) -> Iterator[_Part]:
    yield "25", 0, "number", claim.tax_id.replace("-", "")
    yield "25", 0, "EIN", "X"
    yield "26", 0, "number", claim.pcn
    yield "27", 0, _yes_no(is_yes=claim.accepts_assignment), "X"
    yield "31", 0, "signature", claim.signed_by
    yield "31", 0, "date", _day(claim.signed_on)
    if facility := claim.facility:
        yield "32", 0, "name", facility.name
        yield "32", 0, "street", f"{facility.street} {facility.street_2}"
        yield "32", 0, "city", place(facility)
        yield "32a", 0, "NPI", claim.facility_npi
        yield "32b", 0, "ID", claim.facility_other_id
    billing = claim.billing
    yield from _phone("33", claim.billing_phone)
    yield "33", 0, "name", billing.name
    yield "33", 0, "street", f"{billing.street} {billing.street_2}"
    yield "33", 0, "city", place(billing)
    yield "33a", 0, "NPI", claim.billing_npi
    yield "33b", 0, "ID", claim.billing_other_id


def _totals(claim: Cms1500, page: int) -> Iterator[_Part]:
    """Items 28 and 29. What was paid stands once, on the last page, whatever the totals do."""
    is_last = page == len(claim.pages) - 1
    match claim.page_totals:
        case PageTotals.EACH_PAGE:
            yield from _money("28", 0, sum(line.charge_cents for line in claim.pages[page]))
        case PageTotals.LAST_PAGE if is_last:
            yield from _money("28", 0, sum(line.charge_cents for line in claim.lines))
        case PageTotals.LAST_PAGE:
            yield "28", 0, "continued", "CONTINUED"
    if is_last:
        yield from _money("29", 0, claim.paid_cents)


def _name(person: FormPerson) -> str:
    return _full(person.last, person.first, person.middle)


def _full(last: str, first: str, middle: str) -> str:
    """LAST SUFFIX, FIRST, M: the form asks for the initial alone."""
    return ", ".join(part for part in (last, first, middle[:1]) if part)


def _birth(item: str, person: FormPerson) -> Iterator[_Part]:
    if person.born_on:
        yield from _date(item, 0, "", person.born_on, year=f"{person.born_on:%Y}")
    if person.sex in ("M", "F"):
        yield item, 0, person.sex, "X"


def _home(item: str, person: FormPerson) -> Iterator[_Part]:
    yield item, 0, "street", person.street
    yield item, 0, "city", person.city
    yield item, 0, "state", person.state
    yield item, 0, "zip", hyphened(person.zip_code)
    yield from _phone(item, person.phone)


def _phone(item: str, phone: str) -> Iterator[_Part]:
    """Ten digits are parted; a shorter number has no area code, and the country's 1 goes."""
    digits = "".join(c for c in phone if c.isdigit())
    yield item, 0, "area code", digits[-10:-7]
    yield item, 0, "phone", digits[-7:]


def _qualified(item: str, date: QualifiedDate | None) -> Iterator[_Part]:
    if date:
        yield from _date(item, 0, "", date.on, year=f"{date.on:%Y}")
        yield item, 0, "qualifier", date.qualifier


def _span(item: str, span: Span | None) -> Iterator[_Part]:
    if span:
        yield from _date(item, 0, "from ", span.from_on, year=f"{span.from_on:%Y}")
        if span.to_on:
            yield from _date(item, 0, "to ", span.to_on, year=f"{span.to_on:%Y}")


def _date(item: str, row: int, prefix: str, day: dt.date, *, year: str) -> Iterator[_Part]:
    yield item, row, f"{prefix}MM", f"{day:%m}"
    yield item, row, f"{prefix}DD", f"{day:%d}"
    yield item, row, f"{prefix}YY", year


def _day(day: dt.date | None) -> str:
    """Eight characters for a signature's date: ten run into the next box."""
    return f"{day:%m %d %y}" if day else ""


def _money(item: str, row: int, cents: int) -> Iterator[_Part]:
    yield item, row, "dollars", str(cents // 100)
    yield item, row, "cents", f"{cents % 100:02}"


def _yes_no(*, is_yes: bool) -> str:
    return "YES" if is_yes else "NO"
