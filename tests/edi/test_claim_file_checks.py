"""What only the segments of an 837 show, and where an 835 contradicts itself."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.remit_balance import imbalances
from domain.remit_contradictions import contradictions
from domain.remittance import Remittance
from edi import claim_file_checks
from edi.read import read


def _told(data: bytes) -> list[str]:
    (one,) = read(data).sets
    return [found.words for found in claim_file_checks.findings(one.segments[1:-1])]


@pytest.mark.parametrize("name", ["837p_everything", "837p_dependent", "837i_stay"])
def test_what_we_write_shows_nothing(golden: Path, name: str) -> None:
    assert _told((golden / f"{name}.x12").read_bytes()) == []


def test_a_subscriber_who_is_the_patient_has_no_patient_below(golden: Path) -> None:
    data = (golden / "837p_dependent.x12").read_bytes()
    wrong = data.replace(b"SBR*P**", b"SBR*P*18*")

    assert _told(wrong) == ["SBR02 says that the subscriber is the patient, but 2000C follows."]


def test_a_subscriber_who_is_not_the_patient_has_one_below(golden: Path) -> None:
    data = (golden / "837p_minimal.x12").read_bytes()
    wrong = data.replace(b"SBR*P*18*", b"SBR*P**")

    assert _told(wrong) == ["SBR02 names another patient, but there is no 2000C."]


@pytest.mark.parametrize(
    ("name", "new", "old"),
    [
        ("837p_minimal", b"ABF:R05", b"BF:7862"),
        ("837i_stay", b"HI*ABJ:M25551", b"HI*BJ:71945"),
    ],
)
def test_two_versions_of_icd_do_not_mix(golden: Path, name: str, new: bytes, old: bytes) -> None:
    data = (golden / f"{name}.x12").read_bytes()

    assert _told(data.replace(new, old)) == ["Codes of ICD-9 and ICD-10 stand on one claim."]


@pytest.mark.parametrize(
    ("name", "charge"), [("837p_everything", b"*175.5*"), ("837i_stay", b"*17300*")]
)
def test_a_claims_charge_is_the_sum_of_its_lines(golden: Path, name: str, charge: bytes) -> None:
    data = (golden / f"{name}.x12").read_bytes()

    (words,) = _told(data.replace(charge, b"*99*", 1))

    assert words.startswith("CLM02 says $99.00, but the lines make $")


_ADVICE = """
    BPR*I*80*C*ACH*CCP*01*999999999*DA*1*1999999999**01*999999999*DA*2*20260112
    TRN*1*T1*1999999999
    DTM*405*20260112
    N1*PR*ACME HEALTH
    N3*1 ELM ST
    N4*DALLAS*TX*75201
    PER*BL*HELP*TE*5555550100
    N1*PE*CEDAR HOLLOW*XX*1234567893
    LX*1
    CLP*C1V1S1*{status}*100*80*{share}*12*ICN1
    NM1*QC*1*DOE*JANE
    SVC*HC:99213*100*80
    DTM*472*20260105
    CAS*PR*{carc}*20
"""


def _remittance(wrap: Callable[..., bytes], **said: str) -> Remittance:
    body = _ADVICE.format(**{"status": "1", "share": "20", "carc": "2", **said})
    file = read(wrap(body, set_id="835", gs01="HP", version="005010X221A1"))
    assert file.findings == ()
    (item,) = file.items
    assert isinstance(item, Remittance)
    return item


def test_what_the_patient_owes_is_the_sum_of_its_reasons(wrap: Callable[..., bytes]) -> None:
    assert contradictions(_remittance(wrap)) == ()

    (words,) = contradictions(_remittance(wrap, share="25"))

    assert "the patient owes $25.00, but the reasons of group PR make $20.00" in words
    assert imbalances(_remittance(wrap, share="25")) == ()


def test_a_reversal_may_leave_the_patients_share_out(wrap: Callable[..., bytes]) -> None:
    assert contradictions(_remittance(wrap, status="22", share="0")) == ()


@pytest.mark.parametrize("carc", ["999", "ZZ9", "P99"])
def test_a_reason_that_nobody_knows_is_kept(wrap: Callable[..., bytes], carc: str) -> None:
    remittance = _remittance(wrap, carc=carc)

    (adjustment,) = remittance.claims[0].lines[0].adjustments
    assert (adjustment.carc, adjustment.cents) == (carc, 2000)
    assert imbalances(remittance) == ()
