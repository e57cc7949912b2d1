"""`claimflow x12`: a tool for files, without a database."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import cli
from edi.read import read
from tests.casework.payer_files import Clp, Era, remittance_file
from tests.commands.conftest import Said

GOLDEN = Path(__file__).parents[1] / "edi" / "golden"
CLAIM = GOLDEN / "837p_minimal.x12"
REQUEST = GOLDEN / "270.x12"
Run = Callable[..., Said]


@pytest.fixture
def x12(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `claimflow x12 …` where no database is to be had."""
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    def run(*arguments: str | Path) -> Said:
        capfd.readouterr()
        status = cli.run(["x12", *(str(argument) for argument in arguments)])
        said = capfd.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "unexpected error" not in said.err
        return Said(status, said.out, said.err)

    return run


@pytest.fixture
def two_sets(tmp_path: Path) -> Path:
    """Two interchanges with separators of their own, one after the other."""
    claims = CLAIM.read_bytes()
    other = (GOLDEN / "276.x12").read_bytes().replace(b"~", b"'").replace(b"*", b"|")
    path = tmp_path / "both.x12"
    path.write_bytes(claims + other)
    return path


def test_a_file_is_shown_as_a_tree_of_named_segments(x12: Run) -> None:
    said = x12("show", CLAIM)

    assert said.status == 0
    assert said.lines[0].startswith("     1  ISA*00*")
    assert said.lines[-1].endswith("(end of interchange)")
    (claim,) = [line for line in said.lines if " CLM*" in line]
    depth = len(claim[8:]) - len(claim[8:].lstrip())
    assert depth >= 8
    assert claim.endswith("(claim)")


def test_a_program_reads_the_same_tree(x12: Run) -> None:
    shown = json.loads(x12("show", CLAIM, "--json").out)

    names = [segment["segment_id"] for segment in shown["segments"]]
    assert names[:3] == ["ISA", "GS", "ST"]
    assert names[-1] == "IEA"


def test_a_sound_file_has_nothing_wrong(x12: Run) -> None:
    said = x12("check", CLAIM, REQUEST)

    assert (said.status, said.err) == (0, "")
    assert said.lines == [
        f"{CLAIM}: 1 transaction set, nothing is wrong.",
        f"{REQUEST}: only the envelope was checked of set 0001, 270 (005010X279A1).",
        f"{REQUEST}: 1 transaction set, nothing is wrong.",
    ]


def test_what_is_wrong_is_told_with_its_place(x12: Run, tmp_path: Path) -> None:
    cut = tmp_path / "cut.x12"
    cut.write_bytes(CLAIM.read_bytes()[:-60])

    said = x12("check", cut)

    assert said.status == 1
    assert f"{cut}: Segment " in said.lines[0]
    assert "(" in said.lines[0]
    assert any("ends" in line for line in said.lines)


def test_what_no_reader_minds_of_a_claim_is_told_too(x12: Run, tmp_path: Path) -> None:
    """An NPI whose check digit is wrong is sound X12."""
    content = CLAIM.read_bytes()
    npi = content.partition(b"NM1*85*")[2].partition(b"*XX*")[2][:10]
    wrong = npi[:9] + str((int(npi[9:]) + 1) % 10).encode()
    path = tmp_path / "npi.x12"
    path.write_bytes(content.replace(npi, wrong))

    told = json.loads(x12("check", path, "--json").out)
    status = x12("check", path).status

    assert read(path.read_bytes()).findings == ()
    (found,) = [words for words in told["files"][0]["findings"] if "NPI" in words]
    assert found.startswith("Segment ")
    assert "(NM1) of set 0001: " in found
    assert f"[NM109 is '{wrong.decode()}']" in found
    assert status == 1


def test_each_set_of_a_file_becomes_a_file_that_reads_alike(
    x12: Run, two_sets: Path, tmp_path: Path
) -> None:
    into = tmp_path / "parts"

    said = x12("split", two_sets, "--into", into)
    again = x12("split", two_sets, "--into", into)

    names = sorted(path.name for path in into.iterdir())
    whole = read(two_sets.read_bytes())
    apart = [read((into / name).read_bytes()) for name in names]
    assert said.status == 0
    assert names == ["both-0001-837.x12", "both-0002-276.x12"]
    assert [file.findings for file in apart] == [(), ()]
    assert [one.kind for file in apart for one in file.sets] == [one.kind for one in whole.sets]
    assert apart[0].items == whole.items
    assert again.status == 1
    assert "is there already; choose another folder" in again.err


def test_a_damaged_envelope_is_not_split(x12: Run, tmp_path: Path) -> None:
    cut = tmp_path / "cut.x12"
    cut.write_bytes(CLAIM.read_bytes()[:-20])

    said = x12("split", cut, "--into", tmp_path / "parts")

    assert said.status == 1
    assert "its envelope is damaged; nothing was split" in said.err
    assert not (tmp_path / "parts").exists()


def test_one_segment_a_line_says_the_same(x12: Run, two_sets: Path) -> None:
    said = x12("pretty", two_sets)

    assert said.status == 0
    assert all(line.endswith(("~", "'")) for line in said.lines)
    assert read(said.out.encode()).items == read(two_sets.read_bytes()).items


@pytest.mark.parametrize("verb", [("show",), ("pretty",), ("split", "--into", "parts")])
def test_what_is_not_x12_is_refused_in_words(
    x12: Run, tmp_path: Path, verb: tuple[str, ...]
) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear practice")

    said = x12(*verb, path)

    assert said.status == 1
    assert str(path) in said.err


def test_a_file_that_is_not_there_is_named(x12: Run, tmp_path: Path) -> None:
    said = x12("show", tmp_path / "none.x12")

    assert said.status == 2
    assert "There is no file or folder" in said.err


def test_a_payment_that_contradicts_itself_is_told(x12: Run, tmp_path: Path) -> None:
    """Balanced, and still wrong about what the patient owes."""
    path = tmp_path / "share.x12"
    answer = Clp(pcn="C1V1S1", charge=10000, reasons=[("PR", "2", 2000)])
    path.write_bytes(
        remittance_file(Era(claims=[answer])).replace(b"*80.00*20.00*", b"*80.00*25.00*")
    )

    said = x12("check", path)

    assert said.status == 1
    assert "CLP05 says that the patient owes $25.00" in said.lines[0]


def test_a_code_of_a_payment_that_nobody_knows_is_told(x12: Run, tmp_path: Path) -> None:
    path = tmp_path / "odd.x12"
    answer = Clp(pcn="C1V1S1", status="77", charge=10000, reasons=[("XX", "2", 2000)])
    path.write_bytes(remittance_file(Era(claims=[answer])))

    said = x12("check", path)

    assert said.status == 1
    assert "CLP02 says '77' (segment 9)" in said.lines[0]
    assert "CAS01 says 'XX' (segment 10)" in said.lines[1]


def test_a_claim_whose_charge_is_not_that_of_its_lines_is_told(x12: Run, tmp_path: Path) -> None:
    path = tmp_path / "sum.x12"
    path.write_bytes(CLAIM.read_bytes().replace(b"*150***", b"*151***"))

    said = x12("check", path)

    assert said.status == 1
    assert "CLM02 says $151.00, but the lines make $150.00." in said.lines[0]
