"""A count or a control number that disagrees, or a missing end, bars what it encloses."""

from collections.abc import Callable

import pytest

from edi.read import read

Wrap = Callable[..., bytes]
BODY = """
    AK1*HC*61*005010X222A1
    AK9*A*1*1*1
"""
SHAPE = {"set_id": "999", "gs01": "FA", "version": "005010X231A1"}
DAMAGES = [
    ("IEA*1*000000009", "IEA*1*000000008", "IEA02"),
    ("IEA*1*000000009", "IEA*2*000000009", "IEA01"),
    ("IEA*1*000000009~\n", "", "before its IEA"),
    ("GE*1*9", "GE*1*8", "GE02"),
    ("GE*1*9", "GE*2*9", "GE01"),
    ("GE*1*9~\n", "", "no GE"),
    ("SE*4*0001", "SE*5*0001", "SE01"),
    ("SE*4*0001", "SE*4*0002", "SE02"),
    ("SE*4*0001~\n", "", "without SE"),
    ("ST*999*0001*005010X231A1~\n", "", "outside any set"),
    ("GE*1*9", "XX*1~\nGE*1*9", "outside any set"),
    ("SE*4*0001", "SE*\u0664*0001", "SE01"),
]


@pytest.mark.parametrize(("right", "wrong", "told"), DAMAGES)
def test_a_damaged_envelope_says_nothing(wrap: Wrap, right: str, wrong: str, told: str) -> None:
    text = wrap(BODY, **SHAPE).decode()
    assert right in text

    file = read(text.replace(right, wrong).encode())

    assert file.items == ()
    assert told in " ".join(found.words for found in file.findings)
    assert {found.interchange_control for found in file.findings} <= {"000000009", None}


def test_the_damage_of_one_interchange_spares_the_next(wrap: Wrap) -> None:
    bad = wrap(BODY, **SHAPE).replace(b"IEA*1*000000009", b"IEA*1*000000008")
    good = wrap(BODY, **SHAPE)

    file = read(bad + good)

    assert len(file.findings) == 1
    assert len(file.items) == 1


def test_two_sets_with_one_control_number_are_refused(wrap: Wrap) -> None:
    text = wrap(BODY, **SHAPE).decode()
    start, end = text.index("ST*"), text.index("GE*")
    doubled = text[:end] + text[start:end] + text[end:].replace("GE*1", "GE*2")

    file = read(doubled.encode())

    assert file.items == ()
    assert ["ST02" in found.words for found in file.findings] == [True]


def test_an_interchange_cut_short_by_the_next_one_is_refused_alone(wrap: Wrap) -> None:
    good = wrap(BODY, **SHAPE)
    cut = good[: good.index(b"GE*1*9")]

    file = read(cut + wrap(BODY, **SHAPE, separators="|>^'"))

    assert len(file.interchanges) == 2
    assert len(file.items) == 1


def test_findings_tell_segment_and_set(wrap: Wrap) -> None:
    data = wrap(BODY, **SHAPE).replace(b"SE*4*", b"SE*5*")

    (finding,) = read(data).findings

    assert str(finding) == "Segment 4 (SE) of set 0001: SE01 says '5' segments; there are 4."
