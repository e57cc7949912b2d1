"""Steps: once per revision; silence is chased, crossover has a fallback, deadlines escalate."""

import pytest
from sqlalchemy import select

from casework.steps import stepping
from db.models import Claim, Journal, PayerRoute, Setting, StatusInquiry
from domain.encounter import ClaimStage, Stage
from domain.steps import ClaimStep, EncounterStep, StepRequest
from domain.tasks import TaskKind
from tests.casework.office import CHARGE, answered, claims, sent, visit
from tests.scenarios import practice
from tests.scenarios.engine import REAL
from tests.scenarios.play import Play


def test_a_clean_visit_goes_out_without_anybody(office: Play) -> None:
    made = visit(office)

    assert made.stage is Stage.CLAIMS
    assert office.claim("A1").stage is ClaimStage.ACCEPTED
    assert office.tasks() == []


def test_every_step_that_a_workflow_may_ask_for_has_its_function() -> None:
    assert set(stepping.ENCOUNTER_STEPS) == set(EncounterStep)
    assert set(stepping.CLAIM_STEPS) == set(ClaimStep)


def test_a_step_that_is_repeated_does_nothing(office: Play) -> None:
    made = visit(office, until_sent=False)
    key = f"encounter:{made.encounter_no}"
    before = _journal(office)

    at = stepping.take_step(
        office.session,
        StepRequest(subject=key, rev=1, step=EncounterStep.PRICE, real_now=REAL),
    )

    assert _journal(office) == before
    assert at.rev > 1


def test_a_coder_confirms_charted_codes_where_the_practice_asks_for_it(office: Play) -> None:
    office.session.add(Setting(name="takes_charted_codes", value={"value": 0}))

    made = visit(office)

    assert made.stage is Stage.CODING
    assert [task.kind for task in office.open_tasks()] == [TaskKind.CODING_REVIEW]


def test_no_acknowledgment_in_time_is_a_billers_question(office: Play) -> None:
    office.acknowledges = False
    visit(office)

    office.pass_to(5)

    (task,) = office.open_tasks()
    assert task.kind is TaskKind.FOLLOW_UP
    assert "has not acknowledged" in task.title


def test_a_silent_payer_is_asked_on_its_usual_day(office: Play) -> None:
    payer = practice.payer(office.session, "ALPHA")
    payer.usual_days = 30
    office.session.add(
        PayerRoute(payer_id=payer.id, transaction_kind="276", channel="edi", route="clearinghouse")
    )
    visit(office, chart={"middle": "Ann", "suffix": "Jr"})

    office.pass_to(30)
    before = office.session.scalars(select(StatusInquiry)).all()
    office.pass_to(33)

    assert before == []
    assert len(office.session.scalars(select(StatusInquiry)).all()) == 1
    (question,) = sent(office, "276")
    assert b"NM1*IL*1*TARROW*WILMA*ANN**JR*MI*ALPHAP1~" in question


def test_an_overdue_task_is_escalated_and_never_decided(office: Play) -> None:
    visit(office)
    answered(office, "A1", [("CO", "16", CHARGE)])

    office.pass_to(40)

    (task,) = office.open_tasks(TaskKind.DENIAL)
    assert task.is_escalated
    assert office.balances()["AR:insurance:ALPHA"] == CHARGE


def test_a_forwarded_claim_that_is_never_answered_is_billed_by_us(office: Play) -> None:
    """S07's other half."""
    visit(office, payer="MEDICARE", next_payers=["MEDIGAP"])
    answered(office, "A1", [("CO", "45", 6_000), ("PR", "2", 2_000)], payer="MEDICARE", status="19")
    waiting = office.claim("A1", "MEDIGAP").stage

    office.pass_to(40)

    assert waiting is ClaimStage.CROSSED_OVER
    assert office.claim("A1", "MEDIGAP").stage is ClaimStage.ACCEPTED
    assert len(sent(office)) == 2


def test_a_second_payer_is_billed_when_the_first_has_answered(office: Play) -> None:
    visit(office, next_payers=["BETA"])
    before = len(claims(office))

    answered(office, "A1", [("CO", "45", 6_000), ("PR", "2", 2_000)])

    first, second = claims(office)
    assert before == 1
    assert (first.stage, second.stage) == (ClaimStage.SETTLED, ClaimStage.READY)
    assert (second.responsibility, second.follows_id) == ("S", first.id)


@pytest.mark.parametrize("paid", [True, False])
def test_an_encounter_closes_only_at_zero(office: Play, paid: bool) -> None:
    made = visit(office)

    answered(office, "A1", [("CO", "45", 6_000), *([] if paid else [("PR", "1", 9_000)])])

    assert made.stage is (Stage.CLOSED if paid else Stage.PATIENT)
    assert office.session.scalars(select(Claim)).one().stage is ClaimStage.SETTLED


def _journal(office: Play) -> list[tuple[str, int]]:
    rows = office.session.scalars(select(Journal).order_by(Journal.subject, Journal.rev))
    return [(row.subject, row.rev) for row in rows]
