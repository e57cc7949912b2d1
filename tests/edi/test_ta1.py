"""A TA1 answers an envelope of ours by its ISA13."""

import datetime as dt
from pathlib import Path

import pytest

from domain.acknowledgments import AckVerdict, InterchangeAck
from edi.read import read


def test_a_duplicate_envelope_is_refused_with_the_right_words(testdata: Path) -> None:
    (ack,) = read((testdata / "own_TA1_reject_dup_icn.ta1").read_bytes()).items

    assert ack == InterchangeAck(
        control_number="000000905",
        interchange_on=dt.date(2026, 10, 14),
        verdict=AckVerdict.REJECTED,
        code="025",
        words="an interchange with this control number was received before",
        segment=2,
    )
    assert not ack.is_accepted


@pytest.mark.parametrize("name", ["own_TA1_accepted.ta1", "own_999_TA1_IEA_mismatch_by_pyx12.999"])
def test_ta1s_of_others_are_read(testdata: Path, name: str) -> None:
    file = read((testdata / name).read_bytes())

    assert file.findings == ()
    assert len(file.items) == 1


def test_a_verdict_that_nobody_knows_is_kept_and_accepts_nothing(testdata: Path) -> None:
    data = (testdata / "own_TA1_accepted.ta1").read_bytes()

    (ack,) = read(data.replace(b"*A*000", b"*Z*000")).items

    assert isinstance(ack, InterchangeAck)
    assert (ack.verdict, ack.is_accepted) == ("Z", False)
    assert ack.unread == ("TA104 says 'Z' (segment 2), a code that nobody here knows.",)
    assert ack.read_as(AckVerdict.ACCEPTED).is_accepted
    assert ack.read_as(AckVerdict.ACCEPTED).unread == ()


@pytest.mark.parametrize("verdict", ["", "A-", "ABC"])
def test_a_verdict_that_is_no_code_at_all_is_told(testdata: Path, verdict: str) -> None:
    data = (testdata / "own_TA1_accepted.ta1").read_bytes()

    file = read(data.replace(b"*A*000", f"*{verdict}*000".encode()))

    assert file.items == ()
    assert "TA104" in file.findings[0].words
