"""Five thousand seeded mutations of outside and own files: nothing crashes, what is damaged says
less and never something else, and what is only dressed otherwise says the same."""

import random
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import oxedi
import pytest

from edi.describe import describe
from edi.errors import refusing
from edi.read import File, Item, ReadInterchange, read
from tests.edi.counting import HEADER, counted, is_countable, recounted
from tests.edi.mutations import (
    DAMAGES,
    OTHER_CLOTHES,
    Mutation,
    delete_segment,
    double_segment,
    has_one_plain_interchange,
    swap_segments,
    truncate,
)
from tests.edi.oracle_835 import is_835

EACH = 625
TOTAL = 5_000
# So many of each kind are asked about of a foreign reader.
JUDGED = 200
ENVELOPE = frozenset({"ISA", "GS", "ST", "SE", "GE", "IEA"})
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
def test_a_damaged_file_says_nothing_that_its_counts_do_not_bear_out(
    files: dict[str, bytes], mutation: Mutation
) -> None:
    recounts = 0
    for number, (data, chance) in enumerate(_drawn(files, mutation)):
        changed = mutation(data, chance)

        file = read(changed)

        describe(changed)
        assert all(str(found) and found.segment >= 1 for found in file.findings)
        if changed[:HEADER] == data[:HEADER] and _is_plain(data):
            recounts += 1
            used = sum(bool(one.items) for one in file.sets)
            assert used <= counted(changed).sound_sets, (mutation.__name__, number)

    assert recounts >= EACH // 3


@pytest.mark.parametrize("mutation", [delete_segment, double_segment], ids=lambda one: one.__name__)
def test_a_segment_too_few_or_too_many_is_told_by_its_count(
    files: dict[str, bytes], mutation: Mutation
) -> None:
    """A second IEA stands behind the end, where nothing is read."""
    plain = {
        name: data
        for name, data in files.items()
        if _is_plain(data) and not counted(data).wrong and not refusing(read(data).findings)
    }
    told = 0
    for data, chance in _drawn(plain, mutation):
        changed = mutation(data, chance)

        file, tag = read(changed), _changed_tag(data, changed)

        named = {found.element for found in refusing(file.findings)}
        if tag in ENVELOPE:
            assert file.items in ((), read(data).items)
            assert named or (tag, mutation) == ("IEA", double_segment)
        elif tag:
            told += 1
            assert named >= {"SE01"} == counted(changed).wrong

    assert told >= EACH // 2


def test_a_truncated_file_says_nothing(files: dict[str, bytes]) -> None:
    single = {name: data for name, data in files.items() if len(read(data).interchanges) == 1}
    for data, chance in _drawn(single, truncate):
        file = read(truncate(data, chance))

        assert refusing(file.findings)
        assert file.items == ()


@pytest.mark.parametrize(
    ("mutation", "sound_min"), [(delete_segment, 60), (double_segment, 35), (swap_segments, 3)]
)
def test_what_a_foreign_reader_finds_sound_is_not_refused(
    files: dict[str, bytes], mutation: Mutation, sound_min: int
) -> None:
    """Of an 835 with a segment too few, too many or elsewhere, whose count was put right."""
    remittances = {name: data for name, data in files.items() if is_835(data) and _is_sound(data)}
    assert len(remittances) >= 10
    sound = 0
    for data, chance in _drawn(remittances, mutation, times=JUDGED):
        changed = recounted(mutation(data, chance))
        if changed != data and _is_sound(changed):
            sound += 1
            file = read(changed)
            assert refusing(file.findings) == []
            assert len(file.items) == len(read(data).items)

    assert sound >= sound_min


def _is_sound(data: bytes) -> bool:
    try:
        return not oxedi.parse(data).diagnostics
    except oxedi.ParseError:
        return False


def _is_plain(data: bytes) -> bool:
    return is_countable(data) and has_one_plain_interchange(data)


def _changed_tag(data: bytes, changed: bytes) -> str:
    """That of the segment of a plain file which was taken out or doubled."""
    before, after = (each.split(data[HEADER - 1 : HEADER]) for each in (data, changed))
    longer = max(before, after, key=len)
    places = (at for at, pair in enumerate(zip(before, after, strict=False)) if len(set(pair)) > 1)
    at = next(places, len(longer) - 1)
    # A doubled segment differs from what follows it one place later than where it stands.
    piece = longer[at if len(before) > len(after) else at - 1] if len(after) else b""
    return re.split(r"[^A-Z0-9]", piece.decode("latin-1").strip())[0]


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


def _drawn(
    files: dict[str, bytes], mutation: Mutation, *, times: int = EACH
) -> list[tuple[bytes, random.Random]]:
    chance = random.Random(mutation.__name__)
    names = sorted(files)
    return [(files[chance.choice(names)], random.Random(chance.random())) for _ in range(times)]


def _told(file: File) -> list[tuple[int, str]]:
    """Findings without their quotations, which hold the separators."""
    return [(found.segment, found.segment_id) for found in file.findings]
