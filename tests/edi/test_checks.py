"""Each rule that no structure check sees has one claim that breaks it and nothing else."""

import dataclasses
import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from domain.claims import (
    Accident,
    AccidentCause,
    Attachment,
    Frequency,
    OtherPayer,
    PriorAdjustment,
    ProfessionalClaim,
    Responsibility,
)
from domain.parties import Relationship, ServiceFacility
from domain.remittance import AdjustmentGroup
from edi import professional_checks
from edi.read import read


def _claim(golden: Path, name: str) -> ProfessionalClaim:
    claim = read((golden / f"837p_{name}.x12").read_bytes()).items[0]
    assert isinstance(claim, ProfessionalClaim)
    return claim


@pytest.fixture
def claim(golden: Path) -> ProfessionalClaim:
    return _claim(golden, "minimal")


@pytest.fixture
def secondary(golden: Path) -> ProfessionalClaim:
    return _claim(golden, "secondary_after_line_payment")


def _told(claim: ProfessionalClaim) -> list[str]:
    return [found.where for found in professional_checks.findings(claim)]


_ATTACHMENT = Attachment(report_type="OZ", transmission="EL", control_number="A1")
_BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "a pcn of 21 characters": ({"pcn": "C" * 21}, "CLM01"),
    "a replacement that names no claim": ({"frequency": Frequency.REPLACEMENT}, "REF*F8"),
    "a void that names no claim": ({"frequency": Frequency.VOID}, "REF*F8"),
    "an original that names a claim": ({"payer_claim_number": "ICN1"}, "REF*F8"),
    "a place of service of one digit": ({"place_of_service": "1"}, "CLM05-1"),
    "a diagnosis with a point": ({"diagnoses": ("J06.9", "R05")}, "HI01"),
    "no line": ({"lines": ()}, "LX"),
    "eleven attachments": (
        {"attachments": (_ATTACHMENT,) * 11},
        "PWK",
    ),
    "an automobile accident nowhere": (
        {"accident": Accident(cause=AccidentCause.AUTO, happened_on=dt.date(2026, 1, 1))},
        "CLM11-4",
    ),
}


@pytest.mark.parametrize("why", _BROKEN)
def test_a_claim_is_refused_for(why: str, claim: ProfessionalClaim) -> None:
    change, where = _BROKEN[why]

    assert _told(dataclasses.replace(claim, **change)) == [where]


_BROKEN_LINES: dict[str, tuple[dict[str, Any], str]] = {
    "a pointer past the diagnoses": ({"pointers": (3,)}, "line 1 SV107"),
    "a pointer of zero": ({"pointers": (0,)}, "line 1 SV107"),
    "no pointer": ({"pointers": ()}, "line 1 SV107"),
    "five modifiers": ({"modifiers": ("25", "59", "76", "77", "LT")}, "line 1 SV101"),
    "no units": ({"units": Decimal(0)}, "line 1 SV104"),
    "a negative charge": ({"charge_cents": -1}, "line 1 SV102"),
    "an end before its beginning": ({"service_to_on": dt.date(2020, 1, 1)}, "line 1 DTP*472"),
}


@pytest.mark.parametrize("why", _BROKEN_LINES)
def test_a_line_is_refused_for(why: str, claim: ProfessionalClaim) -> None:
    change, where = _BROKEN_LINES[why]
    line = dataclasses.replace(claim.lines[0], **change)

    assert _told(dataclasses.replace(claim, lines=(line,))) == [where]


def test_a_sound_claim_has_no_finding(
    claim: ProfessionalClaim, secondary: ProfessionalClaim
) -> None:
    assert _told(claim) == []
    assert _told(secondary) == []


def test_two_lines_with_one_control_number_are_refused(claim: ProfessionalClaim) -> None:
    assert _told(dataclasses.replace(claim, lines=claim.lines * 2)) == ["REF*6R"]


def test_lines_of_anothers_file_may_have_no_control_number(claim: ProfessionalClaim) -> None:
    lines = tuple(dataclasses.replace(line, line_control="") for line in claim.lines * 2)

    assert _told(dataclasses.replace(claim, lines=lines)) == []


def test_a_billing_postal_code_of_five_digits_is_refused(claim: ProfessionalClaim) -> None:
    address = dataclasses.replace(claim.billing.address, postal_code="75201")
    billing = dataclasses.replace(claim.billing, address=address)

    assert _told(dataclasses.replace(claim, billing=billing)) == ["2010AA N403"]


