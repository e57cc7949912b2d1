"""What can be read and hardly be believed is used as it stands, and said: it refuses nothing."""

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.acknowledgments import ClaimAck
from domain.remittance import Remittance
from edi.read import read
from edi.walking import Walk
from tests.edi.test_x277ca import BODY as CLAIMS_TAKEN
from tests.edi.test_x277ca import SHAPE as OF_CLAIMS

Wrap = Callable[..., bytes]
OF_835 = {"set_id": "835", "gs01": "HP", "version": "005010X221A1"}
PAID = """
    BPR*I*150*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260112
    TRN*1*T1*1512345678
    DTM*405*20260112
    N1*PR*ACME HEALTH
    N1*PE*CEDAR HOLLOW*XX*1992000004
    LX*1
    CLP*C1V1S1*1*150*150**12*ICN1
    NM1*QC*1*DOE*JANE
    DTM*232*20260105
    SVC*HC:99213*150*150**1
    DTM*472*20260105
"""


def walked(data: bytes) -> tuple[Walk, list[object]]:
    walk = Walk(io.BytesIO(data))
    return walk, [claim for _, claim in walk.claims()]


@pytest.mark.parametrize(
    ("text", "day"), [("00010101", dt.date(1, 1, 1)), ("99991231", dt.date(9999, 12, 31))]
)
@pytest.mark.parametrize("where", ["DTM*472*", "DTM*232*", "98765*", "DTM*405*"])
def test_a_day_that_nobody_can_have_meant_is_kept_and_said(
    wrap: Wrap, where: str, text: str, day: dt.date
) -> None:
    right = f"{where}{'20260105' if where in ('DTM*472*', 'DTM*232*') else '20260112'}"
    data = wrap(PAID.replace(right, f"{where}{text}"), **OF_835)

    file = read(data)

    (found,) = file.findings
    (item,) = file.items
    assert isinstance(item, Remittance)
    assert found.is_doubt
    assert found.text == text
    assert found.words.endswith(f"says a day of the year {day.year}.")
    days = {item.paid_on, item.production_on, *(c.service_from_on for c in item.claims)}
    days |= {line.service_on for claim in item.claims for line in claim.lines}
    assert day in days


def test_a_walk_doubts_what_reading_doubts(wrap: Wrap) -> None:
    body = PAID.replace("472*20260105", "472*99991231").replace("DOE", "D\0OE")
    data = wrap(body, **OF_835)

    walk, claims = walked(data)

    (item,) = read(data).items
    assert isinstance(item, Remittance)
    assert walk.file.findings == read(data).findings
    assert len(walk.file.findings) == 2
    assert claims == list(item.claims)


@pytest.mark.parametrize("claims", [1, 3])
def test_a_byte_that_stands_for_nothing_is_shown_and_said(wrap: Wrap, claims: int) -> None:
    head, _, one = PAID.partition("    CLP")
    body = head + f"    CLP{one}" * claims
    last = body.rindex("DOE*JANE")
    data = wrap(f"{body[:last]}D\0OE*JANE\n{body[last + 8 :].lstrip()}", **OF_835)

    file = read(data)

    (found,) = file.findings
    (item,) = file.items
    assert isinstance(item, Remittance)
    assert item.claims[-1].patient is not None
    assert item.claims[-1].patient.last == "D␀OE"
    assert (found.segment_id, found.element, found.text) == ("NM1", "NM103", "D␀OE")
    # In the interchange ISA, GS and ST come before the set's own segments.
    assert found.segment == 11 + 5 * (claims - 1)
    assert walked(data)[0].file.findings == file.findings


def test_a_byte_that_parts_elements_says_something(wrap: Wrap) -> None:
    data = wrap(CLAIMS_TAKEN, **OF_CLAIMS, separators="\0:^~")

    file = read(data)

    assert file.findings == ()
    assert isinstance(file.items[0], ClaimAck)


def test_a_patients_birth_in_the_first_year_takes_no_answer_away(wrap: Wrap) -> None:
    data = wrap(CLAIMS_TAKEN.replace("DTP*050*D8*20260105", "DTP*050*D8*00010101"), **OF_CLAIMS)

    (ack,) = read(data).items

    assert isinstance(ack, ClaimAck)
    assert ack.received_on == dt.date(1, 1, 1)


def test_an_outside_file_with_a_day_of_the_year_1001_is_read_and_doubted(testdata: Path) -> None:
    file = read((testdata / "imsweb_x12_277CA_accepted.txt").read_bytes())

    (found,) = file.findings
    assert (found.segment, found.element, found.text) == (22, "DTP03", "10010101")
    assert found.is_doubt
    assert file.items
