"""What is told beside an answer, and is written oddly, costs the set nothing: it is doubted, and
its text is kept. What money or a state hangs on is refused as ever."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claim_status import StatusAnswer
from domain.eligibility import EligibilityAnswer
from edi.read import File, read

Wrap = Callable[..., bytes]
HEAD = """
    HL*1**20*1
    NM1*PR*2*ACME HEALTH*****PI*60101
    HL*2*1*21*1
    NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW
"""
COVERED = (
    HEAD.rstrip()
    + """
    HL*3*2*22*0
    TRN*2*E1*9CLAIMFLOW1
    NM1*IL*1*DOE*JANE****MI*W1
    DTP*346*D8*20260101
    EB*1**30
    EB*B**98***27*20
"""
)
ACCEPTED = (
    HEAD.rstrip()
    + """
    TRN*2*B7
    HL*3*2*PT
    NM1*QC*1*DOE*JANE****MI*W1
    TRN*2*C1V1S1
    STC*A2:20:PR*20260107*WQ*150
    REF*1K*ICN1
"""
)
PENDING = (
    HEAD.rstrip()
    + """
    HL*3*2*22*0
    NM1*IL*1*DOE*JANE****MI*W1
    TRN*2*I1
    STC*P1:20*20260106**100
"""
)
REFUSED = """
    AK1*HC*7*005010X222A1
    AK2*837*0001*005010X222A1
    IK3*CLM*22*2300*8
    IK4*5:3*1325*7*9
    IK5*R*5
    AK9*R*1*1*0
"""
OF_271 = {"set_id": "271", "gs01": "HB", "version": "005010X279A1"}
OF_277CA = {"set_id": "277", "gs01": "HN", "version": "005010X214"}
OF_277 = {"set_id": "277", "gs01": "HN", "version": "005010X212"}
OF_999 = {"set_id": "999", "gs01": "FA", "version": "005010X231A1"}


def _doubted(data: bytes, right: bytes, odd: bytes, *, element: str, text: str) -> File:
    """The file with one odd value, which says as many items as the right one and one doubt."""
    assert data.count(right) == 1
    file = read(data.replace(right, odd))
    (found,) = file.findings
    assert (found.element, found.text, found.is_doubt) == (element, text, True)
    assert len(file.items) == len(read(data).items)
    return file


@pytest.mark.parametrize(
    ("odd", "element", "text"),
    [
        (b"EB*B**98***27*20%", "EB07", "20%"),
        (b"EB*A**98***27**20%", "EB08", "20%"),
        (b"EB*F**98***27***VS*ten", "EB10", "ten"),
    ],
)
def test_a_benefit_of_an_odd_amount_is_kept_with_its_text(
    wrap: Wrap, odd: bytes, element: str, text: str
) -> None:
    data = wrap(COVERED, **OF_271)

    file = _doubted(data, b"EB*B**98***27*20", odd, element=element, text=text)

    (answer,) = file.items
    assert isinstance(answer, EligibilityAnswer)
    assert answer.is_active
    odd_one = answer.benefits[1]
    assert (odd_one.amount_cents, odd_one.percent, odd_one.quantity) == (None, None, None)
    assert odd_one.notes == (f"{element} says {text!r}.",)


def test_a_day_of_coverage_that_is_none_is_left_out(wrap: Wrap) -> None:
    data = wrap(COVERED, **OF_271)

    file = _doubted(data, b"D8*20260101", b"D8*260101", element="DTP03", text="260101")

    (answer,) = file.items
    assert isinstance(answer, EligibilityAnswer)
    assert (answer.is_active, answer.begins_on) == (True, None)


@pytest.mark.parametrize(
    ("right", "odd", "element", "text"),
    [
        (b"*20260107*WQ*150", b"*260107*WQ*150", "STC02", "260107"),
        (b"*20260107*WQ*150", b"*20260107*WQ*$150", "STC04", "$150"),
    ],
)
def test_an_acceptance_of_an_odd_day_or_charge_is_heard(
    wrap: Wrap, right: bytes, odd: bytes, element: str, text: str
) -> None:
    data = wrap(ACCEPTED, **OF_277CA)

    file = _doubted(data, right, odd, element=element, text=text)

    (ack,) = file.items
    assert isinstance(ack, ClaimAck)
    (claim,) = ack.claims
    assert (claim.is_taken_in, claim.payer_claim_number) == (True, "ICN1")
    day = None if element == "STC02" else dt.date(2026, 1, 7)
    assert claim.effective_on == day


def test_a_status_of_an_odd_day_is_heard(wrap: Wrap) -> None:
    data = wrap(PENDING, **OF_277)

    file = _doubted(data, b"*20260106**100", b"*260106**100", element="STC02", text="260106")

    (answer,) = file.items
    assert isinstance(answer, StatusAnswer)
    assert (answer.category, answer.effective_on, answer.charge_cents) == ("P1", None, 10_000)


def test_a_999_that_counts_oddly_still_refuses(wrap: Wrap) -> None:
    data = wrap(REFUSED, **OF_999)

    file = _doubted(data, b"IK3*CLM*22", b"IK3*CLM*x10", element="IK302", text="x10")

    (ack,) = file.items
    assert isinstance(ack, FunctionalAck)
    (error,) = ack.sets[0].errors
    assert not ack.is_accepted
    assert (error.segment_position, error.segment_id, error.element_position) == (0, "CLM", 5)
    assert error.words.endswith("(IK302 says 'x10')")


def test_an_envelope_that_was_taken_on_an_odd_day_was_taken(testdata: Path) -> None:
    data = (testdata / "own_TA1_accepted.ta1").read_bytes()
    (right,) = re.findall(rb"TA1.[0-9]{9}.([0-9]{6})", data)
    at = data.index(right, data.index(b"TA1"))
    odd = data[:at] + b"2601x5" + data[at + 6 :]

    file = read(odd)

    (ack,) = file.items
    (found,) = file.findings
    assert (found.element, found.text, found.is_doubt) == ("TA102", "2601x5", True)
    assert isinstance(ack, InterchangeAck)
    assert (ack.is_accepted, ack.interchange_on) == (True, None)
