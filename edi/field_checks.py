"""What a field's own length and shape must be, of the fields that both guides share: receivers
check it before anything else, and refuse the claim for one letter."""

import re

from domain import states
from domain.claims import HealthClaim
from domain.parties import Address
from edi.cob_checks import Said

# How a payer pays, by its kind (SBR09).
FILING_CODES = frozenset(
    {
        *("11", "12", "13", "14", "15", "16", "17", "AM", "BL", "CH", "CI", "DS"),
        *("FI", "HM", "LM", "MA", "MB", "MC", "OF", "TV", "VA", "WC", "ZZ"),
    }
)
_POSTAL_CODE = re.compile(r"[0-9]{5}([0-9]{4})?")
_TAXONOMY = re.compile(r"[0-9A-Z]{10}")
_HCPCS = re.compile(r"[0-9A-Z]{5}")
_ID_MIN, ID_MAX, _CITY_MIN, _LINE_CONTROL_MAX = 2, 80, 2, 30


def shared(claim: HealthClaim) -> Said:
    yield from _members(claim)
    yield from _filing_codes(claim)
    yield from taxonomy("2000A PRV03", claim.billing.taxonomy)
    yield from _addresses(claim)


def taxonomy(where: str, code: str | None) -> Said:
    if code and _TAXONOMY.fullmatch(code) is None:
        yield where, "A specialty (taxonomy) is ten letters and digits."


def line(control: str, where: str, code: str | None) -> Said:
    """`where` the procedure of the line stands; an empty one is another rule's."""
    if len(control) > _LINE_CONTROL_MAX:
        yield "REF*6R", f"A line control number has at most {_LINE_CONTROL_MAX} characters."
    if code and _HCPCS.fullmatch(code) is None:
        yield where, "A procedure code is five letters and digits."


def address(where: str, told: Address) -> Said:
    if _POSTAL_CODE.fullmatch(told.postal_code) is None:
        yield f"{where} N403", "A postal code is five or nine digits without a hyphen."
    yield from _town(where, told)


def _town(where: str, told: Address) -> Said:
    if not states.is_state(told.state):
        yield f"{where} N402", states.REFUSAL
    if len(told.city.strip()) < _CITY_MIN:
        yield f"{where} N401", f"A city has at least {_CITY_MIN} letters."


def _members(claim: HealthClaim) -> Said:
    numbers = (
        ("2010BA NM109", claim.subscriber.member_id),
        ("2010BB NM109", claim.payer.payer_id),
        *((f"2330A {o.responsibility} NM109", o.subscriber.member_id) for o in claim.other_payers),
        *((f"2330B {o.responsibility} NM109", o.payer.payer_id) for o in claim.other_payers),
    )
    for where, number in numbers:
        if number.strip() and not _ID_MIN <= len(number) <= ID_MAX:
            yield where, f"This number has {_ID_MIN} to {ID_MAX} characters."


def _filing_codes(claim: HealthClaim) -> Said:
    others = ((f"2320 {o.responsibility} SBR09", o.filing_code) for o in claim.other_payers)
    for where, code in (("SBR09", claim.filing_code), *others):
        if code and code not in FILING_CODES:
            yield where, f"{code!r} is no kind of payer that the guide knows."


def _addresses(claim: HealthClaim) -> Said:
    yield from _town("2010AA", claim.billing.address)
    places = (
        ("2010AB", claim.billing.pay_to),
        ("2010BA", claim.subscriber.address),
        ("2010BB", claim.payer.address),
        ("2010CA", claim.patient.address if claim.patient else None),
        ("2310 NM1*77", claim.facility.address if claim.facility else None),
        *((f"2330A {each.responsibility}", each.subscriber.address) for each in claim.other_payers),
    )
    for where, told in places:
        if told:
            yield from address(where, told)
