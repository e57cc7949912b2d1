"""However an answer is dressed, it says the same; an unknown code is kept, and is never fatal."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from domain.acknowledgments import ClaimAck, FunctionalAck, InterchangeAck
from domain.claim_status import StatusAnswer
from domain.eligibility import EligibilityAnswer
from domain.remittance import Remittance
from edi.errors import refusing
from edi.read import File, read

Wrap = Callable[..., bytes]
ANSWERS = (
    "own_TA1_accepted.ta1",
    "own_999_partial_IK3_IK4_by_pyx12.999",
    "imsweb_x12_277CA_accepted.txt",
    "own_277_status_all_categories.277",
    "own_271_active_benefits.271",
    "own_835_next_remit_FB_positive_WO_L6_72_CS.835",
)
CA = {"set_id": "277", "gs01": "HN", "version": "005010X214"}
CA_BODY = """
    BHT*0085*08*1*20260106*1000*TH
    HL*1**20*1
    NM1*PR*2*ACME HEALTH*****PI*60101
    HL*2*1*21*1
    NM1*41*2*CEDAR HOLLOW*****46*CEDARHOLLOW
    TRN*2*B7
    STC*A1:19:PR*20260106*WQ*150
    HL*3*2*PT
    NM1*QC*1*DOE*JANE****MI*W1
    TRN*2*C1V1S1
    {status}
