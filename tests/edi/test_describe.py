"""The tree of a file shows every segment once, with the number that a 999 would give."""

from pathlib import Path

from edi.describe import describe
from edi.read import read


def test_a_claim_file_is_shown_level_by_level(golden: Path) -> None:
    nodes = describe((golden / "837p_dependent.x12").read_bytes())

    told = [(node.depth, node.number, node.title) for node in nodes]
    assert told[:3] == [(0, 1, "interchange"), (1, 2, "group"), (2, 1, "transaction set")]
    levels = [(node.depth, node.elements[2]) for node in nodes if node.segment_id == "HL"]
    assert levels == [(3, "20"), (4, "22"), (5, "23")]
    claim = next(node for node in nodes if node.segment_id == "CLM")
    assert (claim.title, claim.elements[0]) == ("claim", "C3V1S1")
    assert told[-1][2] == "end of interchange"


def test_every_segment_is_shown_once(testdata: Path) -> None:
    for name in ("own_835_two_ISA_different_separators_two_ST.835", "own_TA1_accepted.ta1"):
        data = (testdata / name).read_bytes()
        segments = sum(len(one.envelope.segments) for one in read(data).interchanges)

        assert len(describe(data)) == segments


def test_the_number_of_a_segment_is_that_of_its_set(testdata: Path) -> None:
    data = (testdata / "own_835_denials_many_carc_rarc.835").read_bytes()

    numbers = [node.number for node in describe(data) if node.depth >= 2]

    assert numbers == list(range(1, len(numbers) + 1))


def test_bytes_without_an_interchange_show_nothing() -> None:
    assert describe(b"hello") == ()
