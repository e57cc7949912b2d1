"""A segment's number leads to its claim, its line, and the name that it stands under."""

from pathlib import Path

import pytest

from edi.locating import spot


@pytest.mark.parametrize(
    ("position", "pcn", "line", "entity", "qualifier"),
    [
        (10, None, None, "85", ""),
        (15, None, None, "IL", ""),
        (20, "PCN0001", None, "", "ABK"),
        (24, "PCN0001", 1, "", "HC"),
        (25, "PCN0001", 1, "", "472"),
    ],
)
def test_a_segment_of_ours_is_found_by_its_number(
    testdata: Path, position: int, pcn: str | None, line: int | None, entity: str, qualifier: str
) -> None:
    content = (testdata / "own_837P_minimal_icd10.837").read_bytes()

    found = spot(content, "0001", position)

    assert found is not None
    assert found.segment is not None
    assert (found.pcn, found.line, found.entity) == (pcn, line, entity)
    assert found.qualifier(found.segment.id) == qualifier or not qualifier


def test_a_set_that_was_never_sent_has_no_spot(testdata: Path) -> None:
    content = (testdata / "own_837P_minimal_icd10.837").read_bytes()

    assert spot(content, "0009", 3) is None
    behind = spot(content, "0001", 9_999)
    assert behind is not None
    assert behind.segment is None
