"""Dates, numbers, conditions and the other small facts of a claim or line, written for both guides.

The orders are those of the guides' segment tables (facts of the maps of pyx12).
"""

from collections.abc import Iterable, Sequence

from domain.claim_details import (
    Ambulance,
    AmbulancePlaces,
    ClaimDate,
    ConditionIndicator,
    Contract,
    DateKind,
    ReferenceKind,
    ReferenceNumber,
)
from domain.claims import Attachment, HealthClaim
from domain.money import x12_amount
from domain.parties import OtherProvider, PersonName, ServiceFacility
from edi.parties_out import add_address, add_organization, add_person
from edi.writing import Writer, number, period

NOTE_MAX = 80
# NTE01 of a professional claim, and of its lines.
NOTES, LINE_NOTES = ("ADD", "CER", "DCP", "DGN", "TPO"), ("ADD", "DCP")
DESCRIPTION_MAX = 80
_STATION_MAX = 60

CLAIM_DATES = (
    DateKind.INITIAL_TREATMENT,
    DateKind.LAST_SEEN,
    DateKind.ACUTE_MANIFESTATION,
    DateKind.LAST_MENSTRUAL_PERIOD,
    DateKind.LAST_XRAY,
    DateKind.PRESCRIPTION,
    DateKind.DISABILITY,
    DateKind.DISABILITY_BEGAN,
    DateKind.DISABILITY_ENDED,
    DateKind.LAST_WORKED,
    DateKind.RETURN_TO_WORK,
    DateKind.ASSUMED_CARE,
    DateKind.RELINQUISHED_CARE,
    DateKind.FIRST_CONTACT,
)
LINE_DATES = (
    DateKind.PRESCRIPTION,
    DateKind.RECERTIFICATION,
    DateKind.THERAPY_BEGAN,
    DateKind.LAST_CERTIFICATION,
    DateKind.LAST_SEEN,
    DateKind.HEMOGLOBIN_TEST,
    DateKind.CREATININE_TEST,
    DateKind.SHIPPED,
    DateKind.LAST_XRAY,
    DateKind.INITIAL_TREATMENT,
)
PROFESSIONAL_REFERENCES = frozenset(
    {
        ReferenceKind.AUTHORIZATION_EXCEPTION,
        ReferenceKind.MAMMOGRAPHY_CERTIFICATION,
        ReferenceKind.CLIA,
        ReferenceKind.REPRICED_CLAIM,
        ReferenceKind.ADJUSTED_REPRICED_CLAIM,
        ReferenceKind.DEVICE_EXEMPTION,
        ReferenceKind.DEMONSTRATION_PROJECT,
        ReferenceKind.CARE_PLAN_OVERSIGHT,
    }
)
INSTITUTIONAL_REFERENCES = frozenset(
    {
        ReferenceKind.AUTHORIZATION_EXCEPTION,
        ReferenceKind.REPRICED_CLAIM,
        ReferenceKind.ADJUSTED_REPRICED_CLAIM,
        ReferenceKind.DEVICE_EXEMPTION,
        ReferenceKind.ACCIDENT_STATE,
        ReferenceKind.DEMONSTRATION_PROJECT,
        ReferenceKind.PEER_REVIEW_APPROVAL,
    }
)
LINE_REFERENCES = frozenset(
    {
        ReferenceKind.PRIOR_AUTHORIZATION,
        ReferenceKind.MAMMOGRAPHY_CERTIFICATION,
        ReferenceKind.CLIA,
        ReferenceKind.REFERRING_CLIA,
        ReferenceKind.IMMUNIZATION_BATCH,
        ReferenceKind.REFERRAL,
    }
)
# REF of loop 2300 of both guides in one order, and of loop 2400.
_CLAIM_ORDER = (
    "4N", "EW", "9F", "G1", "F8", "X4", "9A", "9C", "LX", "D9", "LU", "EA", "P4", "G4", "1J",
)  # fmt: skip
_LINE_ORDER = ("G1", "6R", "EW", "X4", "F4", "BT", "9F")
# CRC of both loops: transport, vision, home, screening, hospice, equipment.
_CONDITION_ORDER = ("07", "E1", "E2", "E3", "75", "ZZ", "70", "09")


def add_dates(writer: Writer, dates: Iterable[ClaimDate], order: Sequence[DateKind]) -> None:
    for date in sorted(dates, key=lambda each: order.index(each.kind)):
        writer.add("DTP", date.kind, *period(date.on, date.to_on))


