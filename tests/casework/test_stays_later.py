"""What becomes of a claim that bills a whole stay, and of each of its visits."""

import pytest
from sqlalchemy import select

from casework import holds, stays, voids
from casework.patients.receipts import receive_payment
from casework.steps import stepping
from db.models import Journal, Posting
from db.queries import web_stuck
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account
from domain.steps import EncounterStep, StepRequest
from domain.tasks import Role, TaskKind
from tests.casework.hospital import (
    PAID,
    PAID_BUT_COINSURANCE,
    REFUSED,
    TO_RECODE,
    answer_by_day,
    billed,
    cancel,
    hold,
    in_hospital,
    last_sent,
    next_day,
    stages,
    three_days,
    waits_of,
    whole,
)
from tests.casework.office import CHARGE, answered, claims, sent, today
from tests.scenarios.engine import REAL
from tests.scenarios.play import Play


def test_the_others_are_told_who_bills_them_and_close_with_the_claim(office: Play) -> None:
    whole(office)
    three_days(office)
    leader = office.encounters["A1"].encounter_no
    waiting = waits_of(office, "A3")

    answered(office, "A1", PAID, PAID, PAID)

    words = f"the claim of {leader} to Alpha Health, which bills this visit too"
    assert waiting == [words]
    assert stages(office) == {Stage.CLOSED}
    assert office.balances()["cash:bank"] == 3 * 9_000


def test_each_visit_asks_its_patient_for_its_own_part(office: Play) -> None:
    whole(office)
    three_days(office)

    answered(office, "A1", PAID, PAID_BUT_COINSURANCE, PAID)

    owed = select(Posting.encounter_id).where(Posting.account == Account.AR_PATIENT)
    assert set(office.session.scalars(owed)) == {office.encounters["A2"].id}
    assert office.encounters["A2"].stage is Stage.PATIENT
    assert office.encounters["A1"].stage is Stage.CLOSED


