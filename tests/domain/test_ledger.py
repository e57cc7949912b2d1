"""An entry that is not balanced cannot even be built."""

import datetime as dt

import pytest

from domain.ledger import Account, LedgerEntry, Leg, negated

DAY = dt.date(2026, 1, 5)


def entry(*legs: Leg) -> LedgerEntry:
    return LedgerEntry(
        effect_key="k", source="s", words="w", service_on=DAY, deposit_on=None, posted_on=DAY,
        legs=legs,
    )  # fmt: skip


def leg(cents: int, account: Account = Account.AR_INSURANCE) -> Leg:
    return Leg(account=account, cents=cents)


@pytest.mark.parametrize("amounts", [(100, -99), (0,), (), (100, 100)])
def test_an_unbalanced_entry_is_refused_with_its_difference(amounts: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=f"off by {sum(amounts)} cents"):
        entry(*(leg(cents) for cents in amounts))


def test_a_contra_entry_undoes_every_leg() -> None:
    made = entry(leg(100), leg(-60, Account.CONTRACTUAL), leg(-40, Account.CLEARING))

    contra = negated(made.legs)

    assert [each.cents for each in contra] == [-100, 60, 40]
    assert [each.account for each in contra] == [each.account for each in made.legs]
