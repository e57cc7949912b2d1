"""A walk through a file says what reading it whole says, however the text is cut, and keeps no
claim."""

import dataclasses
import io
import random
import tracemalloc
from collections import defaultdict
from pathlib import Path

import pytest

from bench.big_files import write_remittance
from domain.remit_balance import Balance, imbalances
from domain.remittance import RemitClaim, Remittance
from edi import cutting, walking
from edi.read import File, SetKind, read
from edi.walking import Walk
from tests.edi.mutations import DAMAGES, OTHER_CLOTHES
from tests.edi.oracle_835 import is_835

BLOCKS = (7, 64, 500, 64 * 1024)
# Of each mutation.
CHANGED = 100


def _walked(data: bytes) -> tuple[Walk, dict[int, list[RemitClaim]]]:
    walk = Walk(io.BytesIO(data))
    claims = defaultdict[int, list[RemitClaim]](list)
    for place, claim in walk.claims():
        claims[place].append(claim)
    return walk, claims


def _without_claims(file: File) -> list[object]:
    return [
        dataclasses.replace(item, claims=()) if isinstance(item, Remittance) else item
        for item in file.items
    ]


@pytest.mark.parametrize("size", BLOCKS)
def test_a_walk_says_what_reading_says(
    testdata: Path, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(walking, "blocks_of", lambda source: cutting.blocks_of(source, size))
    for path in sorted(testdata.iterdir()):
        data = path.read_bytes()
        whole = read(data)

        walk, claims = _walked(data)

        assert walk.file.findings == whole.findings, path.name
        assert list(walk.file.items) == _without_claims(whole), path.name
        remittances = [one for one in whole.sets if one.kind is SetKind.REMITTANCE]
        for place, one in enumerate(remittances):
            for item in one.items:
                assert isinstance(item, Remittance)
                assert tuple(claims[place]) == item.claims, path.name


def test_a_file_cut_short_anywhere_is_found_out(testdata: Path) -> None:
    data = (testdata / "own_835_next_remit_FB_positive_WO_L6_72_CS.835").read_bytes()
    for end in range(data.index(b"ST*835"), data.rindex(b"IEA"), 3):
        walk, _ = _walked(data[:end])

        assert walk.file.findings == read(data[:end]).findings
        assert walk.file.findings
        assert not walk.file.items


def test_a_segment_longer_than_a_block_and_prose_between_are_read(testdata: Path) -> None:
    data = (testdata / "own_835_two_ISA_different_separators_two_ST.835").read_bytes()
    long = b"So begins ISA*prose. " * 9_000 + data.replace(b"ISA", b" some words \nISA")

    assert _walked(long)[0].file.items == _walked(data)[0].file.items


def test_a_large_file_balances_and_is_never_held_whole(tmp_path: Path) -> None:
    path = tmp_path / "large.835"
    write_remittance(path, 1_000)
    balance = Balance()

    tracemalloc.start()
    with path.open("rb") as file:
        walk = Walk(file)
        for _, claim in walk.claims():
            balance.take(claim)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    (item,) = walk.file.items
    assert isinstance(item, Remittance)
    assert balance.claims == 1_000
    assert balance.imbalances(item) == ()
    assert imbalances(item) != (), "without its claims it does not"
    assert peak < 8 * path.stat().st_size, "held whole it takes more than thirty times its size"


def test_a_walk_of_a_changed_file_says_what_reading_says(testdata: Path) -> None:
    """Each file with an 835, changed in every way: whichever of its claims are still usual."""
    found = {path.name: path.read_bytes() for path in sorted(testdata.iterdir())}
    every = [data for _, data in sorted(found.items()) if b"835" in data and is_835(data)]
    assert len(every) >= 20
    changes = ((each, number) for each in (*DAMAGES, *OTHER_CLOTHES) for number in range(CHANGED))
    for mutation, number in changes:
        chance = random.Random(f"{mutation.__name__} {number}")
        changed = mutation(chance.choice(every), chance)

        walk, claims = _walked(changed)

        whole = read(changed)
        assert walk.file.findings == whole.findings, (mutation.__name__, number)
        assert list(walk.file.items) == _without_claims(whole), (mutation.__name__, number)
        for place, one in enumerate(each for each in whole.sets if each.kind is SetKind.REMITTANCE):
            for item in one.items:
                assert isinstance(item, Remittance)
                assert tuple(claims[place]) == item.claims, (mutation.__name__, number)
