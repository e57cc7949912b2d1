"""Each finding names segment, element, what stands there, and says in a sentence what is wrong."""

from collections.abc import Callable

import pytest

from edi.errors import Finding
from edi.read import read

Wrap = Callable[..., bytes]
CA = {"set_id": "277", "gs01": "HN", "version": "005010X214"}
BODY = """
    BHT*0085*08*1*20260106*1000*TH
    HL*1**20*1
    NM1*PR*2*ACME HEALTH*****PI*60101
    TRN*1*A1
    DTP*050*D8*20260105
    DTP*009*D8*20260106
    HL*2*1*21*1
    NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW
    TRN*2*B7
    STC*A1:19:PR*20260106*WQ*150
    HL*3*2*19*1
    NM1*85*2*CEDAR HOLLOW*****XX*1093000004
    HL*4*3*PT
    NM1*QC*1*DOE*JANE****MI*W1
    TRN*2*C1V1S1
    STC*A2:20:PR*20260106*WQ*150
"""


@pytest.mark.parametrize(
    ("right", "wrong", "expected"),
    [
        (
            "STC*A2:20:PR*20260106*WQ*150",
            "STC*A2:20:PR*20261306*WQ*150",
            Finding(
                segment=17,
                segment_id="STC",
                element="STC02",
                text="20261306",
                words="STC02 is not a day written CCYYMMDD.",
                is_doubt=True,
                set_control="0001",
                interchange_control="000000009",
            ),
        ),
        (
            "TRN*2*C1V1S1",
            "TRN*2",
            Finding(
                segment=16,
                segment_id="TRN",
                element="TRN02",
                text="",
                words="TRN02 is empty, but it is required.",
                set_control="0001",
                interchange_control="000000009",
            ),
        ),
    ],
)
def test_a_finding_names_its_place_and_the_text(
    wrap: Wrap, right: str, wrong: str, expected: Finding
) -> None:
    assert right in BODY

    assert read(wrap(BODY.replace(right, wrong), **CA)).findings == (expected,)


def test_an_envelopes_finding_quotes_both_numbers(wrap: Wrap) -> None:
    (found,) = read(wrap(BODY, **CA).replace(b"IEA*1*000000009", b"IEA*1*000000008")).findings

    assert (found.segment, found.element, found.text) == (22, "IEA02", "000000008")
    assert found.quoted == (
        "Segment 22 (IEA): IEA02 says '000000008', but ISA13 said '000000009'. "
        "[IEA02 is '000000008']"
    )


def test_a_segment_out_of_place_is_quoted_but_not_in_the_sentence(wrap: Wrap) -> None:
    damaged = wrap(BODY, **CA).replace(b"GE*1*9", b"NM1*QC*1*DOE*JANE~GE*1*9")

    (found,) = read(damaged).findings

    assert "DOE" not in str(found)
    assert found.text == "NM1*QC*1*DOE*JANE"
