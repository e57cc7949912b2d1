"""Separators are read at every ISA, whatever stands before, between or after the interchanges."""

from collections.abc import Callable

import pytest

from domain.acknowledgments import InterchangeAck
from edi.assembly import unwrap
from edi.cutting import text_of
from edi.read import read
from edi.segments import OURS, Segment

Wrap = Callable[..., bytes]
BODY = """
    AK1*HC*61*005010X222A1
    AK2*837*0001*005010X222A1
    IK5*A
    AK9*A*1*1*1
"""
SHAPE = {"set_id": "999", "gs01": "FA", "version": "005010X231A1"}
TA1 = (
    f"ISA*00*{'':10}*00*{'':10}*ZZ*{'CLEARHOUSE':15}*ZZ*{'CEDARHOLLOW':15}"
    "*260112*0900*^*00501*000000012*0*T*:~TA1*000000061*260105*1230*A*000~IEA*0*000000012~"
)


@pytest.mark.parametrize("separators", ["*:^~", "|>^'", "*:^\n", "+.%?", "\x1d\x1f\x1e\x1c"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n"])
def test_any_separators_say_the_same(wrap: Wrap, separators: str, end: str) -> None:
    plain = read(wrap(BODY, **SHAPE))

    other = read(wrap(BODY, **SHAPE, separators=separators, end=end))

    assert other.findings == ()
    assert other.items == plain.items


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbf", b""),
        (b"Visa and ISA are words of this letter.\r\nISA*no header*\r\n", b""),
        (b"\n\n  ", b"\r\n\r\n"),
        (b"", b"\x1aend of file\n"),
        (b"\x93quoted\x92 ", b""),
    ],
)
def test_what_stands_around_an_interchange_is_not_read(
    wrap: Wrap, before: bytes, after: bytes
) -> None:
    data = wrap(BODY, **SHAPE)

    file = read(before + data + after)

    assert file.findings == ()
    assert file.items == read(data).items


def test_interchanges_with_different_separators_may_share_a_file(wrap: Wrap) -> None:
    data = wrap(BODY, **SHAPE) + TA1.encode() + wrap(BODY, **SHAPE, separators="|>^'", end="")

    file = read(data)

    assert file.findings == ()
    assert [type(item).__name__ for item in file.items] == [
        "FunctionalAck",
        "InterchangeAck",
        "FunctionalAck",
    ]


def test_a_file_wrapped_at_eighty_columns_is_read(wrap: Wrap) -> None:
    text = wrap(BODY, **SHAPE, end="").decode()
    wrapped = "\r\n".join(text[start : start + 80] for start in range(0, len(text), 80))

    assert read(wrapped.encode()).items == read(text.encode()).items


def test_a_letter_in_isa11_means_no_repetition() -> None:
    raw = unwrap(TA1.replace("*^*", "*U*").encode())[0]

    assert raw.separators.repetition is None
    assert Segment(1, ("HI", "BUBBLE"), raw.separators).repeats(1) == ("BUBBLE",)


def test_an_unpadded_header_is_read() -> None:
    text = TA1.replace(" ", "")

    items = read(text.encode()).items

    assert isinstance(items[0], InterchangeAck)
    assert items[0].control_number == "000000061"


def test_bytes_that_are_no_utf8_are_read_as_latin1() -> None:
    assert text_of(b"O\x92NEIL \xc9") == "O\x92NEIL É"
    assert text_of("\ufeffÉ".encode()) == "É"


def test_places_are_counted_as_x12_does() -> None:
    segment = Segment(1, ("SV1", "HC:99213:25::", "", "1^2"), OURS)

    assert segment.id == "SV1"
    assert segment.part(1, 2) == "99213"
    assert segment.part(1, 4) == ""
    assert segment.parts(1) == ("HC", "99213", "25")
    assert segment.at(2) == segment.at(9) == ""
    assert segment.repeats(3) == ("1", "2")


@pytest.mark.parametrize("text", ["", "hello", "ISA", "ISA*", "ISA*00*", "ST*835*0001~SE*2*0001~"])
def test_a_file_without_a_header_is_told_so(text: str) -> None:
    file = read(text.encode())

    assert file.items == ()
    assert [found.segment_id for found in file.findings] == ["ISA"]
