"""Five thousand seeded mutations of outside and own files: nothing crashes, what is damaged says
less and never something else, and what is only dressed otherwise says the same."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from edi.describe import describe
from edi.read import File, Item, ReadInterchange, read
from tests.edi.mutations import (
    DAMAGES,
    OTHER_CLOTHES,
    Mutation,
    has_one_plain_interchange,
)

EACH = 625
TOTAL = 5_000
# The few big ones say nothing that the others do not.
BYTES_MAX = 8_000
CUTS = 50
_INTERCHANGE_END = re.compile(rb"IEA[^A-Za-z0-9]\d+[^A-Za-z0-9]\d+")


@pytest.fixture(scope="session")
def files(testdata: Path, golden: Path) -> dict[str, bytes]:
    paths = sorted([*testdata.iterdir(), *golden.glob("*.x12")])
    every = {path.name: path.read_bytes() for path in paths}
    return {
        name: data for name, data in every.items() if len(data) <= BYTES_MAX and read(data).sets
    }


def test_the_mutations_are_five_thousand() -> None:
    assert EACH * len((*DAMAGES, *OTHER_CLOTHES)) == TOTAL


@pytest.mark.parametrize("mutation", DAMAGES, ids=lambda one: one.__name__)
def test_a_damaged_file_is_read_without_a_crash(
    files: dict[str, bytes], mutation: Mutation
) -> None:
    for number, (data, chance) in enumerate(_drawn(files, mutation)):
        changed = mutation(data, chance)

        file = read(changed)

        describe(changed)
        assert file.findings or file.sets or file.items, (mutation.__name__, number)
        assert all(str(found) and found.segment >= 1 for found in file.findings)


@pytest.mark.parametrize("mutation", OTHER_CLOTHES, ids=lambda one: one.__name__)
def test_a_file_in_other_clothes_says_the_same(files: dict[str, bytes], mutation: Mutation) -> None:
    plain = {name: data for name, data in files.items() if has_one_plain_interchange(data)}
    assert len(plain) >= 100

    for number, (data, chance) in enumerate(_drawn(plain, mutation)):
        expected, found = read(data), read(mutation(data, chance))

        assert found.items == expected.items, (mutation.__name__, number)
        assert _told(found) == _told(expected), (mutation.__name__, number)


def test_a_file_cut_anywhere_says_only_what_whole_interchanges_before_the_cut_said(
    files: dict[str, bytes],
) -> None:
    chance = random.Random("cuts")
    cuts = 0
    for name, data in files.items():
        whole = read(data).interchanges
        ends = [found.end() for found in _INTERCHANGE_END.finditer(data)]
        for cut in chance.sample(range(len(data)), min(CUTS, len(data))):
            before = whole[: sum(end <= cut for end in ends)]
            assert read(data[:cut]).items == tuple(_items(before)), (name, cut)
            cuts += 1

    assert cuts >= 5_000


def _items(interchanges: Sequence[ReadInterchange]) -> Iterator[Item]:
    for one in interchanges:
        yield from one.acks
        for each in one.sets:
            yield from each.items


def _drawn(files: dict[str, bytes], mutation: Mutation) -> list[tuple[bytes, random.Random]]:
    chance = random.Random(mutation.__name__)
    names = sorted(files)
    return [(files[chance.choice(names)], random.Random(chance.random())) for _ in range(EACH)]


def _told(file: File) -> list[tuple[int, str]]:
    """Findings without their quotations, which hold the separators."""
    return [(found.segment, found.segment_id) for found in file.findings]
