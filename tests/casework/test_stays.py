"""The visits of one hospital stay: on one claim where the payer wants that, apart anywhere else."""

import datetime as dt
import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session

from casework import cancellations, holds, stays, voids
from casework.holds import HoldScope
from casework.steps import stepping
from db.engine import connect
from db.models import Claim, Encounter, Hold, Posting, Subject, Wait
from domain.encounter import ClaimStage, Stage
from domain.ledger import Account
from domain.steps import EncounterStep, StepRequest
from domain.tasks import Role, TaskKind
from tests.casework.office import CHARGE, answered, claims, open_office, sent, today
from tests.scenarios import practice
from tests.scenarios.engine import REAL
from tests.scenarios.play import Play

PAID = [("CO", "45", 6_000)]
PAID_BUT_COINSURANCE = [("CO", "45", 6_000), ("PR", "2", 1_000)]
REFUSED = [("CO", "16", CHARGE)]
TO_RECODE = [("CO", "11", CHARGE)]


def in_hospital(
    office: Play,
    name: str,
    *,
    payer: str = "ALPHA",
    next_payers: Sequence[str] = (),
    is_discharge: bool = False,
    diagnoses: Sequence[str] = ("E11.9",),
    stay: str = "H7",
) -> Encounter:
    """The physician's visit of today, of a patient in the hospital."""
    office.register(
        {"kind": "charge", "claim": name, "payer": payer, "next": list(next_payers),
         "lines": [{"n": 1, "code": "99213", "charge": CHARGE}], "stay": stay,
         "diagnoses": diagnoses, "is_discharge": is_discharge}
    )  # fmt: skip
    office.react()
    return office.encounters[name]


def next_day(office: Play) -> None:
    office.pass_to(today(office) + 1)


def three_days(office: Play, *, payer: str = "ALPHA", next_payers: Sequence[str] = ()) -> None:
    """Admitted, seen, discharged; and all the paper that follows from it goes out."""
    for name, diagnoses in (("A1", ["E11.9"]), ("A2", ["J06.9", "E11.9"]), ("A3", ["I10"])):
        in_hospital(
            office, name, payer=payer, next_payers=next_payers, diagnoses=diagnoses,
            is_discharge=name == "A3",
        )  # fmt: skip
        next_day(office)


def whole(office: Play, *payers: str) -> None:
    for name in payers or ("ALPHA",):
        practice.payer(office.session, name).takes_stays_whole = True


def billed(office: Play) -> list[list[str]]:
    """The visits of each claim, by their names here."""
    names = {made.id: name for name, made in office.encounters.items()}
    return [
        [names[each.id] for each in stays.visits(office.session, claim)] for claim in claims(office)
    ]


def stages(office: Play) -> set[Stage]:
    office.session.expire_all()
    return {made.stage for made in office.encounters.values()}


def waits_of(office: Play, name: str) -> list[str]:
    key = f"encounter:{office.encounters[name].encounter_no}"
    open_waits = select(Wait.what).where(Wait.subject == key, Wait.ended_at.is_(None))
    return list(office.session.scalars(open_waits.order_by(Wait.id)))


def hold(office: Play, name: str) -> Hold:
    until_on = office.engine.now.today + dt.timedelta(days=10)
    return holds.hold(
        office.session, HoldScope(encounter_id=office.encounters[name].id), "audit", until_on,
        by=office.people[Role.SUPERVISOR], now=office.engine.now,
    )  # fmt: skip


def cancel(office: Play, name: str) -> None:
    made, by = office.encounters[name], office.people[Role.FRONT_DESK]
    cancellations.cancel(office.session, made, "Entered twice.", by, office.engine.now)
    office.react()


def test_a_payer_that_wants_stays_whole_gets_one_claim_when_the_patient_has_left(
    office: Play,
) -> None:
    whole(office)

    three_days(office)

    assert billed(office) == [["A1", "A2", "A3"]]
    (content,) = sent(office)
    assert content.count(b"CLM*") == 1
    assert b"HI*ABK:E119*ABF:J069*ABF:I10~" in content
    assert b"DTP*435*D8*20260105~" in content
    assert b"DTP*096*D8*20260107~" in content
    for day, pointers in ((5, "1"), (6, "2:1"), (7, "3")):
        line = f"SV1*HC:99213*150*UN*1***{pointers}~DTP*472*D8*202601{day:02d}~"
        assert line.encode() in content.replace(b"~\n", b"~")


