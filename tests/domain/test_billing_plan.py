"""The billing plan: from what payers owe to the claims that are needed now."""

from domain.billing_plan import OpenLine, PlannedCoverage, claim_groups

ALPHA, BETA = 7, 3


def line(number: int, payer: int = ALPHA, *, has_claim: bool = False) -> OpenLine:
    return OpenLine(charge_line_id=number, payer_id=payer, has_claim=has_claim)


def coverage(payer: int, *, claim: int | None = None, answered: bool = False) -> PlannedCoverage:
    return PlannedCoverage(
        coverage_id=payer * 10, payer_id=payer, claim_id=claim, has_answered=answered
    )


def test_all_lines_of_a_payer_make_one_claim() -> None:
    (group,) = claim_groups([line(2), line(1)], [coverage(ALPHA)])

    assert group.charge_line_ids == (1, 2)
    assert (group.payer_id, group.coverage_id) == (ALPHA, 70)
    assert (group.responsibility, group.follows_claim_id) == ("P", None)


def test_a_line_that_was_asked_for_is_not_asked_for_again() -> None:
    groups = claim_groups([line(1, has_claim=True)], [coverage(ALPHA, claim=4)])

    assert groups == ()


def test_the_next_payer_follows_the_claim_that_was_answered() -> None:
    coverages = [coverage(ALPHA, claim=4, answered=True), coverage(BETA)]

    (group,) = claim_groups([line(1, BETA)], coverages)

    assert (group.responsibility, group.follows_claim_id) == ("S", 4)


def test_a_payer_that_did_not_cover_the_day_counts_for_nothing() -> None:
    coverages = [coverage(ALPHA, claim=4, answered=False), coverage(BETA)]

    (group,) = claim_groups([line(1, BETA)], coverages)

    assert (group.responsibility, group.follows_claim_id) == ("P", None)


def test_a_third_payer_is_tertiary_and_so_is_a_fourth() -> None:
    before = [coverage(payer, claim=payer, answered=True) for payer in (11, 12, 13)]

    (third,) = claim_groups([line(1, ALPHA)], [*before[:2], coverage(ALPHA)])
    (fourth,) = claim_groups([line(1, ALPHA)], [*before, coverage(ALPHA)])

    assert (third.responsibility, third.follows_claim_id) == ("T", 12)
    assert (fourth.responsibility, fourth.follows_claim_id) == ("T", 13)


def test_two_payers_who_owe_get_a_claim_each_the_first_payer_first() -> None:
    coverages = [coverage(ALPHA, claim=4, answered=True), coverage(BETA)]

    groups = claim_groups([line(1, BETA), line(2, ALPHA)], coverages)

    assert [(group.payer_id, group.responsibility) for group in groups] == [
        (ALPHA, "P"),
        (BETA, "S"),
    ]
