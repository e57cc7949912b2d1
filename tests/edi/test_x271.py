"""A 271 says active, inactive, or that it could not answer, which is neither."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from domain.eligibility import EligibilityAnswer, OtherCoverage
from edi.read import read

Wrap = Callable[..., bytes]


def _answer(data: bytes) -> EligibilityAnswer:
    file = read(data)
    assert file.findings == ()
    (answer,) = file.items
    assert isinstance(answer, EligibilityAnswer)
    return answer


def test_an_active_member_has_plan_benefits_and_another_payer(testdata: Path) -> None:
    answer = _answer((testdata / "own_271_active_benefits.271").read_bytes())

    assert answer.is_active is True
    assert answer.trace == "TRACE0001"
    assert (answer.member_id, answer.plan_name) == ("W0001", "GOLD PPO")
    assert answer.begins_on == dt.date(2026, 1, 1)
    assert answer.ends_on is None
    assert answer.rejections == ()
    assert answer.other_payers == (
        OtherCoverage(name="OTHER PLAN", payer_id="99999", member_id=None),
    )
    assert answer.benefits[1].service_types[:3] == ("1", "33", "35")
    copay, deductible = answer.benefits[2], answer.benefits[3]
    assert (copay.code, copay.amount_cents, copay.period) == ("B", 3000, "27")
    assert (deductible.amount_cents, deductible.is_in_network) == (150000, True)


def test_an_inactive_member_is_told_so(testdata: Path) -> None:
    answer = _answer((testdata / "own_271_inactive.271").read_bytes())

    assert answer.is_active is False


def test_a_member_who_was_not_found_is_neither_active_nor_inactive(testdata: Path) -> None:
    answer = _answer((testdata / "own_271_AAA_member_not_found_75.271").read_bytes())

    assert answer.is_active is None
    assert answer.trace == "TRACE0003"
    assert [(one.level, one.code, one.follow_up) for one in answer.rejections] == [
        ("subscriber", "75", "C")
    ]
    assert answer.rejections[0].words == "the subscriber was not found"


def test_a_refusal_of_the_provider_is_an_answer_without_trace(testdata: Path) -> None:
    name = (
        "stupidedi_X279A1_error-response-from-payer-to-clinic-not-eligible-for-inquiries-"
        "with-payer.edi"
    )

    answer = _answer((testdata / name).read_bytes())

    assert answer.trace is None
    assert [(one.level, one.code) for one in answer.rejections] == [("provider", "50")]


def test_a_dependent_is_answered_with_the_subscribers_number(testdata: Path) -> None:
    name = "lfh_005010X279A1_dependent-health-benefit-check.271"

    answer = _answer((testdata / name).read_bytes())

    assert answer.trace == "93175-012547"
    assert answer.member_id == "123456789"
    assert answer.is_active is True


def test_one_active_service_does_not_revive_an_ended_plan(wrap: Wrap) -> None:
    body = """
        BHT*0022*11*E1*20260105*1319
        HL*1**20*1
        NM1*PR*2*ACME HEALTH*****PI*60101
        HL*2*1*21*1
        NM1*1P*2*CEDAR HOLLOW*****XX*1234567893
        HL*3*2*22*0
        TRN*2*E1*9CEDARHOLL
        NM1*IL*1*DOE*JANE****MI*W0001
        DTP*347*D8*20251231
        EB*1**35
        EB*6**30
    """
    answer = _answer(wrap(body, set_id="271", gs01="HB", version="005010X279A1"))

    assert answer.is_active is False
    assert answer.ends_on == dt.date(2025, 12, 31)


def test_one_inactive_service_does_not_end_an_active_plan(wrap: Wrap) -> None:
    body = """
        BHT*0022*11*E1*20260105*1319
        HL*1**20*1
        NM1*PR*2*ACME HEALTH*****PI*60101
        HL*2*1*21*1
        NM1*1P*2*CEDAR HOLLOW*****XX*1234567893
        HL*3*2*22*0
        TRN*2*E1*9CEDARHOLL
        NM1*IL*1*DOE*JANE****MI*W0001
        REF*6P*G77
        DTP*291*RD8*20260101-20261231
        EB*6**35
        EB*1**30**GOLD
        MSG*ASK BEFORE SURGERY
        EB*A**48*****.2***Y*W
    """
    answer = _answer(wrap(body, set_id="271", gs01="HB", version="005010X279A1"))

    assert answer.is_active is True
    assert answer.group_number == "G77"
    assert (answer.begins_on, answer.ends_on) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert answer.benefits[1].notes == ("ASK BEFORE SURGERY",)
    share = answer.benefits[2]
    assert (share.percent, share.needs_prior_auth) == (Decimal("0.2"), True)
    assert share.is_in_network is None