@pytest.mark.parametrize("street", ["PO BOX 7", "P.O. Box 7", "Post Office Box 7"])
def test_a_post_box_is_no_billing_address(claim: ProfessionalClaim, street: str) -> None:
    address = dataclasses.replace(claim.billing.address, line1=street)
    billing = dataclasses.replace(claim.billing, address=address)

    assert _told(dataclasses.replace(claim, billing=billing)) == ["2010AA N301"]


def test_an_npi_with_a_wrong_check_digit_is_refused_wherever_it_stands(
    claim: ProfessionalClaim,
) -> None:
    billing = dataclasses.replace(claim.billing, npi="1234567890")
    facility = ServiceFacility(name="HILL", npi="12", address=claim.billing.address)

    told = _told(dataclasses.replace(claim, billing=billing, facility=facility))

    assert told == ["2010AA NM109", "2310C NM109"]


def test_a_subscriber_who_is_the_patient_needs_a_birth_date(claim: ProfessionalClaim) -> None:
    subscriber = dataclasses.replace(claim.subscriber, birth_on=None)

    assert _told(dataclasses.replace(claim, subscriber=subscriber)) == ["2010BA"]


def test_a_dependent_is_never_the_subscriber(golden: Path) -> None:
    claim = _claim(golden, "dependent")
    assert claim.patient is not None
    patient = dataclasses.replace(claim.patient, relationship=Relationship.SELF)

    assert _told(dataclasses.replace(claim, patient=patient)) == ["PAT01"]


def _with_other(claim: ProfessionalClaim, **change: Any) -> ProfessionalClaim:
    other: OtherPayer = dataclasses.replace(claim.other_payers[0], **change)
    return dataclasses.replace(claim, other_payers=(other,))


def test_what_the_other_payer_did_must_add_up_to_the_charge(
    secondary: ProfessionalClaim,
) -> None:
    found = professional_checks.findings(_with_other(secondary, paid_cents=8051))

    assert [one.where for one in found] == ["2320 P"]
    assert "$175.50" in found[0].words


def test_what_the_other_payer_did_must_add_up_on_each_line(secondary: ProfessionalClaim) -> None:
    first, second = secondary.other_payers[0].lines
    lines = (
        dataclasses.replace(first, paid_cents=first.paid_cents + 10),
        dataclasses.replace(second, paid_cents=second.paid_cents - 10),
    )

    assert _told(_with_other(secondary, lines=lines)) == ["2320 P 2430 L123", "2320 P 2430 L124"]


def test_a_line_that_the_other_payer_had_but_the_claim_has_not_is_refused(
    secondary: ProfessionalClaim,
) -> None:
    lost = dataclasses.replace(secondary.other_payers[0].lines[0], line_control="L999")
    lines = (lost, secondary.other_payers[0].lines[1])

    assert _told(_with_other(secondary, lines=lines)) == ["2320 P 2430"]


def test_two_payers_at_one_place_are_refused(secondary: ProfessionalClaim) -> None:
    told = _told(_with_other(secondary, responsibility=Responsibility.SECONDARY))

    assert told == ["SBR01"]


def test_an_other_payer_without_its_day_is_refused(secondary: ProfessionalClaim) -> None:
    line = secondary.other_payers[0].lines[0]
    change = {"lines": (), "adjustments": line.adjustments, "paid_cents": 17550 - 7000}

    assert _told(_with_other(secondary, **change)) == ["2320 P DTP*573"]


def test_what_is_left_to_the_patient_is_told_once(secondary: ProfessionalClaim) -> None:
    told = _told(_with_other(secondary, remaining_patient_liability_cents=2000))

    assert told == ["2320 P AMT*EAF"]


def test_more_reasons_than_a_loop_takes_are_refused(secondary: ProfessionalClaim) -> None:
    line = secondary.other_payers[0].lines[0]
    many = tuple(
        PriorAdjustment(group=group, carc="45", cents=0)
        for group in AdjustmentGroup
        for _ in range(7)
    )
    crowded = dataclasses.replace(line, adjustments=(*line.adjustments, *many))
    lines = (crowded, secondary.other_payers[0].lines[1])

    assert _told(_with_other(secondary, lines=lines)) == ["2320 P 2430 L123 CAS"]


def test_a_payer_that_has_not_adjudicated_is_held_to_no_sum(
    secondary: ProfessionalClaim,
) -> None:
    assert _told(_with_other(secondary, paid_cents=None, lines=())) == []