def test_any_other_payer_gets_a_claim_a_visit_at_once(office: Play) -> None:
    three_days(office)

    assert billed(office) == [["A1"], ["A2"], ["A3"]]


def test_until_the_discharge_a_visit_waits_and_says_for_what(office: Play) -> None:
    whole(office)

    in_hospital(office, "A1")
    in_hospital(office, "A2")

    assert claims(office) == []
    assert waits_of(office, "A1") == ["the discharge that ends the stay H7"]
    leader = office.encounters["A1"].encounter_no
    assert waits_of(office, "A2") == [f"{leader}, whose claim bills the whole stay"]


def test_a_stay_without_end_is_billed_month_by_month(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1")
    in_hospital(office, "A2")

    office.pass_to(26)
    before = claims(office)
    office.pass_to(40)

    assert before == []
    assert billed(office) == [["A1", "A2"]]


def test_a_visit_whose_charges_do_not_come_is_not_waited_for_longer_than_a_week(
    office: Play,
) -> None:
    whole(office)
    in_hospital(office, "A1")
    in_hospital(office, "A2", diagnoses=[])
    in_hospital(office, "A3", is_discharge=True)
    waiting = waits_of(office, "A1")

    office.pass_to(10)

    assert waiting == [f"the charges of {office.encounters['A2'].encounter_no}, of the same stay"]
    assert billed(office) == [["A1", "A3"]]
    assert office.encounters["A2"].stage is Stage.CODING


def test_visits_of_another_stay_go_apart(office: Play) -> None:
    whole(office)

    in_hospital(office, "A1", is_discharge=True)
    in_hospital(office, "A2", is_discharge=True, stay="H8")

    assert billed(office) == [["A1"], ["A2"]]


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
    assert b"AMT*D*240~" in _last_sent(office)


def test_the_next_payer_gets_them_apart_otherwise(office: Play) -> None:
    whole(office)
    three_days(office, next_payers=["BETA"])

    answered(office, "A1", *([PAID_BUT_COINSURANCE] * 3))

    assert billed(office)[1:] == [["A1"], ["A2"], ["A3"]]
    assert _last_sent(office).count(b"AMT*D*80~") == 3


def test_a_forwarded_claim_stays_whole(office: Play) -> None:
    whole(office, "MEDICARE")
    three_days(office, payer="MEDICARE", next_payers=["MEDIGAP"])

    answered(office, "A1", *([PAID_BUT_COINSURANCE] * 3), payer="MEDICARE", status="19")

    assert billed(office) == [["A1", "A2", "A3"]] * 2
    assert claims(office)[1].stage is ClaimStage.CROSSED_OVER


def test_visits_that_are_planned_at_the_same_time_are_billed_once(database_url: str) -> None:
    engine = create_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        office = open_office(session)
        whole(office)
        for name in ("A1", "A2", "A3"):
            in_hospital(office, name)
        office.encounters["A3"].discharged_on = office.engine.now.today
        session.commit()
        keys = [f"encounter:{made.encounter_no}" for made in office.encounters.values()]
    engine.dispose()

    failures = _at_the_same_time(database_url, [*keys, *reversed(keys)] * 3)

    with Session(create_engine(database_url)) as session:
        made = session.scalars(select(Claim)).all()
        assert failures == []
        assert [len(claim.lines) for claim in made] == [3]


def _at_the_same_time(database_url: str, keys: Sequence[str]) -> list[Exception]:
    """Each subject looks, then plans its claims, while the others do."""
    engine = connect(database_url, "claimflow_worker")
    failures: list[Exception] = []
    start = threading.Barrier(len(keys))

    def plan(key: str) -> None:
        try:
            start.wait(30)
            rev = _take(engine, key, None, None)
            _take(engine, key, rev, EncounterStep.PLAN_CLAIMS)
        except Exception as failure:
            failures.append(failure)

    planners = [threading.Thread(target=plan, args=(key,)) for key in keys]
    for planner in planners:
        planner.start()
    for planner in planners:
        planner.join(60)
    engine.dispose()
    return failures


def _take(engine, key: str, rev: int | None, step: EncounterStep | None) -> int:  # type: ignore[no-untyped-def]
    with Session(engine) as session, session.begin():
        if step is not None:
            at = session.scalars(select(Subject).where(Subject.key == key)).one()
            rev = at.rev
        request = StepRequest(subject=key, rev=rev, step=step, real_now=REAL)
        return stepping.take_step(session, request).rev


def _last_sent(office: Play) -> bytes:
    office.pass_to(today(office) + 2)
    return sent(office)[-1]