def add_claim_references(writer: Writer, claim: HealthClaim) -> None:
    own = (
        ("9F", claim.referral),
        ("G1", claim.prior_auth),
        ("F8", claim.payer_claim_number),
        ("D9", claim.clearinghouse_trace),
        ("EA", claim.medical_record_number),
    )
    _add_references(writer, own, claim.references, _CLAIM_ORDER)


def add_line_references(
    writer: Writer, line_control: str, others: Iterable[ReferenceNumber]
) -> None:
    own = [("6R", writer.required("REF*6R", line_control))]
    _add_references(writer, own, others, _LINE_ORDER)


def _add_references(
    writer: Writer,
    own: Iterable[tuple[str, str | None]],
    others: Iterable[ReferenceNumber],
    order: Sequence[str],
) -> None:
    every = [*own, *((str(each.kind), each.number) for each in others)]
    for qualifier, value in sorted(every, key=lambda each: order.index(each[0])):
        if value:
            writer.add("REF", qualifier, value)


def add_attachments(writer: Writer, attachments: Iterable[Attachment]) -> None:
    for each in attachments:
        qualifier = "AC" if each.control_number else ""
        writer.add(
            "PWK", each.report_type, each.transmission, "", "", qualifier,
            each.control_number or "",
        )  # fmt: skip


def add_contract(writer: Writer, contract: Contract | None) -> None:
    if contract is None:
        return
    percents = (contract.percent, contract.discount_percent)
    percent, discount = ("" if each is None else number(each) for each in percents)
    cents = contract.cents
    writer.add(
        "CN1", contract.kind, "" if cents is None else x12_amount(cents), percent,
        _said(writer, "CN104", contract.code), discount,
        _said(writer, "CN106", contract.version),
    )  # fmt: skip


def add_file_information(writer: Writer, every: Iterable[str]) -> None:
    for words in every:
        writer.add("K3", writer.note("K301", words, NOTE_MAX, called="file information"))


def add_note(writer: Writer, about: str, words: str | None) -> None:
    if words:
        writer.add("NTE", about, writer.note("NTE02", words, NOTE_MAX, called="note"))


def add_conditions(writer: Writer, conditions: Iterable[ConditionIndicator]) -> None:
    for each in sorted(conditions, key=lambda one: _CONDITION_ORDER.index(one.category)):
        writer.add("CRC", each.category, "Y" if each.applies else "N", *each.codes)


def add_ambulance(writer: Writer, ambulance: Ambulance | None) -> None:
    if ambulance is None:
        return
    weight = ambulance.weight_pounds
    writer.add(
        "CR1", "LB" if weight is not None else "", "" if weight is None else number(weight), "",
        ambulance.reason, "DH", number(ambulance.miles), "", "",
        _said(writer, "CR109", ambulance.round_trip_purpose),
        _said(writer, "CR110", ambulance.stretcher_purpose),
    )  # fmt: skip


def add_ambulance_places(writer: Writer, places: AmbulancePlaces | None) -> None:
    if places is None:
        return
    writer.add("NM1", "PW", "2")
    add_address(writer, places.picked_up_at)
    name = places.brought_to_name
    where, called = "NM1*45 NM103", "name of the place of arrival"
    named = writer.name(where, name, _STATION_MAX, called=called) if name else ""
    writer.add("NM1", "45", "2", named)
    add_address(writer, places.brought_to)


def add_provider(writer: Writer, code: str, provider: OtherProvider | None) -> None:
    """NM1 of a person with an NPI; its specialty where the loop has a place for one."""
    add_person_alone(writer, code, provider)
    if provider and provider.taxonomy and code in _SPECIALTY:
        writer.add("PRV", _SPECIALTY[code], "PXC", provider.taxonomy)


# Whose loop takes a specialty, and as what (PRV01).
_SPECIALTY = {"71": "AT", "82": "PE"}


def add_person_alone(writer: Writer, code: str, provider: OtherProvider | None) -> None:
    """An institutional claim tells no specialty of a rendering provider."""
    if provider is None:
        return
    name = PersonName(
        last=provider.last, first=provider.first, middle=provider.middle, suffix=provider.suffix
    )
    add_person(writer, code, name, "XX", provider.npi)


def add_facility(writer: Writer, facility: ServiceFacility | None) -> None:
    if facility is None:
        return
    qualifier = "XX" if facility.npi else ""
    add_organization(writer, "77", facility.name, qualifier, facility.npi or "")
    add_address(writer, facility.address)


def _said(writer: Writer, where: str, words: str | None) -> str:
    return writer.note(where, words, DESCRIPTION_MAX, called="description") if words else ""
