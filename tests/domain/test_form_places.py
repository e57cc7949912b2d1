"""A complaint leads to a box of the form that the claim was sent on, and to one of our pages."""

from pathlib import Path

import pytest

import forms
from domain import claim_parts
from domain.claim_form import ClaimForm
from domain.form_places import PLACES, FormPlace, Remedy


def _name(place: FormPlace | None) -> str | None:
    return place.name if place else None


@pytest.mark.parametrize(
    ("status", "entity", "name"),
    [
        ("255", None, "diagnosis"),
        ("562", "85", "billing"),
        ("562", "82", "rendering"),
        ("562", "77", "service location"),
        ("153", "IL", "member"),
        ("158", "QC", "patient"),
        ("126", "87", "pay-to"),
        ("500", "85", "billing"),
        ("453", None, "modifier"),
        ("455", None, "revenue code"),
        ("465", None, "stay procedure"),
        ("145", "82", "rendering"),
        ("145", None, "billing"),
        ("164", "85", "billing"),
        ("164", None, "member"),
        ("562", "71", "attending"),
        ("562", "DQ", "referring"),
        ("54", None, "duplicate"),
        ("24", "41", "sender"),
    ],
)
def test_a_status_and_whose_it_is_name_a_part(status: str, entity: str | None, name: str) -> None:
    assert claim_parts.of_status(status, entity) is PLACES[name]


@pytest.mark.parametrize(("status", "entity"), [("21", None), ("99999", None), ("562", "XX")])
def test_a_status_that_says_nothing_of_a_part_has_none(status: str, entity: str | None) -> None:
    assert claim_parts.of_status(status, entity) is None


@pytest.mark.parametrize(
    ("segment_id", "said", "name"),
    [
        ("NM1", {"qualifier": "82"}, "rendering"),
        ("NM1", {"entity": "IL"}, "member"),
        ("N4", {"entity": "85"}, "billing"),
        ("N3", {"entity": "IL"}, "insured"),
        ("DMG", {"entity": "QC"}, "patient"),
        ("REF", {"qualifier": "G1"}, "authorization"),
        ("REF", {"qualifier": "F8"}, "frequency"),
        ("HI", {"qualifier": "ABK"}, "diagnosis"),
        ("HI", {"qualifier": "BE"}, "facility codes"),
        ("CLM", {"element": 5, "component": 1}, "place of service"),
        ("CLM", {"element": 5, "component": 3}, "frequency"),
        ("CLM", {"element": 2}, "charge"),
        ("SV1", {"element": 1, "component": 2}, "procedure"),
        ("SV1", {"element": 1, "component": 3}, "modifier"),
        ("SV1", {"element": 7}, "pointer"),
        ("SV1", {"element": 4}, "units"),
        ("SV2", {"element": 3}, "charge"),
        ("SV2", {"element": 2, "component": 3}, "modifier"),
        ("NM1", {"qualifier": "71"}, "attending"),
        ("NM1", {"qualifier": "ZZ"}, "other operating"),
        ("NM1", {"qualifier": "QB"}, "bought"),
        ("NM1", {"qualifier": "PW"}, "transport"),
        ("REF", {"qualifier": "X4"}, "laboratory"),
        ("REF", {"qualifier": "EA"}, "medical record"),
        ("REF", {"qualifier": "6R"}, "file number"),
        ("REF", {"qualifier": "Y4"}, "casualty"),
        ("HI", {"qualifier": "BBR"}, "stay procedure"),
        ("HI", {"qualifier": "ABN"}, "cause"),
        ("HI", {"qualifier": "APR"}, "diagnosis"),
        ("HI", {"qualifier": "DR"}, "stay group"),
        ("HI", {"qualifier": "TC"}, "treatment"),
        ("CR1", {}, "transport"),
        ("CR2", {}, "spine"),
        ("CRC", {"qualifier": "ZZ"}, "screening"),
        ("CRC", {"qualifier": "75"}, "certified"),
        ("PRV", {"qualifier": "BI"}, "billing"),
        ("AMT", {"qualifier": "F5"}, "patient paid"),
        ("AMT", {"qualifier": "D"}, "other payer"),
        ("CLM", {"element": 11}, "accident"),
        ("CLM", {"element": 7}, "signatures"),
        ("SV2", {"element": 1}, "revenue code"),
        ("SV2", {"element": 7}, "not covered"),
        ("SV1", {"element": 11}, "screening"),
        ("DTP", {"qualifier": "431"}, "illness"),
        ("DTP", {"qualifier": "297"}, "work"),
        ("DTP", {"qualifier": "472"}, "service day"),
        ("DTP", {"qualifier": "435"}, "admission"),
    ],
)
def test_a_segment_and_what_it_stands_under_name_a_part(
    segment_id: str, said: dict[str, str | int], name: str
) -> None:
    found = claim_parts.of_segment(segment_id, **said)  # type: ignore[arg-type]

    assert _name(found) == PLACES[name].name


def test_each_form_has_its_own_box() -> None:
    place = PLACES["diagnosis"]

    assert place.on(ClaimForm.PROFESSIONAL) == "CMS-1500 box 21"
    assert place.on(ClaimForm.INSTITUTIONAL) == "UB-04 locator 66 to 70"
    assert PLACES["pointer"].on(ClaimForm.INSTITUTIONAL) == "not on the UB-04"


def test_names_of_places_are_their_own_and_what_is_there_already_is_not_sent_again() -> None:
    assert len({place.name for place in PLACES.values()}) == len(PLACES)
    assert PLACES["duplicate"].remedy is Remedy.THERE


def _positions(form: str) -> set[str]:
    """The boxes that our own position tables know: `24D`, `10a`, `78` …"""
    table = Path(forms.__file__).parent / f"{form}-positions.tsv"
    rows = table.read_text().splitlines()[1:]
    return {row.split("\t")[0].split("/")[0] for row in rows}


def _named(boxes: str) -> list[str]:
    """`18 to 28, 31` names its ends; words beside a number are not part of it."""
    plain = boxes.replace("top, ", "").replace(", shaded", "")
    return [each for part in plain.split(", ") for each in part.split(" to ") if each]


@pytest.mark.parametrize("part", PLACES)
@pytest.mark.parametrize(("form", "field"), [("cms1500", "box"), ("ub04", "locator")])
def test_every_box_that_is_named_is_one_of_the_position_table(
    part: str, form: str, field: str
) -> None:
    known = _positions(form)

    missing = [
        each
        for each in _named(getattr(PLACES[part], field))
        if not any(
            one == each or one.rstrip("abcdefghijklmnopqABCDEFGHIJKLMNOPQ") == each for one in known
        )
    ]

    assert missing == []


def test_what_our_own_forms_leave_out_is_said_to_be_on_neither() -> None:
    """As `forms` fills them: a transport, the spine and equipment have no box."""
    for part in ("transport", "spine", "equipment", "results", "contract", "file number"):
        assert (PLACES[part].box, PLACES[part].locator) == ("", "")
