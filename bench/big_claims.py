"""Invented claims of three lines each, every patient another one; the same for the same number."""

import datetime as dt
from decimal import Decimal

from domain.claims import ClaimLine, Frequency, ProfessionalClaim, Responsibility
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    PayerParty,
    PersonName,
    RenderingProvider,
    Subscriber,
)

CODES = ("99213", "83036", "36415")
FIRST_DAY = dt.date(2026, 1, 5)
DAYS = 90
HOME = Address(line1="1 ELM ST", city="SALEM", state="OR", postal_code="97301")
BILLING = BillingEntity(
    name="CEDAR HOLLOW FAMILY PRACTICE", npi="1245319599", tax_id="912345678",
    taxonomy="207Q00000X",
    address=Address(line1="2 MAIN ST", city="SALEM", state="OR", postal_code="973011234"),
    contact_name="ANA ORTIZ", contact_phone="5035550101",
)  # fmt: skip


def claims(count: int) -> list[ProfessionalClaim]:
    return [_claim(number) for number in range(1, count + 1)]


def _claim(number: int) -> ProfessionalClaim:
    day = FIRST_DAY + dt.timedelta(days=number % DAYS)
    name = PersonName(last=f"FAMILY{number % 997}", first=f"GIVEN{number % 89}")
    return ProfessionalClaim(
        pcn=f"C{number}V1S1",
        frequency=Frequency.ORIGINAL,
        place_of_service="11",
        billing=BILLING,
        rendering=RenderingProvider(
            npi="1245319599", last="WINTERS", first="RUTH", taxonomy="207Q00000X"
        ),
        subscriber=Subscriber(
            member_id=f"M{number:08d}",
            name=name,
            address=HOME,
            birth_on=dt.date(1980, 1, 1) + dt.timedelta(days=number),
            gender=Gender.FEMALE,
        ),
        payer=PayerParty(name="BIG PAYER", payer_id="60101"),
        responsibility=Responsibility.PRIMARY,
        filing_code="CI",
        diagnoses=("E119", "I10"),
        lines=tuple(_line(number, place, day) for place in range(len(CODES))),
    )


def _line(number: int, place: int, day: dt.date) -> ClaimLine:
    return ClaimLine(
        line_control=f"L{number * len(CODES) + place}",
        code=CODES[place],
        charge_cents=2_000 + number * 37 % 50_000,
        units=Decimal(1),
        pointers=(1, 2),
        service_on=day,
    )
