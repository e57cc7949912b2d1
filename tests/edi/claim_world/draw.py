"""Chance that is the same for the same seed: numbers, people and places of invented claims."""

import datetime as dt
import random
from decimal import Decimal

from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    OtherProvider,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    RenderingProvider,
    ServiceFacility,
    Subscriber,
)

_LAST = ("ORTIZ", "NAKAMURA", "O'NEIL", "SMITH-ROE", "VAN DYKE", "DOE", "ABERNATHY", "DE LA CRUZ")
_FIRST = ("ANA", "JANE", "KENJI", "MARY ANN", "BOB", "LI", "PRIYA", "OLU")
_STREETS = ("ELM ST", "N MAIN ST", "COUNTY RD 12", "MARTIN LUTHER KING BLVD", "5TH AVE")
_TOWNS = (("DALLAS", "TX"), ("ST PAUL", "MN"), ("O'FALLON", "MO"), ("BOISE", "ID"))
_TAXONOMIES = ("207Q00000X", "208600000X", "363LF0000X", "282N00000X")
_PAYERS = ("ACME HEALTH", "BOREAL MUTUAL", "FEDERAL CARE", "STATE AID", "UNION TRUST")
_DIAGNOSES = ("J069", "R05", "E119", "I10", "M545", "S52501A", "Z0000", "O80", "N186", "K219")
_PROCEDURES = ("0DTJ4ZZ", "10E0XZZ", "02703DZ", "0SR9019", "5A1D70Z")
_SERVICES = ("99213", "99214", "71046", "80053", "85025", "96372", "J1885", "36415", "93000")
_MODIFIERS = ("25", "59", "LT", "RT", "76", "GA")


class Draw:
    """One seed, one world. Control numbers count up, so none stands twice."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self._claims = self._lines = 0

    def one(self, *choices: str) -> str:
        return self.rng.choice(choices)

    def some(self, choices: tuple[str, ...], most: int, least: int = 0) -> tuple[str, ...]:
        count = self.rng.randint(least, min(most, len(choices)))
        return tuple(self.rng.sample(choices, count))

    def chance(self, share: float = 0.5) -> bool:
        return self.rng.random() < share

    def pcn(self) -> str:
        self._claims += 1
        return f"C{self._claims}V{self.rng.randint(1, 9)}S{self.rng.randint(1, 9)}"

    def line_control(self) -> str:
        self._lines += 1
        return f"L{self._lines}"

    def number(self, prefix: str = "") -> str:
        return f"{prefix}{self.rng.randint(10_000, 9_999_999)}"

    def cents(self, most: int = 90_000) -> int:
        """Whole dollars now and then: an amount has no, one or two decimals."""
        cents = self.rng.randint(1, most)
        return cents if self.chance(0.6) else (cents // 100 + 1) * 100

    def units(self) -> Decimal:
        return Decimal(self.one("1", "2", "3", "1.5", "12", "0.5"))

    def day(self) -> dt.date:
        return dt.date(2026, 1, 1) + dt.timedelta(days=self.rng.randint(0, 200))

    def clock(self) -> dt.time:
        return dt.time(self.rng.randint(0, 23), self.rng.randint(0, 59))

    def npi(self) -> str:
        """The check digit by the rule of the number's own standard: Luhn over 80840 + number."""
        digits = f"{self.rng.choice('12')}{self.rng.randint(0, 99_999_999):08d}"
        total = 24
        for place, digit in enumerate(digits):
            doubled = int(digit) * (2 if place % 2 == 0 else 1)
            total += doubled // 10 + doubled % 10
        return f"{digits}{-total % 10}"

    def name(self) -> PersonName:
        return PersonName(
            last=self.one(*_LAST),
            first=self.one(*_FIRST),
            middle=self.one("Q", "LEE") if self.chance(0.3) else None,
            suffix=self.one("JR", "III") if self.chance(0.1) else None,
        )

    def address(self, *, long_code: bool = False) -> Address:
        city, state = self.rng.choice(_TOWNS)
        code = f"{self.rng.randint(10_000, 99_999)}"
        full = long_code or self.chance(0.3)
        return Address(
            line1=f"{self.rng.randint(1, 9999)} {self.one(*_STREETS)}",
            line2=self.one("APT 4", "STE 200") if self.chance(0.3) else None,
            city=city,
            state=state,
            postal_code=code + f"{self.rng.randint(0, 9999):04d}" if full else code,
        )

    def gender(self) -> Gender:
        return self.rng.choice(list(Gender))

    def billing(self) -> BillingEntity:
        return BillingEntity(
            name=self.one("CEDAR HOLLOW FAMILY MEDICINE", "LAKE HOSPITAL", "NORTH CLINIC"),
            npi=self.npi(),
            tax_id=f"{self.rng.randint(100_000_000, 999_999_999)}",
            taxonomy=self.one(*_TAXONOMIES),
            address=self.address(long_code=True),
            contact_name=f"{self.one(*_FIRST)} {self.one(*_LAST)}",
            contact_phone=f"555{self.rng.randint(1_000_000, 9_999_999)}",
            pay_to=self.address(long_code=True) if self.chance(0.3) else None,
        )

    def provider(self, *, taxonomy: bool = False) -> OtherProvider:
        name = self.name()
        return OtherProvider(
            npi=self.npi(),
            last=name.last,
            first=name.first or "A",
            middle=name.middle,
            suffix=name.suffix,
            taxonomy=self.one(*_TAXONOMIES) if taxonomy else None,
        )

    def rendering(self) -> RenderingProvider:
        return RenderingProvider(
            npi=self.npi(),
            last=self.one(*_LAST),
            first=self.one(*_FIRST),
            taxonomy=self.one(*_TAXONOMIES),
        )

    def facility(self) -> ServiceFacility:
        return ServiceFacility(
            name=self.one("HILL CLINIC", "ST MARY'S HOSPITAL"),
            npi=self.npi() if self.chance(0.8) else None,
            address=self.address(long_code=True),
        )

    def subscriber(self) -> Subscriber:
        return Subscriber(
            member_id=self.number("W"),
            name=self.name(),
            birth_on=dt.date(1940, 1, 1) + dt.timedelta(days=self.rng.randint(0, 25_000)),
            gender=self.gender(),
            address=self.address(),
            group_number=self.number("G") if self.chance() else None,
        )

    def insured(self) -> Subscriber:
        """Of another payer: that loop tells neither birth nor gender."""
        return Subscriber(
            member_id=self.number("M"),
            name=self.name(),
            address=self.address() if self.chance() else None,
            group_number=self.number("G") if self.chance() else None,
        )

    def patient(self) -> Patient:
        relations = [each for each in Relationship if each is not Relationship.SELF]
        return Patient(
            name=self.name(),
            birth_on=dt.date(2000, 1, 1) + dt.timedelta(days=self.rng.randint(0, 9000)),
            gender=self.gender(),
            address=self.address(),
            relationship=self.rng.choice(relations),
        )

    def payer(self, place: int = 0) -> PayerParty:
        return PayerParty(
            name=_PAYERS[place],
            payer_id=f"6010{place}",
            address=self.address() if self.chance(0.3) else None,
        )

    def diagnoses(self, most: int) -> tuple[str, ...]:
        return self.some(_DIAGNOSES, most, 1)

    def procedure(self) -> str:
        return self.one(*_PROCEDURES)

    def service(self) -> str:
        return self.one(*_SERVICES)

    def modifiers(self, most: int = 4) -> tuple[str, ...]:
        return self.some(_MODIFIERS, most) if self.chance(0.4) else ()
