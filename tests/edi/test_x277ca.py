"""A 277CA accepts or refuses claims one by one, or the batch at once."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.acknowledgments import AckLine, AckSource, ClaimAck, ClaimAckStatus, StatusCode
from domain.parties import PersonName
from edi.errors import refusing
from edi.read import read

Wrap = Callable[..., bytes]
SHAPE = {"set_id": "277", "gs01": "HN", "version": "005010X214"}
BODY = """
    BHT*0085*08*277X1*20260106*0900*TH
    HL*1**20*1
    NM1*AY*2*CLEAR HOUSE*****46*CLEARHOUSE
    TRN*1*ACK1
    DTP*050*D8*20260105
    DTP*009*D8*20260106
    HL*2*1*21*1
    NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW
    TRN*2*B7
    STC*A1:19:PR*20260106*WQ*325.5
    QTY*90*1
    HL*3*2*19*1
    NM1*85*2*CEDAR HOLLOW*****XX*1234567893
    HL*4*3*PT
    NM1*QC*1*DOE*JANE****MI*W0001
    TRN*2*C1V1S1
    STC*A2:20:PR*20260106*WQ*150
    REF*1K*ICN111
    REF*D9*CH1
    DTP*472*D8*20260105
    HL*5*3*PT
    NM1*QC*1*ROE*RICH****MI*W0002
    TRN*2*C2V1S1
    STC*A7:562:82*20260106*U*175.5******A6:21*A8:455
    DTP*472*RD8*20260104-20260105
    SVC*HC:99213*175.5*****1
    STC*A8:455*20260106*U
    REF*FJ*L124
"""


def _ack(data: bytes) -> ClaimAck:
    file = read(data)
    assert refusing(file.findings) == []
    (ack,) = file.items
    assert isinstance(ack, ClaimAck)
    return ack


def test_each_claim_is_accepted_or_refused_for_itself(wrap: Wrap) -> None:
    ack = _ack(wrap(BODY, **SHAPE))

    assert (ack.source, ack.source_id) == (AckSource.CLEARINGHOUSE, "CLEARHOUSE")
    assert ack.batch_reference == "B7"
    assert ack.received_on == dt.date(2026, 1, 5)
    assert not ack.rejects_batch
    assert [note.is_accepted for note in ack.receiver_statuses] == [True]
    assert [(claim.pcn, claim.is_accepted) for claim in ack.claims] == [
        ("C1V1S1", True),
        ("C2V1S1", False),
    ]
    assert ack.claims[0] == ClaimAckStatus(
        ordinal=1,
        segment=17,
        pcn="C1V1S1",
        is_accepted=True,
        codes=(_code("A2", "20", "PR", "taken in for adjudication: taken in for processing"),),
        effective_on=dt.date(2026, 1, 6),
        charge_cents=15000,
        payer_claim_number="ICN111",
        clearinghouse_trace="CH1",
        service_on=dt.date(2026, 1, 5),
        lines=(),
        patient=PersonName(last="DOE", first="JANE"),
        member_id="W0001",
    )


def _code(category: str, status: str, entity: str | None, words: str) -> StatusCode:
    return StatusCode(category=category, status=status, entity=entity, words=words)


@pytest.mark.parametrize(
    ("statuses", "day"),
    [
        (("A1:19:PR*20260102*WQ", "A2:20:PR*20260107*WQ"), 7),
        (("A2:20:PR*20260107*WQ", "A1:19:PR*20260102*WQ"), 7),
        (("A2:20:PR*20260107*WQ", "A7:562:82*20260108*U"), 8),
        (("A1:19:PR*20260102*WQ", "A1:19:PR*20260103*WQ"), 2),
    ],
)
def test_a_claims_day_is_that_of_the_status_which_rules(
    wrap: Wrap, statuses: tuple[str, str], day: int
) -> None:
    told = "\n".join(f"STC*{status}*150" for status in statuses)
    body = BODY.replace("STC*A2:20:PR*20260106*WQ*150", told)
    assert body != BODY

    claim = _ack(wrap(body, **SHAPE)).claims[0]

    assert claim.effective_on == dt.date(2026, 1, day)


def test_a_refusal_tells_all_its_codes_and_its_lines(wrap: Wrap) -> None:
    refused = _ack(wrap(BODY, **SHAPE)).claims[1]

    assert [(one.category, one.status, one.entity) for one in refused.codes] == [
        ("A7", "562", "82"),
        ("A6", "21", None),
        ("A8", "455", None),
    ]
    assert (refused.category, refused.status, refused.entity) == ("A7", "562", "82")
    assert refused.codes[0].words.endswith("the rendering provider's NPI")
    words = "rejected, information does not fit together: a revenue code"
    assert refused.lines == (
        AckLine(
            line_control="L124",
            code="99213",
            codes=(_code("A8", "455", None, words),),
            segment=27,
        ),
    )


def test_a_refusal_of_the_receiver_is_one_of_the_whole_batch(testdata: Path) -> None:
    ack = _ack((testdata / "own_277CA_receiver_level_reject.277").read_bytes())

    assert ack.source is AckSource.PAYER
    assert ack.rejects_batch
    assert ack.batch_reference == "BATCH2"
    assert ack.claims == ()
    assert ack.receiver_statuses[0].codes[0].status == "24"


def test_a_payers_277ca_of_another_vendor_is_read(testdata: Path) -> None:
    ack = _ack((testdata / "imsweb_x12_277CA_accepted.txt").read_bytes())

    assert [(claim.pcn, claim.is_accepted) for claim in ack.claims] == [("5781", True)]
    assert ack.claims[0].payer_claim_number == "1107000000014420"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("TRN*2*C1V1S1", "TRN*2"),
        ("HL*2*1*21*1", "HL*2*1*99*1"),
    ],
)
def test_a_277ca_that_cannot_be_told_says_nothing(wrap: Wrap, right: str, wrong: str) -> None:
    assert right in BODY

    file = read(wrap(BODY.replace(right, wrong), **SHAPE))

    assert file.items == ()
    assert file.findings


@pytest.mark.parametrize("silent", ["DTP*009*D8*20260106", "STC*:20:PR*20260106**150", "STC*"])
def test_a_claim_without_a_status_is_neither_taken_nor_refused(wrap: Wrap, silent: str) -> None:
    body = BODY.replace("STC*A2:20:PR*20260106*WQ*150", silent)

    claim, other = _ack(wrap(body, **SHAPE)).claims

    assert not claim.is_accepted
    assert not claim.is_taken_in
    assert claim.refusing == ()
    assert claim.unread == ("Segment 17: no status (STC) says whether this claim was taken.",)
    assert other.unread == ()
    assert claim.read_as(is_accepted=True).is_taken_in
    assert claim.read_as(is_accepted=False).refusing[0].category == "A3"


def test_one_refusal_among_several_statuses_refuses_the_claim(wrap: Wrap) -> None:
    accepted = "STC*A2:20:PR*20260106*WQ*150"
    body = BODY.replace(accepted, f"{accepted}\nSTC*A7:255*20260106*U*150")

    claim = _ack(wrap(body, **SHAPE)).claims[0]

    assert not claim.is_accepted
    assert [one.category for one in claim.codes] == ["A2", "A7"]


def test_without_an_action_the_category_decides(wrap: Wrap) -> None:
    body = BODY.replace("STC*A2:20:PR*20260106*WQ*150", "STC*A3:20:PR*20260106**150")

    assert not _ack(wrap(body, **SHAPE)).claims[0].is_accepted
