"""Which route is recommended for a refused line, and which routes a person may take at all."""

import datetime as dt
from dataclasses import replace

import pytest

from domain.denials import (
    PLAYBOOK,
    DenialFacts,
    DenialRoute,
    PayerRules,
    WriteOffReason,
    is_open,
    recommended_route,
    write_off_reason,
)

PAYER = PayerRules(
    takes_frequency_7=True, appeal_levels=2, appeal_days=180, hears_timely_filing=True
)
DEAF = PayerRules(takes_frequency_7=True, appeal_levels=0, appeal_days=1, hears_timely_filing=False)
MEDICARE = PayerRules(
    takes_frequency_7=False, appeal_levels=5, appeal_days=120, hears_timely_filing=False
)

LAST_DAY = dt.date(2026, 6, 30)


def facts(
    carc: str,
    *,
    group: str = "CO",
    rarcs: tuple[str, ...] = (),
    tried: tuple[DenialRoute, ...] = (),
    level: int = 0,
    has_next_payer: bool = False,
    has_proof: bool = True,
) -> DenialFacts:
    return DenialFacts(
        group=group,
        carc=carc,
        rarcs=rarcs,
        tried=tried,
        appeal_level_reached=level,
        has_next_payer=has_next_payer,
        has_proof=has_proof,
        today=LAST_DAY,
        appeal_until_on=LAST_DAY,
    )


R = DenialRoute


def test_an_appeal_is_open_on_the_last_day_of_its_window_and_not_after() -> None:
    in_time = facts("50")
    late = replace(in_time, today=LAST_DAY + dt.timedelta(days=1))

    assert is_open(R.APPEAL, in_time, PAYER)
    assert not is_open(R.APPEAL, late, PAYER)
    assert recommended_route(late, PAYER) is R.WRITE_OFF


@pytest.mark.parametrize(
    ("refused", "payer", "route"),
    [
        (facts("16"), PAYER, R.CORRECT),
        (facts("16", tried=(R.CORRECT,)), PAYER, R.APPEAL),
        (facts("16", tried=(R.CORRECT,), level=2), PAYER, R.WRITE_OFF),
        (facts("11"), PAYER, R.RECODE),
        (facts("11", tried=(R.RECODE,)), PAYER, R.APPEAL),
        (facts("31"), PAYER, R.FIX_REGISTRATION),
        (facts("252"), PAYER, R.SEND_RECORDS),
        (facts("252", tried=(R.SEND_RECORDS,)), PAYER, R.APPEAL),
        (facts("50"), PAYER, R.APPEAL),
        (facts("50", level=1), PAYER, R.APPEAL),
        (facts("50", level=2), PAYER, R.WRITE_OFF),
        (facts("50"), DEAF, R.WRITE_OFF),
        (facts("29"), PAYER, R.APPEAL),
        (facts("29", has_proof=False), PAYER, R.WRITE_OFF),
        (facts("29"), MEDICARE, R.WRITE_OFF),
        (facts("27", has_next_payer=True), PAYER, R.NEXT_PAYER),
        (facts("27"), PAYER, R.WRITE_OFF),
        (facts("27", has_next_payer=True, tried=(R.NEXT_PAYER,)), PAYER, R.WRITE_OFF),
        (facts("96", group="PR"), PAYER, R.PATIENT),
        (facts("96", group="PR", has_next_payer=True), PAYER, R.NEXT_PAYER),
        (facts("96"), PAYER, R.WRITE_OFF),
        (facts("97"), PAYER, R.WRITE_OFF),
        (facts("16", rarcs=("MA130",)), PAYER, R.CORRECT),
        (facts("16", rarcs=("MA130",), tried=(R.CORRECT,)), PAYER, R.WRITE_OFF),
        (facts("999"), PAYER, R.APPEAL),
        (facts("18"), PAYER, R.WRITE_OFF),
    ],
)
def test_the_first_open_route_of_the_playbook_is_recommended(
    refused: DenialFacts, payer: PayerRules, route: DenialRoute
) -> None:
    assert recommended_route(refused, payer) is route


@pytest.mark.parametrize("carc", sorted(PLAYBOOK))
def test_every_denial_comes_to_an_end(carc: str) -> None:
    """Taking the recommendation again and again ends in a write-off or with the patient."""
    tried: tuple[DenialRoute, ...] = ()
    level = 0
    for _ in range(10):
        route = recommended_route(facts(carc, tried=tried, level=level, has_next_payer=True), PAYER)
        tried, level = (*tried, route), level + (route is R.APPEAL)
        if route in (R.WRITE_OFF, R.PATIENT):
            break

    assert tried[-1] is R.WRITE_OFF


@pytest.mark.parametrize("group", ["CO", "OA", "PI"])
def test_only_what_the_payer_calls_the_patients_reaches_the_patient(group: str) -> None:
    assert not is_open(R.PATIENT, facts("96", group=group), PAYER)


def test_a_claim_that_was_never_processed_has_no_appeal() -> None:
    assert not is_open(R.APPEAL, facts("16", rarcs=("N290", "MA130")), PAYER)


@pytest.mark.parametrize(
    ("carc", "reason"),
    [
        ("29", WriteOffReason.TIMELY_FILING),
        ("50", WriteOffReason.MEDICAL_NECESSITY),
        ("197", WriteOffReason.NO_AUTHORIZATION),
        ("97", WriteOffReason.BUNDLED),
        ("27", WriteOffReason.ELIGIBILITY),
        ("16", WriteOffReason.BILLING_ERROR),
        ("45", WriteOffReason.UNDERPAID),
        ("999", WriteOffReason.OTHER),
    ],
)
def test_a_loss_is_named_by_its_cause(carc: str, reason: WriteOffReason) -> None:
    assert write_off_reason(carc) is reason
