"""The parties of what we send, each written once per loop: billing, subscriber, payer, patient."""

import datetime as dt

from domain.claim_details import PatientState
from domain.claims import HealthClaim, ProfessionalClaim
from domain.parties import (
    Address,
    BillingEntity,
    Gender,
    Patient,
    PayerParty,
    PersonName,
    Relationship,
    Subscriber,
)
from edi.segment_words import QUALIFIED
from edi.writing import Writer, day, number

_ORGANIZATION_MAX, _LAST_MAX, _FIRST_MAX, _MIDDLE_MAX, _SUFFIX_MAX = 60, 60, 35, 25, 10
_STREET_MAX, _CITY_MAX = 55, 30


def add_billing(writer: Writer, billing: BillingEntity) -> None:
    writer.add("PRV", "BI", "PXC", writer.required("2000A PRV03", billing.taxonomy))
    add_organization(writer, "85", billing.name, "XX", billing.npi)
    add_address(writer, billing.address)
    writer.add("REF", "EI", billing.tax_id)
    contact = writer.organization(
        "2010AA PER02", billing.contact_name, _ORGANIZATION_MAX, called="billing contact's name"
    )
    phone = writer.required("2010AA PER04", billing.contact_phone)
    writer.add("PER", "IC", contact, "TE", phone)
    if billing.pay_to:
        writer.add("NM1", "87", "2")
        add_address(writer, billing.pay_to)


def add_subscriber(writer: Writer, claim: HealthClaim, state: PatientState | None) -> None:
    """SBR02 is 18 when the subscriber is the patient, and empty otherwise."""
    relation = "" if claim.patient else Relationship.SELF
    filing_code = writer.required("SBR09", claim.filing_code)
    subscriber = claim.subscriber
    insurance_type = claim.insurance_type if isinstance(claim, ProfessionalClaim) else None
    writer.add(
        "SBR", claim.responsibility, relation, subscriber.group_number or "", "",
        insurance_type or "", "", "", "", filing_code,
    )  # fmt: skip
    add_patient_state(writer, "", state)
    add_member(writer, subscriber)
    if subscriber.birth_on and subscriber.gender:
        add_birth(writer, subscriber.birth_on, subscriber.gender)
    if claim.patient is None:
        _add_casualty_number(writer, claim.casualty_claim_number)
    add_payer(writer, claim.payer)


def add_patient_state(writer: Writer, relationship: str, state: PatientState | None) -> None:
    """PAT: of a subscriber who is the patient only where there is something to say."""
    if state is None:
        if relationship:
            writer.add("PAT", relationship)
        return
    died = ("D8", day(state.died_on)) if state.died_on else ("", "")
    weight = state.weight_pounds
    weighed = ("", "") if weight is None else ("01", number(weight))
    writer.add("PAT", relationship, "", "", "", *died, *weighed, "Y" if state.is_pregnant else "")


def _add_casualty_number(writer: Writer, told: str | None) -> None:
    if told:
        writer.add("REF", "Y4", told)


def add_member(writer: Writer, subscriber: Subscriber) -> None:
    add_person(writer, "IL", subscriber.name, "MI", subscriber.member_id)
    if subscriber.address:
        add_address(writer, subscriber.address)


def add_payer(writer: Writer, payer: PayerParty) -> None:
    add_organization(writer, "PR", payer.name, "PI", payer.payer_id)
    if payer.address:
        add_address(writer, payer.address)


def add_patient(
    writer: Writer, patient: Patient, state: PatientState | None, casualty_number: str | None
) -> None:
    add_patient_state(writer, patient.relationship, state)
    add_person(writer, "QC", patient.name)
    add_address(writer, patient.address)
    add_birth(writer, patient.birth_on, patient.gender)
    _add_casualty_number(writer, casualty_number)


def add_birth(writer: Writer, birth_on: dt.date, gender: Gender) -> None:
    writer.add("DMG", "D8", day(birth_on), gender)


def add_organization(writer: Writer, code: str, name: str, qualifier: str, identifier: str) -> None:
    where = f"NM1*{code} NM103"
    write = writer.organization if identifier else writer.name
    named = write(where, name, _ORGANIZATION_MAX, called=f"{_whose(code)} name")
    numbered = _identifier(writer, code, qualifier, identifier)
    writer.add("NM1", code, "2", named, "", "", "", "", qualifier, numbered)


def add_person(
    writer: Writer, code: str, name: PersonName, qualifier: str = "", identifier: str = ""
) -> None:
    parts = (
        ("NM103", "last name", name.last, _LAST_MAX),
        ("NM104", "first name", name.first, _FIRST_MAX),
        ("NM105", "middle name", name.middle, _MIDDLE_MAX),
        ("NM107", "suffix", name.suffix, _SUFFIX_MAX),
    )
    last, first, middle, suffix = (
        writer.name(f"NM1*{code} {place}", text or "", length, called=f"{_whose(code)} {part}")
        if text or place == "NM103"
        else ""
        for place, part, text, length in parts
    )
    numbered = _identifier(writer, code, qualifier, identifier)
    writer.add("NM1", code, "1", last, first, middle, "", suffix, qualifier, numbered)


def _whose(code: str) -> str:
    return f"{QUALIFIED.get(('NM1', code), 'provider')}'s"


def _identifier(writer: Writer, code: str, qualifier: str, identifier: str) -> str:
    """A number is required as soon as its kind is told."""
    return writer.required(f"NM1*{code} NM109", identifier) if qualifier else identifier


def add_address(writer: Writer, address: Address) -> None:
    writer.add("N3", *writer.streets("N301", address.line1, address.line2, _STREET_MAX))
    city = writer.name("N401", address.city, _CITY_MAX, called="city")
    state = writer.required("N402", address.state)
    writer.add("N4", city, state, writer.required("N403", address.postal_code))
