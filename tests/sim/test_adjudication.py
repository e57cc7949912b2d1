"""Payers' arithmetic, line by line."""

from sim.adjudication import Adjustment, ClaimLine, Prior, deny_line, pay_line
from sim.outcomes import DENIALS, Outcome
from sim.payers import PAYERS
from sim.world import ALL_DEDUCTIBLE, NOTHING, Plan, Share, ShareKind

FIFTH = Share(kind=ShareKind.COINSURANCE, amount=20)


def line(charge: int = 25600, prior: Prior | None = None) -> ClaimLine:
    return ClaimLine(control="L1", code="99214", charge_cents=charge, prior=prior)


def parts(adjustments: tuple[Adjustment, ...]) -> dict[str, int]:
    return {f"{one.group}-{one.carc}": one.cents for one in adjustments}


def test_a_commercial_payer_pays_by_contract_less_coinsurance() -> None:
    answer = pay_line(PAYERS["60101"], Plan(share=FIFTH), line(), is_first=True, is_final=True)

    assert answer.paid_cents == 13312
    assert parts(answer.adjustments) == {"CO-45": 8960, "PR-2": 3328}


def test_the_federal_payer_withholds_two_percent_of_what_it_pays() -> None:
    answer = pay_line(PAYERS["60103"], Plan(share=FIFTH), line(), is_first=True, is_final=True)

    assert parts(answer.adjustments) == {"CO-45": 12800, "CO-253": 204, "PR-2": 2560}
    assert answer.paid_cents == 12800 - 2560 - 204


def test_all_deductible_pays_nothing_and_denies_nothing() -> None:
    answer = pay_line(
        PAYERS["60101"], Plan(share=ALL_DEDUCTIBLE), line(), is_first=True, is_final=True
    )

    assert answer.paid_cents == 0
    assert parts(answer.adjustments) == {"CO-45": 8960, "PR-1": 16640}


def test_the_state_program_leaves_the_patient_nothing_even_as_second() -> None:
    prior = Prior(paid_cents=10240, adjustments=(Adjustment(group="PR", carc="2", cents=9000),))

    answer = pay_line(PAYERS["60106"], Plan(), line(prior=prior), is_first=True, is_final=True)

    assert answer.paid_cents == 8960
    assert parts(answer.adjustments) == {"OA-23": 16600, "CO-45": 40}


def test_the_supplement_pays_what_was_left_to_the_patient() -> None:
    prior = Prior(paid_cents=10036, adjustments=(Adjustment(group="PR", carc="2", cents=2560),))

    answer = pay_line(PAYERS["60104"], Plan(), line(prior=prior), is_first=True, is_final=True)

    assert answer.paid_cents == 2560
    assert parts(answer.adjustments) == {"OA-23": 23040}


def test_after_a_payer_that_would_have_none_of_it_the_next_pays_as_if_first() -> None:
    prior = Prior(paid_cents=0, adjustments=(Adjustment(group="CO", carc="22", cents=25600),))

    answer = pay_line(
        PAYERS["60101"], Plan(share=NOTHING), line(prior=prior), is_first=True, is_final=True
    )

    assert answer.paid_cents == 16640


def test_an_underpayment_is_beyond_any_tolerance_and_is_made_good() -> None:
    plan = Plan(outcome=Outcome.UNDERPAID, target="99214", share=FIFTH)

    first = pay_line(PAYERS["60101"], plan, line(), is_first=True, is_final=False)
    final = pay_line(PAYERS["60101"], plan, line(), is_first=True, is_final=True)

    assert final.paid_cents - first.paid_cents > max(100, 16640 * 2 // 100)


def test_a_denial_takes_the_whole_charge_with_its_codes() -> None:
    answer = deny_line(line(), DENIALS[Outcome.DENYMA130])

    assert answer.paid_cents == 0
    assert parts(answer.adjustments) == {"CO-16": 25600}
    assert answer.rarcs == ("MA130", "N382")
