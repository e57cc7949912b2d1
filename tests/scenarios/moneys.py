"""Money of patients, and money that we send back: lockbox, counter, forms of tasks."""

from casework import patients
from casework.posting import payer_refunds
from db.models import Encounter, Setting
from domain.tasks import Role, TaskKind
from tests.scenarios import practice
from tests.scenarios.seen import Event
from tests.scenarios.world import World

LOCKBOX = "received_on,statement_no,account_no,amount_cents,check_no"


def pay(play: World, event: Event) -> None:
    """Checks come through the lockbox, the rest over the counter or the page."""
    made = play.encounter(event)
    if event["how"] in ("check", "lockbox") and not event.get("unapplied"):
        play.checks += 1
        lockbox(play, made, event["cents"])
        return
    is_check = event["how"] == "check"
    play.checks += is_check
    patients.receive_payment(
        play.session,
        made.guarantor,
        event["cents"],
        event["how"],
        play.engine.now.today,
        f"scenario:{len(play.events)}",
        play.engine.now,
        encounter=made if event.get("unapplied") else None,
        check_no=_check_no(play) if is_check else None,
    )


def return_check(play: World, event: Event) -> None:
    """The bank's fee for it is the practice's, as the scenario has it."""
    _charge_for_returns(play, event["fee"])
    lockbox(play, play.encounter(event), -event["cents"])
    play.react()
    play.answer(TaskKind.RETURNED_PAYMENT)


def refund(play: World, event: Event) -> None:
    """What is left of a patient's money goes back when a biller says so."""
    (task,) = play.open_tasks(TaskKind.PATIENT_CREDIT)
    assert task.amount_cents == event["cents"]
    play.answer(TaskKind.PATIENT_CREDIT, task=task)


def refund_payer(play: World, event: Event) -> None:
    """A biller has a check sent to the payer that asks for its money."""
    payer_refunds.send(
        play.session,
        practice.payer(play.session, event["payer"]),
        event["cents"],
        reference=event.get("ref", f"DAY{event['day']}"),
        because="The payer asks for it by letter.",
        by=play.people[Role.SUPERVISOR],
        now=play.engine.now,
        is_ahead=True,
    )


def lockbox(play: World, made: Encounter, cents: int) -> None:
    statements = [one for one in play.statements() if one.guarantor_id == made.guarantor_id]
    number = statements[-1].statement_no if statements else ""
    today, account = play.engine.now.today, made.guarantor.account_no
    row = f"{today},{number},{account},{cents},{_check_no(play)}"
    arrived = play.take_in(f"{LOCKBOX}\n{row}\n".encode(), "lockbox", "lockbox.csv")
    assert not arrived.is_quarantined, arrived.sentences


def _check_no(play: World) -> str:
    return f"{1203 + play.checks}"


def _charge_for_returns(play: World, cents: int) -> None:
    play.session.merge(Setting(name="nsf_fee_cents", value={"value": cents}))
    play.session.flush()
