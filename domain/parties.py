"""Who takes part in a claim: people, providers and payers, as the exchange names them."""

import datetime as dt
import re
from dataclasses import dataclass
from enum import StrEnum

# ISO prefix of United States health applications: an NPI is checked as if it stood behind it.
_NPI_PREFIX = "80840"
_NPI = re.compile(r"[0-9]{10}")
# So many characters of a number are shown.
LAST = 4


class Gender(StrEnum):
    FEMALE = "F"
    MALE = "M"
    UNKNOWN = "U"


class Relationship(StrEnum):
    """What the patient is to the subscriber (X12 element 1069, as far as an 837P takes it)."""

    SPOUSE = "01"
    SELF = "18"
    CHILD = "19"
    EMPLOYEE = "20"
    UNKNOWN = "21"
    ORGAN_DONOR = "39"
    CADAVER_DONOR = "40"
    LIFE_PARTNER = "53"
    OTHER = "G8"


@dataclass(frozen=True, kw_only=True)
class Address:
    line1: str
    city: str
    state: str
    postal_code: str
    """Digits alone: five or nine of them."""
    line2: str | None = None


@dataclass(frozen=True, kw_only=True)
class PersonName:
    last: str
    first: str | None = None
    middle: str | None = None
    suffix: str | None = None


@dataclass(frozen=True, kw_only=True)
class BillingEntity:
    """The practice that bills. Its postal code has nine digits (required in an 837P)."""

    name: str
    npi: str
    tax_id: str
    taxonomy: str
    address: Address
    contact_name: str
    contact_phone: str
    pay_to: Address | None = None
    """Where payments go, when that is another place, such as a post box."""


@dataclass(frozen=True, kw_only=True)
class RenderingProvider:
    npi: str
    last: str
    first: str
    taxonomy: str


@dataclass(frozen=True, kw_only=True)
class OtherProvider:
    """A person who takes part beside whom the claim is for: referring, supervising, ordering,
    attending, operating. The taxonomy is told of an attending and of a line's rendering one.
    """

    npi: str
    last: str
    first: str
    middle: str | None = None
    suffix: str | None = None
    taxonomy: str | None = None


@dataclass(frozen=True, kw_only=True)
class ServiceFacility:
    name: str
    npi: str | None
    address: Address


@dataclass(frozen=True, kw_only=True)
class Subscriber:
    """Who holds the coverage. Birth, gender and address are required when this is the patient."""

    member_id: str
    name: PersonName
    birth_on: dt.date | None = None
    gender: Gender | None = None
    address: Address | None = None
    group_number: str | None = None


@dataclass(frozen=True, kw_only=True)
class Patient:
    """A patient who is not the subscriber; `relationship` is never SELF."""

    name: PersonName
    birth_on: dt.date
    gender: Gender
    address: Address
    relationship: Relationship


@dataclass(frozen=True, kw_only=True)
class PayerParty:
    name: str
    payer_id: str
    address: Address | None = None


def is_npi(text: str) -> bool:
    """Ten digits whose Luhn sum over 80840 + the number is divisible by ten."""
    return _NPI.fullmatch(text) is not None and _luhn_sum(_NPI_PREFIX + text) % 10 == 0


def _luhn_sum(digits: str) -> int:
    plain = sum(int(digit) for digit in digits[-1::-2])
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return plain + doubled


def initials(first: str, last: str) -> str:
    """How a row names a person: enough for who knows them, too little for a passer-by."""
    return f"{first[:1]}.{last[:1]}.".upper()


def last4(number: str | None) -> str:
    return f"··{number[-LAST:]}" if number else ""