"""


@pytest.fixture
def every(testdata: Path) -> list[bytes]:
    return [(testdata / name).read_bytes() for name in ANSWERS]


def test_all_answers_in_one_file_say_what_they_say_alone(every: list[bytes]) -> None:
    alone = tuple(item for data in every for item in read(data).items)

    together = read(b"\n\x1a stray words between files \r\n".join(every))

    assert refusing(together.findings) == []
    assert together.items == alone
    assert {type(item) for item in alone} == {
        InterchangeAck, FunctionalAck, ClaimAck, StatusAnswer, EligibilityAnswer, Remittance
    }  # fmt: skip


def test_a_damaged_interchange_takes_none_of_its_neighbours_with_it(every: list[bytes]) -> None:
    for place in range(len(every)):
        parts = [data[: len(data) // 2] if at == place else data for at, data in enumerate(every)]

        file = read(b"\n".join(parts))

        sound = [data for at, data in enumerate(every) if at != place]
        assert file.findings
        assert file.items == tuple(item for data in sound for item in read(data).items)


def test_a_file_cut_within_a_later_header_is_told(every: list[bytes]) -> None:
    for length in (4, 5, 6, 7, 30, 105):
        file = read(every[1] + b"\n" + every[2][:length])

        (found,) = file.own_findings
        assert "cut short" in found.words
        assert file.items == read(every[1]).items


def test_the_name_isa_is_no_header(testdata: Path) -> None:
    data = (testdata / "own_271_inactive.271").read_bytes()
    changed = data.replace(b"NM1*IL*1*ROE*RICHARD*", b"NM1*IL*1*LISA*ISA*")
    assert changed != data

    assert read(changed).findings == ()


def test_several_groups_and_sets_in_one_interchange_are_all_read(wrap: Wrap) -> None:
    first = wrap("AK1*HC*61*005010X222A1\nAK9*A*1*1*1", set_id="999", gs01="FA",
                 version="005010X231A1")  # fmt: skip
    start, end = first.index(b"GS*"), first.index(b"IEA*")
    group = first[start:end]
    st, ge = group.index(b"ST*"), group.index(b"GE*")
    second_set = group[st:ge].replace(b"*0001", b"*0002").replace(b"AK1*HC*61", b"AK1*HC*62")
    second_group = group.replace(b"*9*X*", b"*10*X*").replace(b"GE*1*9", b"GE*1*10")
    both = group[:ge] + second_set + b"GE*2*9~\n" + second_group.replace(b"HC*61", b"HC*63")

    file = read(first[:start] + both + first[end:].replace(b"IEA*1", b"IEA*2"))

    assert file.findings == ()
    assert _groups(file) == ["61", "62", "63"]


def _groups(file: File) -> list[str]:
    return [item.group_control_number for item in file.items if isinstance(item, FunctionalAck)]


@pytest.mark.parametrize(
    ("status", "is_accepted", "code"),
    [
        ("STC*A2:20:PR*20260106*WQ*150", True, "A2:20"),
        ("STC*Z9:999999:XYZ*20260106*WQ*150", True, "Z9:999999"),
        ("STC*Z9:21*20260106*U*150", False, "Z9:21"),
        ("STC*A7:21*20260106*ZZ*150", False, "A7:21"),
        ("STC*P1:20*20260106**150", True, "P1:20"),
        ("STC*A7*20260106*U*150", False, "A7:"),
        ("STC*A1:19*20260106*WQ*150\n    STC*A7:255*20260106*U*150", False, "A7:255"),
        ("STC*A1:19*20260106*WQ*150\n    STC*A2:20*20260106*WQ*150", True, "A2:20"),
    ],
)
def test_a_claim_is_refused_by_action_or_category_and_every_code_is_kept(
    wrap: Wrap, status: str, is_accepted: bool, code: str
) -> None:
    (ack,) = read(wrap(CA_BODY.format(status=status), **CA)).items

    assert isinstance(ack, ClaimAck)
    (claim,) = ack.claims
    assert (claim.is_accepted, f"{claim.category}:{claim.status}") == (is_accepted, code)
    assert all(one.words for one in claim.codes)
    assert claim.is_taken_in == (code == "A2:20")


def test_a_senders_own_words_are_kept(wrap: Wrap) -> None:
    status = "STC*A7:255*20260106*U*150********DIAGNOSIS 2 IS OLD"

    (ack,) = read(wrap(CA_BODY.format(status=status), **CA)).items

    assert isinstance(ack, ClaimAck)
    assert ack.claims[0].note == "DIAGNOSIS 2 IS OLD"


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("own_TA1_reject_dup_icn.ta1", b"*R*025", b"*R*777"),
        ("own_999_partial_IK3_IK4_by_pyx12.999", b"IK3*REF*11**3", b"IK3*REF*11**Z9"),
        ("own_999_partial_IK3_IK4_by_pyx12.999", b"IK4*3*116*5*", b"IK4*3*116*Z9*"),
        ("own_999_partial_IK3_IK4_by_pyx12.999", b"IK5*R*5", b"IK5*R*Z9"),
        ("own_999_partial_IK3_IK4_by_pyx12.999", b"AK9*R*2*2*1", b"AK9*R*2*2*1*Z9"),
        ("own_277_status_all_categories.277", b"STC*P1:20*", b"STC*ZZ:99999:Q9*"),
        ("own_271_inactive.271", b"EB*6**30", b"EB*ZZ*QQQ*XX*Y9**99"),
        ("own_271_AAA_member_not_found_75.271", b"AAA*N**75*C", b"AAA*Q**Z9*K"),
        ("own_835_denials_many_carc_rarc.835", b"CAS*CO*16*200", b"CAS*CO*X99*200"),
        ("own_835_denials_many_carc_rarc.835", b"LQ*HE*N290", b"LQ*HE*N9999"),
        ("own_835_next_remit_FB_positive_WO_L6_72_CS.835", b"CS:ADJ77", b"ZZ:ADJ77"),
        ("own_835_next_remit_FB_positive_WO_L6_72_CS.835", b"*ACH*CCP", b"*XYZ*QQQ"),
        ("own_835_next_remit_FB_positive_WO_L6_72_CS.835", b"AMT*I*", b"AMT*QQ*"),
        ("own_835_next_remit_FB_positive_WO_L6_72_CS.835", b"NM1*QC*1*", b"NM1*ZZ*9*"),
    ],
)
def test_an_unknown_code_is_kept_and_never_fatal(
    testdata: Path, name: str, right: bytes, wrong: bytes
) -> None:
    data = (testdata / name).read_bytes()
    assert right in data

    changed = read(data.replace(right, wrong))

    assert changed.findings == ()
    assert len(changed.items) == len(read(data).items)


@pytest.mark.parametrize(
    ("set_id", "gs01", "version"),
    [("271", "HB", "005010X279A1"), ("277", "HN", "005010X212"), ("277", "HN", "005010X214")],
)
def test_an_answer_that_answers_nobody_is_told(
    wrap: Wrap, set_id: str, gs01: str, version: str
) -> None:
    file = read(wrap("BHT*0010*08*1*20260106*1000", set_id=set_id, gs01=gs01, version=version))

    assert file.items == ()
    assert len(file.findings) == 1


def test_a_status_answer_without_a_trace_is_kept(wrap: Wrap) -> None:
    body = """
        BHT*0010*08*1*20260106*1000*DG
        HL*1**20*1
        NM1*PR*2*ACME HEALTH*****PI*60101
        HL*2*1*22*0
        NM1*IL*1*DOE*JANE****MI*W1
        STC*R3:294*20260106
        REF*1K*ICN9
    """

    (answer,) = read(wrap(body, set_id="277", gs01="HN", version="005010X212")).items

    assert isinstance(answer, StatusAnswer)
    assert (answer.trace, answer.category, answer.payer_claim_number) == ("", "R3", "ICN9")


def test_a_claim_of_bad_amounts_alone_is_told_of_in_one_pass(wrap: Wrap) -> None:
    count = 20_000
    body = "BPR*I*0*C*NON************20260105\nTRN*1*T1*1999999999\nN1*PR*ACME\nN1*PE*CEDAR\n"
    bad = wrap(body + "CLP*C1*1*1*1**12*B\n" + "CAS*CO*45*abc\n" * count,
               set_id="835", gs01="HP", version="005010X221A1")  # fmt: skip
    start = time.process_time()

    findings = read(bad).findings

    assert [each.segment for each in findings] == list(range(7, 7 + count))
    # Ten times what it takes; to look for each segment from the first on took a hundred times.
    assert time.process_time() - start < 20
