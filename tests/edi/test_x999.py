"""A 999 answers by set, and each complaint leads to a segment of ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.acknowledgments import AckVerdict, FunctionalAck, SetAck, SetError, Trigger
from edi.read import read
from tests.casework.payer_files import ack_999

Wrap = Callable[..., bytes]
SHAPE = {"set_id": "999", "gs01": "FA", "version": "005010X231A1"}
BODY = """
    AK1*HC*61*005010X222A1
    AK2*837*0001*005010X222A1
    IK5*E*5
    AK2*837*0002*005010X222A1
    IK3*CLM*22*2300*8
    CTX*CLM01:C1V1S1
    IK4*5:3*1325*7*9
    IK4*2*782*1
    IK3*REF*57**3
    CTX*SITUATIONAL TRIGGER*CLM*43**5:3
    IK5*R*5*I5
    AK9*P*2*2*1*5
"""
EXPECTED = FunctionalAck(
    group_control_number="61",
    functional_id="HC",
    version="005010X222A1",
    verdict=AckVerdict.PARTLY_ACCEPTED,
    sets_included=2,
    sets_received=2,
    sets_accepted=1,
    codes=("5",),
    words=("the count of its sets is wrong",),
    sets=(
        SetAck(
            control_number="0001",
            set_id="837",
            version="005010X222A1",
            verdict=AckVerdict.ACCEPTED_WITH_ERRORS,
            codes=("5",),
            words=("one or more of its segments are wrong",),
            errors=(),
        ),
        SetAck(
            control_number="0002",
            set_id="837",
            version="005010X222A1",
            verdict=AckVerdict.REJECTED,
            codes=("5", "I5"),
            words=("one or more of its segments are wrong", "the guide's rules were broken"),
            errors=(
                SetError(
                    segment_position=22,
                    segment_id="CLM",
                    loop="2300",
                    code="7",
                    words="the value is not one of the allowed codes",
                    segment_code="8",
                    element_reference="1325",
                    element_position=5,
                    component_position=3,
                    bad_value="9",
                    pcn="C1V1S1",
                ),
                SetError(
                    segment_position=22,
                    segment_id="CLM",
                    loop="2300",
                    code="1",
                    words="a required element is missing",
                    segment_code="8",
                    element_reference="782",
                    element_position=2,
                    pcn="C1V1S1",
                ),
                SetError(
                    segment_position=57,
                    segment_id="REF",
                    loop=None,
                    code="3",
                    words="a required segment is missing here",
                    segment_code="3",
                    triggers=(
                        Trigger(
                            segment_position=43,
                            segment_id="CLM",
                            element_position=5,
                            component_position=3,
                        ),
                    ),
                ),
            ),
        ),
    ),
)


def test_a_999_says_which_sets_were_taken_and_where_the_others_are_wrong(wrap: Wrap) -> None:
    file = read(wrap(BODY, **SHAPE))

    assert file.findings == ()
    assert file.items == (EXPECTED,)


def test_every_level_of_a_999_keeps_its_own_context(wrap: Wrap) -> None:
    body = """
        AK1*HC*61*005010X222A1
        AK2*837*0001*005010X222A1
        IK3*SV1*31*2400*8
        CTX*SITUATIONAL TRIGGER*CLM*22*2300*5:3*1325
        CTX*CLM01:C7V1S1
        IK4*7:2:1*1328*I9*9
        CTX*SITUATIONAL TRIGGER*HI*24*2300*1:2*1271
        IK4*3*355*I10*ZZ
        IK5*R*5*I5
        AK9*R*1*1*0
    """

    (ack,) = read(wrap(body, **SHAPE)).items

    assert isinstance(ack, FunctionalAck)
    first, second = ack.sets[0].errors
    assert (first.pcn, second.pcn) == ("C7V1S1", "C7V1S1")
    assert (first.element_position, first.component_position, first.repetition) == (7, 2, 1)
    assert [(one.segment_id, one.segment_position) for one in first.triggers] == [
        ("CLM", 22),
        ("HI", 24),
    ]
    assert [one.segment_id for one in second.triggers] == ["CLM"]
    assert (second.code, second.segment_code, second.bad_value) == ("I10", "8", "ZZ")


def test_a_place_of_thousands_of_digits_is_no_place(wrap: Wrap) -> None:
    file = read(wrap(BODY.replace("IK4*2*782*1", f"IK4*{'9' * 5000}*782*1"), **SHAPE))

    (ack,) = file.items
    assert isinstance(ack, FunctionalAck)
    assert ack.sets[1].errors[1].element_position is None


def test_accepted_with_errors_is_accepted() -> None:
    assert [one.is_accepted for one in EXPECTED.sets] == [True, False]
    assert not EXPECTED.is_accepted


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("AK9*P*2*2*1*5", "AK9*Q-*2*2*1"),
        ("AK9*P*2*2*1*5", ""),
        ("AK1*HC*61*005010X222A1", ""),
        ("IK5*E*5", ""),
        ("IK5*R*5*I5", "IK5*zz"),
    ],
)
def test_a_999_that_cannot_be_told_says_nothing(wrap: Wrap, right: str, wrong: str) -> None:
    assert right in BODY
    body = "\n".join(line for line in BODY.replace(right, wrong).splitlines() if line.strip())

    file = read(wrap(body, **SHAPE))

    assert file.items == ()
    assert file.findings


@pytest.mark.parametrize(
    ("name", "verdict", "sets", "errors"),
    [
        ("own_999_accepted_by_pyx12.999", "A", ["A"], 0),
        ("own_999_partial_IK3_IK4_by_pyx12.999", "R", ["R", "A"], 5),
        ("imsweb_x12_999_rejected.txt", "R", ["R"], 1),
        ("staedi_simple999.edi", "P", ["A", "R", "R"], 2),
        (
            "stupidedi_X231A1_response-to-functional-group-containing-3-837s.edi",
            "P",
            ["A", "R", "R"],
            2,
        ),
    ],
)
def test_a_999_of_others_is_read(
    testdata: Path, name: str, verdict: str, sets: list[str], errors: int
) -> None:
    (ack,) = (
        item
        for item in read((testdata / name).read_bytes()).items
        if isinstance(item, FunctionalAck)
    )

    assert ack.verdict == verdict
    assert [str(one.verdict) for one in ack.sets] == sets
    assert sum(len(one.errors) for one in ack.sets) == errors


def test_verdicts_that_nobody_knows_are_kept_and_accept_nothing() -> None:
    (ack,) = read(ack_999(7).replace(b"IK5*A", b"IK5*Q").replace(b"AK9*A", b"AK9*Z")).items

    assert isinstance(ack, FunctionalAck)
    assert (ack.verdict, ack.sets[0].verdict) == ("Z", "Q")
    assert not ack.is_accepted
    assert not ack.sets[0].is_accepted
    assert ack.unread == (
        "IK501 says 'Q' (segment 4), a code that nobody here knows.",
        "AK901 says 'Z' (segment 5), a code that nobody here knows.",
    )
    assert ack.read_as(AckVerdict.ACCEPTED).sets[0].is_accepted
