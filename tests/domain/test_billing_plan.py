"""The billing plan: from what payers owe to the claims that are needed now."""

import pytest

from domain.billing_plan import OpenLine, PlannedClaim, PlannedCoverage, claim_groups

ALPHA, BETA = 7, 3


def line(
    number: int,
    payer: int = ALPHA,
    *,
    has_claim: bool = False,
    visit: int = 1,
    takes_stays_whole: bool = False,
) -> OpenLine:
    return OpenLine(
        charge_line_id=number,
        encounter_id=visit,
        payer_id=payer,
        has_claim=has_claim,
        takes_stays_whole=takes_stays_whole,
    )


def coverage(
    payer: int,
    *,
    claim: int | None = None,
    answered: bool = False,
    lines: frozenset[int] = frozenset({1}),
    number: int | None = None,
) -> PlannedCoverage:
    """With the claim, if any, that asked its payer for these lines."""
    made = () if claim is None else (asked(claim, lines, answered=answered),)
    return PlannedCoverage(coverage_id=number or payer * 10, payer_id=payer, claims=made)


def asked(claim: int, lines: frozenset[int], *, answered: bool = True) -> PlannedClaim:
    return PlannedClaim(claim_id=claim, has_answered=answered, charge_line_ids=lines)


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


@pytest.mark.parametrize(
    ("count", "sizes"), [(50, [50]), (51, [50, 1]), (100, [50, 50]), (101, [50, 50, 1])]
)
def test_a_claim_has_no_more_lines_than_an_837p_takes(count: int, sizes: list[int]) -> None:
    groups = claim_groups([line(n) for n in range(count, 0, -1)], [coverage(ALPHA)])

    assert [len(group.charge_line_ids) for group in groups] == sizes
    assert [n for group in groups for n in group.charge_line_ids] == list(range(1, count + 1))
    assert {group.responsibility for group in groups} == {"P"}


def test_the_next_payer_gets_each_line_with_the_claim_that_was_answered_for_it() -> None:
    first = PlannedCoverage(
        coverage_id=70,
        payer_id=ALPHA,
        claims=(asked(4, frozenset({1, 2})), asked(5, frozenset({3}))),
    )

    groups = claim_groups([line(n, BETA) for n in (1, 2, 3)], [first, coverage(BETA)])

    assert [(group.follows_claim_id, group.charge_line_ids) for group in groups] == [
        (4, (1, 2)),
        (5, (3,)),
    ]


def test_a_second_coverage_with_the_same_payer_is_asked_after_the_first() -> None:
    own, spouses = coverage(ALPHA, claim=4, answered=True), coverage(ALPHA, number=71)

    (group,) = claim_groups([line(1, has_claim=True)], [own, spouses])

    assert (group.coverage_id, group.responsibility, group.follows_claim_id) == (71, "S", 4)


def test_a_payer_that_owes_without_a_coverage_is_an_error_that_says_so() -> None:
    with pytest.raises(LookupError, match="Payer 7 owes on charge line 1"):
        claim_groups([line(1)], [coverage(BETA)])


def test_a_line_asked_for_under_a_coverage_that_has_ended_is_not_asked_for_again() -> None:
    assert claim_groups([line(1, has_claim=True)], [coverage(BETA)]) == ()


def test_a_payer_that_takes_stays_whole_gets_several_visits_on_one_claim() -> None:
    lines = [line(n, visit=visit, takes_stays_whole=True) for n, visit in ((1, 5), (2, 5), (3, 6))]

    (group,) = claim_groups(lines, [coverage(ALPHA)])

    assert group.charge_line_ids == (1, 2, 3)


def test_any_other_payer_gets_one_claim_a_visit() -> None:
    groups = claim_groups([line(1, visit=5), line(2, visit=6)], [coverage(ALPHA)])

    assert [group.charge_line_ids for group in groups] == [(1,), (2,)]


def test_what_one_claim_left_over_goes_on_together_only_where_the_next_payer_takes_it_so() -> None:
    answered = coverage(ALPHA, claim=4, answered=True, lines=frozenset({1, 2}))
    lines = [line(1, BETA, visit=5), line(2, BETA, visit=6)]
    whole = [line(1, BETA, visit=5, takes_stays_whole=True),
             line(2, BETA, visit=6, takes_stays_whole=True)]  # fmt: skip

    apart = claim_groups(lines, [answered, coverage(BETA)])
    together = claim_groups(whole, [answered, coverage(BETA)])

    assert [(g.charge_line_ids, g.follows_claim_id) for g in apart] == [((1,), 4), ((2,), 4)]
    assert [(g.charge_line_ids, g.follows_claim_id) for g in together] == [((1, 2), 4)]
