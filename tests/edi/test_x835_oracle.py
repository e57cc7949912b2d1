"""A foreign reader and ours take the same money from every public and own 835, and judge alike
whether it balances, and at which level it does not."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from domain.remit_balance import BalanceLevel
from tests.edi.oracle_835 import (
    foreign_levels,
    foreign_sums,
    is_835,
    our_levels,
    our_remittances,
    our_sums,
)

FILES = 22
# What the authors of four files left wrong, so that we refuse them; mended here, to be compared.
MENDED = {
    # The payment's day stands one element too early, so that BPR16 is empty, and composites use
    # another separator than the header declares. BPR16 is part of what tells a payment from one
    # that is sent again, and dates its deposit and its entries: a day from elsewhere would be a
    # guess, so the payer is asked.
    "lfh_005010X221A1_cob-contractural-adjustment.835": (
        (b"CHK***********2005", b"CHK************2005"),
        (b"*T*:~", b"*T*>~"),
    ),
    "lfh_005010X221A1_secondary-payment.835": (
        (b"CHK***********2005", b"CHK************2005"),
        (b"*T*:~", b"*T*>~"),
    ),
    # The count of segments.
    "nirmitee_835_waystar_delims.edi": ((b"SE|24|", b"SE|22|"),),
    "stupidedi_X221_HP835_case_3a.edi": ((b"SE*39*", b"SE*41*"),),
}
# Public files that do not balance as their authors wrote them; the foreign reader says so too.
UNBALANCED = {
    "moov_sample1.txt": {BalanceLevel.CLAIM},
    "stupidedi_X221_HP835_case_3a.edi": {BalanceLevel.PAYMENT},
}
AMOUNTS_CHANGED = 200


def _files(testdata: Path) -> dict[str, bytes]:
    found = {path.name: path.read_bytes() for path in sorted(testdata.iterdir())}
    return {name: _mended(name, data) for name, data in found.items() if is_835(data)}


def _mended(name: str, data: bytes) -> bytes:
    for wrong, right in MENDED.get(name, ()):
        assert data.count(wrong) == 1, (name, wrong)
        data = data.replace(wrong, right)
    return data


def test_the_sums_of_every_835_are_those_of_a_foreign_reader(testdata: Path) -> None:
    files = _files(testdata)

    assert len(files) == FILES
    for name, data in files.items():
        assert our_remittances(data), name
        assert our_sums(data) == foreign_sums(data), name


def test_every_835_is_out_of_balance_at_the_same_levels_for_both(testdata: Path) -> None:
    for name, data in _files(testdata).items():
        assert our_levels(data) == foreign_levels(data) == UNBALANCED.get(name, set()), name


def test_as_its_author_wrote_it_a_damaged_835_says_nothing(testdata: Path) -> None:
    for name in MENDED:
        assert our_remittances((testdata / name).read_bytes()) == [], name


def test_a_changed_amount_anywhere_is_told_by_both_at_the_same_levels(testdata: Path) -> None:
    """Each amount of the balanced files by itself, larger by a cent or by much."""
    balanced = {n: d for n, d in _files(testdata).items() if n not in UNBALANCED}
    seen: list[frozenset[BalanceLevel]] = []

    for name, data in balanced.items():
        for start, end in _amounts(data):
            changed = data[:start] + _other(data[start:end], start) + data[end:]
            assert our_levels(changed) == foreign_levels(changed), (name, start)
            seen.append(frozenset(our_levels(changed)))

    assert len(seen) >= AMOUNTS_CHANGED
    assert all(seen)
    assert set(seen) >= {
        frozenset({BalanceLevel.PAYMENT}),
        frozenset({BalanceLevel.CLAIM}),
        frozenset({BalanceLevel.CLAIM, BalanceLevel.PAYMENT}),
        frozenset({BalanceLevel.LINE}),
        frozenset({BalanceLevel.LINE, BalanceLevel.CLAIM}),
    }


def _amounts(data: bytes) -> Iterator[tuple[int, int]]:
    """Where BPR02, CLP03, CLP04, SVC02, SVC03 and the first amount of a CAS or PLB stand."""
    element = re.escape(data[data.index(b"ISA") + 3 :][:1])
    amount = rb"(-?[0-9.]+)"
    for before in (rb"BPR.[A-Z].", rb"CLP.[^E]*E[^E]*E", rb"CLP.[^E]*E[^E]*E[^E]*E",
                   rb"SVC.[^E]*E", rb"SVC.[^E]*E[^E]*E", rb"CAS.[A-Z]*E[^E]*E",
                   rb"PLB.[^E]*E[^E]*E[^E]*E"):  # fmt: skip
        pattern = before.replace(b"E", element) + amount
        yield from (found.span(1) for found in re.finditer(pattern, data))


def _other(amount: bytes, place: int) -> bytes:
    """Another amount; one in three only by a cent."""
    cents = round(float(amount) * 100) + (1 if place % 3 == 0 else place)
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}".encode()


def test_two_interchanges_with_other_separators_are_both_read(testdata: Path) -> None:
    data = (testdata / "own_835_two_ISA_different_separators_two_ST.835").read_bytes()

    traces = [one.trace_number for one in our_remittances(data)]

    assert traces == ["EFT0001", "EFT0009", "EFT0010"]


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

    assert our_levels(damaged) == foreign_levels(damaged) == {BalanceLevel.PAYMENT}
