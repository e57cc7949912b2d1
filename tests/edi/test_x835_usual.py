"""A claim read by its pattern is the claim that is read with care, or it is not read at all: for
every claim of every file at hand, and for thousands that were changed."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bench.big_files import write_remittance
from domain.remittance import RemitClaim
from edi.read import SetKind, read
from edi.reading import Gather
from edi.segments import OURS, Separators
from edi.x835_claims import ClaimReader
from edi.x835_usual import UsualClaims

Rows = list[list[str]]
CHANGED = 10_000
VALUES = (
    "", "0", "1", "-1", "-", ".", ".5", "-.5", "5.", "12.3", "12.34", "12.345", "1_0", " 1", "+1",
    "1e2", "²", "0012", "9" * 16, "9" * 17, "9" * 30, "NaN", "x", "XX", "20260105", "20260231",
    "HC:99213:25::59", "HC", ":", "1", "22", "QQ", "CO", "PR", "CR", "OA", "6R", "0K", "B6", "HE",
    "RX", "QC", "82", "472", "150", "151", "232", "050", "036", "233", "F8", "EA", "G1", "I", "AU",
)  # fmt: skip
SEGMENTS = (
    "CAS*CO*45*1", "CAS*PR*1*2*1*3*4", "CAS*ZZ*45*1", "CAS*CO", "CAS", "NM1*QC*1*DOE*JO****MI*7",
    "NM1*IL*1*DOE*JO****MI*8", "NM1*74*1**JO****C*9", "NM1*TT*2*NEXT*****PI*5", "NM1*GB*1*DOE",
    "NM1*PR*2*OTHER*****PI*6", "NM1*82*1*LEE*****FI*3", "NM1*82*1*LEE*****XX*1245319599",
    "MOA***MA01*N89**MA01", "MIA*1****N1***************N20*N21", "MOA", "REF*0K*P1", "REF*0K",
    "REF*6R*L9*X", "REF*LU*11", "REF*EA*M", "REF*F8*", "REF", "DTM*472*20260102", "DTM*472*",
    "DTM*150*20260103", "DTM*151*20260104", "DTM*009*never", "DTM*036", "AMT*B6*7", "AMT*B6*x",
    "AMT*KH*x", "AMT*I*-1.5", "AMT*I*", "QTY*CA*1", "PER*CX*HELP", "LQ*HE*N1", "LQ*HE", "LQ*RX*1",
    "LX*2", "TS3*1*2", "TS2*1", "SVC*HC:1*1*1", "SVC*HC:1*1*1**2*HC:2:9*3", "SVC", "SVC*HC:1*1",
    "PLB*1*2*WO*1", "LX", "ZZZ*1", "",
)  # fmt: skip


class Case(NamedTuple):
    separators: Separators
    number: int
    text: str
    """From its CLP on, without the last terminator."""

    def read_with_care(self) -> tuple[RemitClaim, Gather]:
        gather = Gather()
        return ClaimReader(self.separators, gather).read(self.number, self.rows()), gather

    def read_as_usual(self) -> RemitClaim | None:
        behind = self.text.removeprefix(f"CLP{self.separators.element}")
        return UsualClaims(self.separators).read(1, self.number, behind)

    def rows(self) -> Rows:
        pieces = self.text.split(self.separators.terminator)
        return [piece.split(self.separators.element) for piece in pieces]

    def with_rows(self, rows: Rows) -> "Case":
        pieces = [self.separators.element.join(row) for row in rows]
        return self._replace(text=self.separators.terminator.join(pieces))

    def is_read_alike(self) -> bool:
        """False where it was not usual; what was is the same to the last type, and sound."""
        usual = self.read_as_usual()
        if usual is None:
            return False
        careful, gather = self.read_with_care()
        assert repr(usual) == repr(careful), self.text
        assert not gather.findings, self.text
        return True


def _cases(data: bytes) -> Iterator[Case]:
    for one in read(data).sets:
        if one.kind is SetKind.REMITTANCE:
            starts = [n for n, each in enumerate(one.segments) if each.id == "CLP"]
            for start, end in zip(starts, [*starts[1:], None], strict=True):
                claim = [each for each in one.segments[start:end] if each.id not in {"PLB", "SE"}]
                rows = [list(each.elements) for each in claim]
                yield Case(claim[0].separators, claim[0].number, "").with_rows(rows)


@pytest.fixture(scope="module")
def cases(testdata: Path) -> list[Case]:
    return [case for path in sorted(testdata.iterdir()) for case in _cases(path.read_bytes())]


def test_every_public_and_own_claim_is_read_alike(cases: list[Case]) -> None:
    usual = sum(case.is_read_alike() for case in cases)

    assert len(cases) >= 40
    assert usual >= 0.8 * len(cases), "the pattern must take what payers really write"


def test_a_claim_with_any_one_element_left_empty_is_read_alike(cases: list[Case]) -> None:
    usual = 0
    for case in cases:
        rows = case.rows()
        for place, row in enumerate(rows):
            for element in range(1, len(row)):
                emptied = [*row[:element], "", *row[element + 1 :]]
                changed = case.with_rows([*rows[:place], emptied, *rows[place + 1 :]])
                usual += changed.is_read_alike()

    assert usual > 1_000, "an optional element may be empty"


def test_every_claim_of_a_large_file_is_usual(tmp_path: Path) -> None:
    write_remittance(tmp_path / "large.835", 200)

    assert all(case.is_read_alike() for case in _cases((tmp_path / "large.835").read_bytes()))


def test_a_changed_claim_is_read_alike_or_with_care(cases: list[Case]) -> None:
    chance = random.Random("usual claims")
    usual = 0
    for _ in range(CHANGED):
        case = chance.choice(cases)
        rows = case.rows()
        for _ in range(chance.randint(1, 3)):
            _change(rows, case.separators, chance)
        usual += case.with_rows(rows).is_read_alike()

    assert 0.1 * CHANGED < usual < 0.9 * CHANGED, "both ways are taken often"


def _change(rows: Rows, separators: Separators, chance: random.Random) -> None:
    """Never of the CLP's own id: the text begins behind it."""
    place = chance.randrange(len(rows))
    row = rows[place]
    match chance.randrange(6):
        case 0 if place:
            del rows[place]
        case 1 if place:
            rows.insert(place, list(row))
        case 2 if place:
            rows.insert(chance.randrange(1, len(rows)), rows.pop(place))
        case 3:
            told = chance.choice(SEGMENTS).replace(":", separators.component)
            rows.insert(place + 1, told.split("*"))
        case 4 if len(row) > 1:
            value = chance.choice(VALUES).replace(":", separators.component)
            row[chance.randrange(1, len(row))] = value
        case _:
            row.append(chance.choice(VALUES))


@pytest.mark.parametrize(
    "behind",
    [
        "DTM*472*~DTM*150*20260103~DTM*151*20260104",
        "DTM*150*20260103~DTM*472*20260102",
        "DTM*472*20260102~DTM*472*20260103",
        "CAS*CO*45*1~REF*6R*L1*X~REF*6R*L2",
        "REF*0K*P1~REF*6R*L1~REF*0K~REF*6R*L2",
        "REF*6R*~REF*6R*L2~AMT*B6*~AMT*B6*3",
        "AMT*KH*x~AMT*B6*3~LQ*RX*1~LQ*HE~LQ*HE*N1",
        "CAS*CO***~CAS*CO*45*1*2*97*3**1*4~LX*2~TS3*x~TS2*y",
    ],
)
def test_what_is_said_twice_or_left_empty_on_a_line_is_read_alike(behind: str) -> None:
    text = f"CLP*C1*1*4*3*1*12*ICN1~NM1*QC*1*DOE*JO****MI*7~SVC*HC:99213*4*3**1~{behind}"

    assert Case(OURS, 5, text).is_read_alike()