def test_a_reversal_reopens_every_visit_of_the_claim(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", PAID, PAID, PAID, icn="ICN7")

    back = [("CO", "45", -6_000)]
    answered(
        office, "A1", back, back, back, status="22", charges=[-CHARGE] * 3, icn="ICN7"
    )  # fmt: skip
    reopened = stages(office)
    answered(office, "A1", PAID, PAID_BUT_COINSURANCE, PAID)

    assert reopened == {Stage.CLAIMS}
    assert office.balances()["AR:patient"] == 1_000
    assert stages(office) == {Stage.CLOSED, Stage.PATIENT}


def test_a_refused_visit_is_recoded_in_its_own_chart(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", PAID, TO_RECODE, PAID)

    office.answer(TaskKind.DENIAL, route="recode")
    (coding,) = office.open_tasks(TaskKind.CODING_REVIEW)
    asked_about = coding.encounter_id
    office.answer(TaskKind.CODING_REVIEW, lines="99214 | | 1 | 1")
    office.pass_to(today(office) + 2)

    replacement = sent(office)[-1]
    assert asked_about == office.encounters["A2"].id
    assert b"CLM*" in replacement
    assert b":B:7*" in replacement
    assert [replacement.count(code) for code in (b"HC:99213", b"HC:99214")] == [2, 1]
    assert office.balances()["AR:insurance:ALPHA"] == 22_000


def test_what_is_given_up_of_one_visit_comes_off_that_visit(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", PAID, REFUSED, PAID)

    office.answer(TaskKind.DENIAL, route="write_off")
    office.answer(TaskKind.WRITE_OFF_APPROVAL, Role.SUPERVISOR)

    given_up = select(Posting.encounter_id).where(Posting.account == Account.WRITE_OFF)
    assert office.session.scalars(given_up).all() == [office.encounters["A2"].id]
    assert stages(office) == {Stage.CLOSED}


def test_a_hold_on_one_visit_keeps_the_claim_here(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1")
    next_day(office)
    in_hospital(office, "A2", is_discharge=True)
    row = hold(office, "A2")

    office.pass_to(today(office) + 3)
    before = sent(office)
    holds.release(
        office.session, row, by=office.people[Role.SUPERVISOR], now=office.engine.now
    )  # fmt: skip
    office.pass_to(today(office) + 2)

    assert before == []
    assert len(sent(office)) == 1


@pytest.mark.parametrize("gone", ["A1", "A2"])
def test_a_visit_that_is_cancelled_leaves_the_claim_and_the_others_are_billed(
    office: Play, gone: str
) -> None:
    whole(office)
    in_hospital(office, "A1")
    next_day(office)
    in_hospital(office, "A2")
    next_day(office)
    in_hospital(office, "A3", is_discharge=True)
    together = billed(office)

    cancel(office, gone)
    office.pass_to(today(office) + 2)

    left = [name for name in ("A1", "A2", "A3") if name != gone]
    assert together == [["A1", "A2", "A3"]]
    assert billed(office)[1:] == [left]
    assert [claim.outcome for claim in claims(office)] == ["cancelled", None]
    assert office.balances() == {
        "AR:insurance:ALPHA": 2 * CHARGE, "revenue:charges": -2 * CHARGE
    }  # fmt: skip


def test_a_void_takes_the_charges_of_all_its_visits_back(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", PAID, PAID, PAID)
    by = office.people[Role.BILLER]
    voids.ask(office.session, office.claim("A1"), "Another person.", by, office.engine.now)
    office.react()
    office.answer(TaskKind.VOID_APPROVAL)
    office.pass_to(today(office) + 2)

    back = [("CO", "45", -6_000)]
    answered(
        office, "A1", back, back, back, status="22", charges=[-CHARGE] * 3,
        icn=office.versions(office.claim("A1"))[-1].payer_claim_number,
    )  # fmt: skip
    office.pass_to(today(office) + 2)

    assert "revenue:charges" not in office.balances()
    assert stages(office) == {Stage.CLOSED}


def test_the_next_payer_gets_them_together_if_it_wants_them_so(office: Play) -> None:
    whole(office, "ALPHA", "BETA")
    three_days(office, next_payers=["BETA"])

    answered(office, "A1", *([PAID_BUT_COINSURANCE] * 3))

    assert billed(office) == [["A1", "A2", "A3"]] * 2
    assert b"AMT*D*240~" in last_sent(office)


def test_the_next_payer_gets_them_apart_otherwise(office: Play) -> None:
    whole(office)
    three_days(office, next_payers=["BETA"])

    answered(office, "A1", *([PAID_BUT_COINSURANCE] * 3))

    assert billed(office)[1:] == [["A1"], ["A2"], ["A3"]]
    assert last_sent(office).count(b"AMT*D*80~") == 3


def test_a_forwarded_claim_stays_whole(office: Play) -> None:
    whole(office, "MEDICARE")
    three_days(office, payer="MEDICARE", next_payers=["MEDIGAP"])

    answered(office, "A1", *([PAID_BUT_COINSURANCE] * 3), payer="MEDICARE", status="19")

    assert billed(office) == [["A1", "A2", "A3"]] * 2
    assert claims(office)[1].stage is ClaimStage.CROSSED_OVER


def test_a_price_that_was_missing_is_the_price_of_every_visit(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", TO_RECODE, TO_RECODE, PAID)
    office.answer(TaskKind.DENIAL, route="recode")
    for task in office.open_tasks(TaskKind.CODING_REVIEW):
        office.answer(TaskKind.CODING_REVIEW, task=task, lines="99215 | | 1 | 1")

    office.answer(TaskKind.MISSING_MASTER_DATA, price="300.00", words="long visit")

    replacement = last_sent(office)
    assert replacement.count(b"HC:99215*300*UN*1*") == 2
    assert office.open_tasks(TaskKind.MISSING_MASTER_DATA) == []


def test_a_payer_that_turns_out_to_pay_later_is_asked_again_for_the_visit_that_is_owed(
    office: Play,
) -> None:
    whole(office)
    three_days(office, next_payers=["BETA"])
    answered(office, "A1", *([[("CO", "22", CHARGE)]] * 3))
    office.answer(TaskKind.DENIAL, route="next_payer")
    next_day(office)
    answered(office, "A1", PAID, payer="BETA")
    answered(office, "A3", PAID, payer="BETA")
    closed = {name: made.stage for name, made in office.encounters.items()}

    answered(office, "A2", PAID_BUT_COINSURANCE, payer="BETA")
    asked = last_sent(office)
    answer_by_day(office, [("A2", [("OA", "23", CHARGE - 1_000)])])

    assert closed == {"A1": Stage.CLOSED, "A2": Stage.CLAIMS, "A3": Stage.CLOSED}
    assert asked.count(b"SV1*") == 1
    assert b"AMT*D*80~" in asked
    assert stages(office) == {Stage.CLOSED}


def test_a_visit_that_is_about_to_close_does_not_when_its_claim_moves_again(office: Play) -> None:
    whole(office)
    three_days(office)
    answered(office, "A1", PAID, PAID_BUT_COINSURANCE, PAID)
    made, now = office.encounters["A2"], office.engine.now
    receive_payment(
        office.session, made.guarantor, 1_000, "card", now.today, "once", now, encounter=made
    )
    key = f"encounter:{made.encounter_no}"
    ready = stepping.take_step(office.session, StepRequest(subject=key, real_now=REAL))

    voids.ask(office.session, office.claim("A1"), "No.", office.people[Role.BILLER], now)
    settle = StepRequest(
        subject=key, rev=ready.rev, step=EncounterStep.SETTLE_WITH_PATIENT, real_now=REAL
    )
    at = stepping.take_step(office.session, settle)

    assert ready.is_ready
    assert at.stage is Stage.CLAIMS


def test_a_cancelled_visit_takes_the_questions_about_its_claim_along(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1")
    next_day(office)
    in_hospital(office, "A2")
    next_day(office)
    office.encounters["A1"].patient.address = {
        **office.encounters["A1"].patient.address, "line1": ""
    }  # fmt: skip
    in_hospital(office, "A3", is_discharge=True)
    office.answer(TaskKind.EDIT_FIX, action="codes")
    of_second = [
        task
        for task in office.open_tasks(TaskKind.CODING_REVIEW)
        if task.encounter_id == office.encounters["A2"].id
    ]
    office.answer(TaskKind.CODING_REVIEW, task=of_second[0], action="query", question="Which?")
    asked = office.open_tasks(TaskKind.PROVIDER_QUERY)

    cancel(office, "A3")

    assert len(asked) == 1
    assert office.open_tasks() == []
    assert waits_of(office, "A1") == ["the discharge that ends the stay"]


def test_only_who_stood_on_the_claim_is_told_of_a_cancellation(office: Play) -> None:
    whole(office)
    for name in ("A1", "A2", "A3"):
        in_hospital(office, name)
        next_day(office)
    in_hospital(office, "A4", is_discharge=True)

    cancel(office, "A2")
    cancel(office, "A3")

    told = select(Journal.words).where(Journal.step == stays.UNBUNDLED)
    names = {made.encounter_no: name for name, made in office.encounters.items()}
    words = [names[each.split()[0]] for each in office.session.scalars(told)]
    assert sorted(words) == ["A2", "A2", "A2", "A3", "A3"]


def test_an_answer_without_our_line_numbers_goes_by_the_day(office: Play) -> None:
    """Three like lines of three days: the second is refused, and the order is another."""
    whole(office)
    three_days(office)
    with_days = [("A3", PAID), ("A1", PAID), ("A2", PAID_BUT_COINSURANCE)]

    answer_by_day(office, with_days)

    owed = select(Posting.encounter_id).where(Posting.account == Account.AR_PATIENT)
    assert set(office.session.scalars(owed)) == {office.encounters["A2"].id}


def test_a_hold_on_one_visit_is_said_of_the_claim_that_it_stops(office: Play) -> None:
    whole(office)
    three_days(office)
    hold(office, "A2")

    rows = web_stuck.all_of(office.session, office.engine.now.at, office.engine.now.today)

    held = {row.encounter.encounter_no for row in rows if row.encounter and row.hold_id}
    assert held == {office.encounters[name].encounter_no for name in ("A1", "A2")}
