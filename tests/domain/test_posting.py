from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ledger import Account
from domain.posting import (
    AnsweredLine,
    LineResult,
    Place,
    Reason,
    Terms,
    Treatment,
    post_line,
    spread,
    treatment,
)

ALPHA, BETA = 1, 2


def place(next_payer: int | None = None) -> Place:
    return Place(
        payer_id=ALPHA,
        next_payer_id=next_payer,
        patient_id=10,
        guarantor_id=11,
        encounter_id=12,
        charge_line_id=13,
        claim_id=14,
        payer_reference="ICN1",
    )


def terms(**changes: Any) -> Terms:
    usual = {
        "expected_cents": None,
        "is_capitated": False,
        "may_bill_patient": True,
        "tolerance_cents": 100,
        "tolerance_percent": 2,
    }
    return Terms(**{**usual, **changes})


def line(charge: int, *reasons: tuple[str, str, int]) -> AnsweredLine:
    less = sum(cents for *_, cents in reasons)
    return AnsweredLine(
        charge_cents=charge,
        paid_cents=charge - less,
        reasons=tuple(Reason(group=g, carc=c, cents=cents) for g, c, cents in reasons),
    )


def legs(result: LineResult) -> dict[tuple[str, int | None], int]:
    return {(leg.account, leg.payer_id): leg.cents for leg in result.legs}


@pytest.mark.parametrize(
    ("group", "carc", "changes", "expected"),
    [
        ("CO", "45", {}, Treatment.CONTRACTUAL),
        ("CO", "253", {}, Treatment.SEQUESTRATION),
        ("CO", "223", {}, Treatment.SEQUESTRATION),
        ("CO", "24", {"is_capitated": True}, Treatment.CAPITATION),
        ("CO", "24", {}, Treatment.DENIED),
        ("CO", "97", {"expected_cents": 0}, Treatment.BUNDLED),
        ("CO", "97", {"expected_cents": 900}, Treatment.DENIED),
        ("CO", "97", {}, Treatment.DENIED),
        ("CO", "18", {}, Treatment.DUPLICATE),
        ("OA", "18", {}, Treatment.DUPLICATE),
        ("OA", "23", {}, Treatment.TOLD),
        ("OA", "94", {}, Treatment.TOLD),
        ("OA", "45", {}, Treatment.DENIED),
        ("PI", "45", {}, Treatment.DENIED),
        ("CO", "50", {}, Treatment.DENIED),
        ("PR", "1", {}, Treatment.PATIENT_SHARE),
        ("PR", "3", {}, Treatment.PATIENT_SHARE),
        ("PR", "3", {"may_bill_patient": False}, Treatment.DENIED),
        ("PR", "204", {}, Treatment.DENIED),
        ("PR", "27", {}, Treatment.DENIED),
    ],
)
def test_group_and_carc_decide_together(
    group: str, carc: str, changes: dict[str, Any], expected: Treatment
) -> None:
    reason = Reason(group=group, carc=carc, cents=100)

    assert treatment(reason, terms(**changes), place()) is expected


def test_a_patient_share_reaches_the_patient_only_when_no_payer_follows() -> None:
    answered = line(20000, ("CO", "45", 7000), ("PR", "2", 2600))

    alone = post_line(answered, 20000, terms(), place())
    followed = post_line(answered, 20000, terms(), place(BETA))

    assert legs(alone)[Account.AR_PATIENT, None] == 2600
    assert legs(followed)[Account.AR_INSURANCE, BETA] == 2600
    assert (alone.patient_cents, followed.patient_cents) == (2600, 0)


def test_a_patient_share_of_a_payer_in_full_may_still_go_to_the_next_payer() -> None:
    answered = line(20000, ("PR", "3", 500))

    result = post_line(answered, 20000, terms(may_bill_patient=False), place(BETA))

    assert legs(result)[Account.AR_INSURANCE, BETA] == 500


def test_a_denied_line_moves_no_money() -> None:
    result = post_line(line(98000, ("CO", "197", 98000)), 98000, terms(), place())

    assert result.legs == ()
    assert [(d.group, d.carc, d.cents) for d in result.denied] == [("CO", "197", 98000)]


def test_a_line_paid_in_part_keeps_what_was_refused_at_the_payer() -> None:
    answered = line(30000, ("CO", "45", 10000), ("CO", "50", 5000))

    result = post_line(answered, 30000, terms(), place())

    assert legs(result)[Account.AR_INSURANCE, ALPHA] == -25000
    assert [d.cents for d in result.denied] == [5000]


def test_two_refusals_for_one_reason_are_one_denial() -> None:
    answered = line(1000, ("CO", "16", 400), ("CO", "16", 600))

    result = post_line(answered, 1000, terms(), place())

    assert [d.cents for d in result.denied] == [1000]


def test_a_duplicate_is_neither_posted_nor_denied() -> None:
    result = post_line(line(14000, ("OA", "18", 14000)), 14000, terms(), place())

    assert (result.legs, result.denied, result.is_duplicate) == ((), (), True)


