"""What is owed goes to somebody else, or is given up: by the forms of tasks where one is open."""

from sqlalchemy import select

from casework import coverage_found, coverages, write_offs
from db.models import Coverage, Encounter, Payer, Plan, Task
from domain.denials import DenialRoute, WriteOffReason
from domain.tasks import Role, TaskKind
from tests.scenarios.charts import COVERED_SINCE
from tests.scenarios.seen import Event
from tests.scenarios.world import World


def write_off(play: World, event: Event) -> None:
    """The denial, or the unpaid balance, that it ends; a second person above the limit."""
    if event["approver"] == "rule":
        return  # What our own contract expected is adjusted when it is posted.
    reason = play.names.reason(event["account"])
    if event["from_"] == "patient":
        _give_up_balance(play, event, reason)
    elif task := denial_task(play, event):
        play.answer(task.kind, task=task, route=DenialRoute.WRITE_OFF, reason=reason)
    else:
        _ask(play, event, reason, "insurance")
    if play.open_tasks(TaskKind.WRITE_OFF_APPROVAL):
        play.answer(TaskKind.WRITE_OFF_APPROVAL, Role.SUPERVISOR)


def denial_task(play: World, event: Event) -> Task | None:
    """The open denial that an event means: of its claim, of its amount where there are several."""
    opened = play.open_tasks(TaskKind.DENIAL)
    if "claim" in event:
        opened = [task for task in opened if task.encounter_id == play.encounter(event).id]
    alike = [task for task in opened if task.amount_cents == event.get("cents")]
    return next(iter(alike or opened), None)


def rebill(play: World, event: Event) -> None:
    """The front desk has found who covered the day; a biller bills them."""
    made = play.encounter(event)
    if event["to"] not in _payers(play, made):
        cover(play, made, event["to"])
    task = denial_task(play, event)
    assert task is not None
    play.answer(TaskKind.DENIAL, task=task, route=DenialRoute.NEXT_PAYER)


def find_coverage(play: World, event: Event) -> None:
    """After the patient was billed somebody finds that a payer covered the day."""
    made = play.encounter(event)
    coverage = cover(play, made, event["to"])
    moved = coverage_found.bill(
        play.session, made, coverage, by=play.people[Role.FRONT_DESK], now=play.engine.now
    )
    assert moved == event["cents"]


def cover(play: World, made: Encounter, payer: str) -> Coverage:
    """The front desk enters a coverage behind those that the patient has."""
    plan = play.session.scalars(
        select(Plan).join(Payer, Payer.id == Plan.payer_id).where(Payer.payer_no == payer)
    ).one()
    row = Coverage(
        patient_id=made.patient_id,
        plan_id=plan.id,
        rank=len(_payers(play, made)) + 1,
        member_id=f"{payer}000001",
        relationship_to_subscriber="self",
        valid_from=COVERED_SINCE,
    )
    play.session.add(row)
    play.session.flush()
    return row


def _payers(play: World, made: Encounter) -> list[str]:
    return [one.plan.payer.payer_no for one in coverages.of_encounter(play.session, made)]


def _give_up_balance(play: World, event: Event, reason: WriteOffReason) -> None:
    asked = play.open_tasks(TaskKind.PATIENT_BALANCE)
    if asked and asked[0].amount_cents == event["cents"] and reason in ("hardship", "bad_debt"):
        play.answer(TaskKind.PATIENT_BALANCE, task=asked[0], route=reason)
    else:
        _ask(play, event, reason, "patient")


def _ask(play: World, event: Event, reason: WriteOffReason, side: str) -> None:
    """Without a task to answer, a biller asks for it on the encounter's page."""
    encounter, by = play.encounter(event), play.people[Role.BILLER]
    write_offs.ask(
        play.session,
        encounter,
        side=side,
        reason=reason,
        cents=event["cents"],
        note=event.get("reason", "as the scenario says"),
        by=by,
        now=play.engine.now,
        is_small=write_offs.is_small(play.session, [encounter.id], event["cents"], by),
    )
    play.react()
