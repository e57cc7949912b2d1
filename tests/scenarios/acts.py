"""What people do in a scenario without moving money: letters, corrections, plans, voids."""

import datetime as dt

from casework import cancellations, patients, resends, voids
from db.models import Encounter
from domain.denials import DenialRoute
from domain.dunning import Instalment
from domain.tasks import Role, TaskKind
from tests.scenarios.debts import denial_task
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.naming import kind_of
from tests.scenarios.seen import Event
from tests.scenarios.world import World

LETTERS = {"appeal": DenialRoute.APPEAL, "records": DenialRoute.SEND_RECORDS}
FIXES = {
    "corrected claim": DenialRoute.CORRECT,
    "recoded claim": DenialRoute.RECODE,
    "registration fixed": DenialRoute.FIX_REGISTRATION,
}
NOTICES = {"statement": "statement", "reminder": "reminder", "final notice": "final"}


def act(play: World, event: Event) -> None:  # noqa: C901, PLR0912 - one line for each kind of action
    match event["what"]:
        case notice if notice in NOTICES:
            _expect_notice(play, event)
        case fix if fix in FIXES:
            _decide(play, event, FIXES[fix])
        case letter if letter in LETTERS:
            _decide(play, event, LETTERS[letter])
            if play.open_tasks(TaskKind.APPEAL_REVIEW):
                play.answer(TaskKind.APPEAL_REVIEW)
        case "secondary claim":
            made = play.claim(event.get("claim", "A1"), event["payer"])
            assert made.responsibility == "S"
        case "dispute":
            play.answer(TaskKind.UNDERPAYMENT, action="dispute")
            play.answer(TaskKind.APPEAL_REVIEW)
        case "accept underpayment":
            play.answer(TaskKind.UNDERPAYMENT, action="accept")
        case "decision":
            _decide_by_letter(play, event)
        case answer if answer.startswith("277CA "):
            play.acknowledge(answer.split()[1])
        case "rejection mended":
            play.answer(TaskKind.REJECTION)
        case "claim sent again by a person":
            _send_again(play, event)
        case "plan":
            _agree_plan(play, event)
        case "void claim":
            _void(play, event)
        case what if what.startswith("task "):
            _expect_task(play, event)
        case unknown:
            raise LookupError(f"nobody knows how to act {unknown!r}")


def cancel(play: World, made: Encounter) -> None:
    """Nothing was sent yet: the charge was a mistake of ours."""
    by = play.people[Role.FRONT_DESK]
    cancellations.cancel(play.session, made, "Entered by mistake.", by, play.engine.now)


def _expect_notice(play: World, event: Event) -> None:
    kind = NOTICES[event["what"]]
    last = [one for one in play.statements() if one.kind == kind][-1]
    assert last.amount_cents == event["cents"]


def _decide(play: World, event: Event, route: DenialRoute) -> None:
    task = denial_task(play, event)
    assert task is not None
    play.answer(TaskKind.DENIAL, task=task, route=route)


def _decide_by_letter(play: World, event: Event) -> None:
    (case,) = [letter for letter in play.letters() if letter.status == "sent"]
    text = (
        f"Your reference: {case.reference}\nDecision: {event['result']}\n"
        f"Date: {play.engine.now.today}\n"
    )
    play.take_in(text.encode(), "mail", "letter.txt")
    play.react()
    play.answer(TaskKind.APPEAL_DECISION)


def _send_again(play: World, event: Event) -> None:
    first, name = event["claim"].partition(".")[0], event["claim"]
    claim, by = play.claim(first), play.people[Role.BILLER]
    play.control_numbers[first] = play.submissions(claim)[-1].pcn
    resends.send_again(play.session, claim, "The payer says it never came.", by, play.engine.now)
    play.react()
    play.control_numbers[name] = play.submissions(claim)[-1].pcn


def _agree_plan(play: World, event: Event) -> None:
    parts = tuple(
        Instalment(due_on=DAY_ZERO.date() + dt.timedelta(days=due), cents=cents)
        for due, cents in zip(event["due"], event["instalments"], strict=True)
    )
    guarantor, grace_days = play.encounter(event).guarantor, event["grace_days"]
    patients.agree_plan(play.session, guarantor, parts, play.engine.now, grace_days=grace_days)


def _void(play: World, event: Event) -> None:
    claim, by = play.claim(event.get("claim", "A1")), play.people[Role.BILLER]
    voids.ask(play.session, claim, "The wrong patient was billed.", by, play.engine.now)
    play.react()
    play.answer(TaskKind.VOID_APPROVAL, Role.SUPERVISOR)


def _expect_task(play: World, event: Event) -> None:
    kind = kind_of(event["what"].removeprefix("task "))
    assert kind is not None
    amounts = [task.amount_cents for task in play.open_tasks(kind)]
    assert event.get("amount", event.get("difference")) in amounts
