"""Who bills: the practice, and facilities that bill for departments of a hospital, as an
administrator keeps them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import addresses, audit
from casework.refusals import Problem, Refused
from db.models import BillingEntity, User
from domain import states
from domain.parties import is_npi
from edi.checks import is_post_box

LISTED_MAX = 500
NAME_MAX = 60
BILLING_ZIP_DIGITS = 9
_TAX_ID = re.compile(r"[0-9]{9}")
_TAXONOMY = re.compile(r"[0-9A-Z]{9}X")
_PHONE = re.compile(r"[0-9]{10}")


@dataclass(frozen=True, kw_only=True)
class BillerSaid:
    name: str
    npi: str
    tax_id: str
    taxonomy: str
    contact_name: str
    phone: str
    address: Mapping[str, str]


def every(session: Session) -> Sequence[BillingEntity]:
    """The practice first."""
    rows = select(BillingEntity).order_by(BillingEntity.id).limit(LISTED_MAX)
    return session.scalars(rows).all()


def facilities(session: Session) -> Sequence[BillingEntity]:
    return every(session)[1:]


def keep(
    session: Session, row: BillingEntity | None, said: BillerSaid, *, by: User
) -> BillingEntity:
    """`row` is None for a new facility. Raises `Refused` with every field that is wrong."""
    problems = dict(_problems(session, row, said))
    if problems:
        raise Refused({field: Problem(words=words) for field, words in problems.items()})
    told = _differences(row, said)
    if row is None:
        row = BillingEntity(**_columns(said))
        session.add(row)
    for name, value in _columns(said).items():
        setattr(row, name, value)
    session.flush()
    if told:
        audit.record(session, by, "changed", "billing entity", row.npi, words="; ".join(told))
    return row


def _columns(said: BillerSaid) -> dict[str, object]:
    return {**asdict(said), "address": dict(said.address)}


def _differences(row: BillingEntity | None, said: BillerSaid) -> list[str]:
    if row is None:
        return [f"new: {said.name}"]
    held = {name: getattr(row, name) for name in _columns(said)}
    return [
        f"{name.replace('_', ' ')} {_spoken(held[name])} → {_spoken(value)}"
        for name, value in _columns(said).items()
        if held[name] != value
    ]


def _spoken(value: object) -> str:
    return addresses.spoken(value) if isinstance(value, dict) else str(value)


def _problems(
    session: Session, row: BillingEntity | None, said: BillerSaid
) -> Iterator[tuple[str, str]]:
    if not said.name or len(said.name) > NAME_MAX:
        yield "name", f"Give the name by which it bills, at most {NAME_MAX} letters."
    yield from _npi_problems(session, row, said.npi)
    if not _TAX_ID.fullmatch(said.tax_id):
        yield "tax_id", "A tax id has nine digits."
    if not _TAXONOMY.fullmatch(said.taxonomy):
        yield "taxonomy", "A taxonomy is nine letters and digits and an X, as 282N00000X."
    if not said.contact_name or len(said.contact_name) > NAME_MAX:
        yield "contact_name", "Tell whom a payer may ask."
    if not _PHONE.fullmatch(said.phone):
        yield "phone", "A telephone number has ten digits."
    yield from address_problems(said.address)
    if is_post_box(said.address["line1"]):
        yield "street", "Give a street: a post box is where payments go, further down."


def _npi_problems(
    session: Session, row: BillingEntity | None, npi: str
) -> Iterator[tuple[str, str]]:
    if not is_npi(npi):
        yield "npi", "This is no NPI: ten digits whose check digit fits."
        return
    found = session.scalar(select(BillingEntity.id).where(BillingEntity.npi == npi))
    if found is not None and (row is None or found != row.id):
        yield "npi", "Another of those that bill has this number."


def address_problems(address: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Of who bills, and of places of service, a claim wants all nine digits."""
    for field, key in (("street", "line1"), ("city", "city")):
        if not address[key]:
            yield field, f"Give the {field}."
    if not states.is_state(address["state"]):
        yield "state", states.REFUSAL
    if len(address["postal_code"]) != BILLING_ZIP_DIGITS:
        yield "zip", "Give all nine digits of the ZIP code."