def test_a_second_payer_never_adjusts_the_contract_twice() -> None:
    # It repeats CO-45 = charge less paid, though only 8000 is still owed.
    answered = line(30000, ("CO", "45", 23500))

    result = post_line(answered, 8000, terms(), place())

    assert legs(result)[Account.CONTRACTUAL, ALPHA] == 1500
    assert legs(result)[Account.AR_INSURANCE, ALPHA] == -8000
    assert result.overposted_cents == 0


def test_a_repeated_contractual_leaves_room_for_the_denial() -> None:
    answered = line(30000, ("CO", "45", 22000), ("CO", "50", 8000))

    result = post_line(answered, 8000, terms(), place())

    assert result.legs == ()
    assert [d.cents for d in result.denied] == [8000]


def test_paying_more_than_is_owed_is_not_posted_silently() -> None:
    result = post_line(line(30000, ("OA", "23", 20000)), 8000, terms(), place())

    assert result.overposted_cents == 2000


def test_a_negative_contractual_of_a_payer_above_the_charge_still_balances() -> None:
    result = post_line(line(10000, ("CO", "45", -500)), 10000, terms(), place())

    assert result.overposted_cents == 0
    assert legs(result) == {
        (Account.CLEARING, ALPHA): 10500,
        (Account.CONTRACTUAL, ALPHA): -500,
        (Account.AR_INSURANCE, ALPHA): -10000,
    }


@pytest.mark.parametrize(
    ("allowed", "missing"),
    [
        (15000, 0),
        (14700, 0),  # 300 is 2% of 15000: not more than noise.
        (14699, 301),
        (12000, 3000),
    ],
)
def test_less_than_the_contract_is_an_underpayment_beyond_the_tolerance(
    allowed: int, missing: int
) -> None:
    answered = line(25000, ("CO", "45", 25000 - allowed), ("PR", "3", 2000))

    result = post_line(answered, 25000, terms(expected_cents=15000), place())

    assert sum(d.cents for d in result.denied if d.is_underpayment) == missing
    assert legs(result)[Account.CONTRACTUAL, ALPHA] == 25000 - allowed


def test_a_dollar_is_noise_however_small_the_service() -> None:
    def missing(allowed: int) -> int:
        answered = line(3000, ("CO", "45", 3000 - allowed))
        result = post_line(answered, 3000, terms(expected_cents=1000), place())
        return sum(d.cents for d in result.denied)

    assert (missing(900), missing(899)) == (0, 101)


def test_sequestration_counts_as_allowed() -> None:
    answered = line(25000, ("CO", "45", 12000), ("PR", "2", 2600), ("CO", "253", 208))

    result = post_line(answered, 25000, terms(expected_cents=13000), place(BETA))

    assert result.denied == ()
    assert legs(result)[Account.SEQUESTRATION, ALPHA] == 208


def test_a_denied_line_is_not_an_underpayment_too() -> None:
    result = post_line(
        line(25000, ("CO", "50", 25000)), 25000, terms(expected_cents=15000), place()
    )

    assert [d.is_underpayment for d in result.denied] == [False]


def test_adjustments_of_a_whole_claim_fill_its_lines_in_order() -> None:
    bare = [line(10000), line(5000)]

    spread_lines = spread(bare, [Reason(group="CO", carc="45", cents=12000)])

    assert [each.paid_cents for each in spread_lines] == [0, 3000]
    assert [[r.cents for r in each.reasons] for each in spread_lines] == [[10000], [2000]]


cents = st.integers(min_value=0, max_value=50_000)
reasons = st.lists(
    st.tuples(
        st.sampled_from(["CO", "PR", "OA", "PI"]),
        st.sampled_from(["1", "2", "3", "45", "50", "16", "97", "23", "18", "253", "204", "27"]),
        st.integers(min_value=1, max_value=9_000),
    ),
    max_size=6,
)


@given(extra=cents, said=reasons, next_payer=st.sampled_from([None, BETA]))
def test_any_balanced_line_of_a_first_payer_is_posted_to_the_cent(
    extra: int, said: list[tuple[str, str, int]], next_payer: int | None
) -> None:
    charge = extra + sum(each for *_, each in said)
    answered = line(charge, *said)

    result = post_line(answered, charge, terms(), place(next_payer))

    moved = legs(result)
    closed = -moved.get((Account.AR_INSURANCE, ALPHA), 0)
    left = charge - closed
    told = sum(c for g, code, c in said if code == "18" or (g == "OA" and code == "23"))
    assert sum(leg.cents for leg in result.legs) == 0
    assert result.overposted_cents == 0
    assert moved.get((Account.CLEARING, ALPHA), 0) == answered.paid_cents
    assert left == told + sum(denied.cents for denied in result.denied)


@given(charges=st.lists(cents, min_size=1, max_size=6), said=reasons)
def test_spread_lines_each_balance_and_lose_nothing(
    charges: list[int], said: list[tuple[str, str, int]]
) -> None:
    whole = [Reason(group=g, carc=c, cents=amount) for g, c, amount in said]

    spread_lines = spread([line(charge) for charge in charges], whole)

    total = sum(reason.cents for reason in whole)
    assert sum(each.paid_cents for each in spread_lines) == sum(charges) - total
    for each in spread_lines:
        assert each.charge_cents - sum(r.cents for r in each.reasons) == each.paid_cents
