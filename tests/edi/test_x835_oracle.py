"""A foreign reader and ours take the same money from every public and own 835."""

import re
from decimal import Decimal
from pathlib import Path

import oxedi
import pytest

from domain.remittance import Remittance, all_adjustments, imbalances
from edi.read import SetKind, read

_HEADER = re.compile(rb"ISA[^A-Za-z0-9 ]0")
# The foreign reader uses the separators of the first interchange for all of them.
_ONE_INTERCHANGE_ONLY = "own_835_two_ISA_different_separators_two_ST.835"


def _files(testdata: Path) -> list[tuple[str, bytes]]:
    found = [(path.name, path.read_bytes()) for path in sorted(testdata.iterdir())]
    return [(name, data) for name, data in found if b"835" in data and _is_835(data)]


def _is_835(data: bytes) -> bool:
    return any(one.kind is SetKind.REMITTANCE for one in read(data).sets)


def _remittances(data: bytes) -> list[Remittance]:
    return [item for item in read(data).items if isinstance(item, Remittance)]


def _cents(amount: str) -> int:
    return int(Decimal(amount) * 100)


def _foreign_sums(data: bytes) -> tuple[int, int, int, int, int, int]:
    """Count of claims; sums of BPR02, CLP03, CLP04, all CAS and all PLB, from raw segments."""
    document = oxedi.parse(_from_header(data)).document
    segments = [document[place] for place in range(len(document))]
    rows = [[_text(part) for part in (one.id, *one.elements)] for one in segments]
    claims = [row for row in rows if row[0] == "CLP"]
    return (
        len(claims),
        sum(_cents(row[2]) for row in rows if row[0] == "BPR"),
        sum(_cents(row[3]) for row in claims),
        sum(_cents(row[4]) for row in claims),
        sum(_cents(a) for row in rows if row[0] == "CAS" for a in row[3::3] if a),
        sum(_cents(a) for row in rows if row[0] == "PLB" for a in row[4::2] if a),
    )


def _text(part: bytes | list[bytes]) -> str:
    """A composite is a list; no amount is one."""
    return part.decode("latin-1").strip() if isinstance(part, bytes) else "composite"


def _from_header(data: bytes) -> bytes:
    """The foreign reader wants a file that begins with its ISA."""
    return data[next(_HEADER.finditer(data)).start() :]


def _our_sums(data: bytes) -> tuple[int, int, int, int, int, int]:
    remittances = _remittances(data)
    claims = [claim for one in remittances for claim in one.claims]
    return (
        len(claims),
        sum(one.paid_cents for one in remittances),
        sum(claim.charge_cents for claim in claims),
        sum(claim.paid_cents for claim in claims),
        sum(a.cents for claim in claims for a in all_adjustments(claim)),
        sum(plb.cents for one in remittances for plb in one.provider_adjustments),
    )


def test_the_sums_of_every_sound_835_are_those_of_a_foreign_reader(testdata: Path) -> None:
    compared = 0
    for name, data in _files(testdata):
        if name == _ONE_INTERCHANGE_ONLY or read(data).findings:
            continue
        assert _our_sums(data) == _foreign_sums(data), name
        compared += 1

    assert compared >= 15


def test_the_same_835s_balance_for_both(testdata: Path) -> None:
    for name, data in _files(testdata):
        if name == _ONE_INTERCHANGE_ONLY or read(data).findings:
            continue
        theirs = [
            d for d in oxedi.parse(_from_header(data)).diagnostics if d.kind == "BalanceMismatch"
        ]
        ours = [found for one in _remittances(data) for found in imbalances(one)]

        assert bool(ours) == bool(theirs), name


def test_two_interchanges_in_one_file_are_both_read(testdata: Path) -> None:
    remittances = _remittances((testdata / _ONE_INTERCHANGE_ONLY).read_bytes())

    assert [one.trace_number for one in remittances] == ["EFT0001", "EFT0009", "EFT0010"]
    assert [imbalances(one) for one in remittances] == [(), (), ()]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [(b"BPR*I*353.25*", b"BPR*I*353.24*"), (b"L6:ICN200*-3.25", b"L6:ICN200*3.25")],
)
def test_a_payment_that_does_not_balance_is_told_by_both(
    testdata: Path, right: bytes, wrong: bytes
) -> None:
    path = testdata / "own_835_next_remit_FB_positive_WO_L6_72_CS.835"
    data = path.read_bytes()
    assert right in data

    damaged = data.replace(right, wrong)

    assert len(imbalances(_remittances(damaged)[0])) == 1
    assert any(d.kind == "BalanceMismatch" for d in oxedi.parse(damaged).diagnostics)
