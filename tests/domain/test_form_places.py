"""A complaint leads to a box of the form that the claim was sent on, and to one of our pages."""

import pytest

from domain import form_places
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
        ("455", None, "modifier"),
        ("54", None, "duplicate"),
        ("24", "41", "sender"),
    ],
)
def test_a_status_and_whose_it_is_name_a_part(status: str, entity: str | None, name: str) -> None:
    assert form_places.of_status(status, entity) is PLACES[name]


@pytest.mark.parametrize(("status", "entity"), [("21", None), ("99999", None), ("562", "XX")])
def test_a_status_that_says_nothing_of_a_part_has_none(status: str, entity: str | None) -> None:
    assert form_places.of_status(status, entity) is None


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
        ("DTP", {"qualifier": "472"}, "service day"),
        ("DTP", {"qualifier": "435"}, "admission"),
    ],
)
def test_a_segment_and_what_it_stands_under_name_a_part(
    segment_id: str, said: dict[str, str | int], name: str
) -> None:
    found = form_places.of_segment(segment_id, **said)  # type: ignore[arg-type]

    assert _name(found) == PLACES[name].name


def test_each_form_has_its_own_box() -> None:
    place = PLACES["diagnosis"]

    assert place.on(ClaimForm.PROFESSIONAL) == "CMS-1500 box 21"
    assert place.on(ClaimForm.INSTITUTIONAL) == "UB-04 locator 66 to 70"
    assert PLACES["pointer"].on(ClaimForm.INSTITUTIONAL) == "not on the UB-04"


def test_names_of_places_are_their_own_and_what_is_there_already_is_not_sent_again() -> None:
    assert len({place.name for place in PLACES.values()}) == len(PLACES)
    assert PLACES["duplicate"].remedy is Remedy.THERE
