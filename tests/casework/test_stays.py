"""The visits of one hospital stay: on one claim where the payer wants that, apart anywhere else."""

import threading
from collections.abc import Sequence

import pytest
from sqlalchemy import create_engine, func, select
from sqlalchemy.orm import Session

from casework import discharges, holds
from casework.refusals import Refused
from casework.steps import stepping
from db.engine import connect
from db.models import Claim, Subject, Wake
from domain.claim_form import ClaimForm
from domain.encounter import Stage
from domain.steps import EncounterStep, StepRequest
from domain.tasks import Role
from tests.casework.hospital import (
    another_provider,
    billed,
    cancel,
    hold,
    in_hospital,
    last_sent,
    next_day,
    three_days,
    waits_of,
    whole,
)
from tests.casework.office import claims, open_office, sent
from tests.scenarios.engine import REAL
from tests.scenarios.play import Play


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
    assert waits_of(office, "A1") == ["the discharge that ends the stay"]
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


def test_the_payers_of_another_provider_learn_of_the_discharge_too(office: Play) -> None:
    """The discharge that one physician's visit brings ends the wait of the others."""
    whole(office)
    first, second = in_hospital(office, "A1"), in_hospital(office, "A2")
    second.provider_id = another_provider(office)
    office.react()
    on, by = office.engine.now.today, office.people[Role.FRONT_DESK]

    discharges.record(office.session, second, on, by=by, now=office.engine.now)

    woken = set(office.session.scalars(select(Wake.subject)))
    assert woken == {f"encounter:{first.encounter_no}", f"encounter:{second.encounter_no}"}
    office.react()
    assert billed(office) == [["A1"], ["A2"]]


def test_a_discharge_brings_the_end_of_the_wait_nearer(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1", diagnoses=[])
    last = in_hospital(office, "A2")
    on, by = office.engine.now.today, office.people[Role.FRONT_DESK]
    discharges.record(office.session, last, on, by=by, now=office.engine.now)

    office.pass_to(12)

    assert billed(office) == [["A2"]]


def test_a_discharge_lies_after_the_last_visit_of_the_stay(office: Play) -> None:
    first = in_hospital(office, "A1")
    next_day(office)
    in_hospital(office, "A2")
    by, now = office.people[Role.FRONT_DESK], office.engine.now

    with pytest.raises(Refused, match="between the stay's last visit on 2026-01-06 and today"):
        discharges.record(office.session, first, first.service_on, by=by, now=now)


def test_a_cancelled_visit_neither_begins_nor_ends_the_stay(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1")
    next_day(office)
    cancel(office, "A1")
    in_hospital(office, "A2")
    next_day(office)

    in_hospital(office, "A3", is_discharge=True)

    assert b"DTP*435*D8*20260106~" in last_sent(office)


def test_a_visit_that_finds_no_room_on_the_claim_goes_on_its_own(
    office: Play, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ClaimForm, "lines_max", 2)
    whole(office)

    three_days(office)

    assert billed(office) == [["A1", "A2"], ["A3"]]


def test_a_visit_on_hold_is_waited_for(office: Play) -> None:
    whole(office)
    in_hospital(office, "A1")
    next_day(office)
    in_hospital(office, "A2")
    row = hold(office, "A2")
    next_day(office)
    in_hospital(office, "A3", is_discharge=True)
    before = billed(office)

    holds.release(office.session, row, by=office.people[Role.SUPERVISOR], now=office.engine.now)
    office.react()

    assert before == []
    assert billed(office) == [["A1", "A2", "A3"]]


def test_a_long_stay_wakes_its_visits_a_bounded_number_of_times(office: Play) -> None:
    whole(office)
    for day in range(10):
        in_hospital(office, f"V{day}", is_discharge=day == 9)
        next_day(office)

    woken = office.session.scalar(select(func.max(Wake.id)))

    assert billed(office) == [[f"V{day}" for day in range(10)]]
    assert woken is None or woken <= 10 * 10 * 5


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
