"""`claimflow status [ENCOUNTER]`: where everything is, or one encounter: why, what it waits for."""

from collections.abc import Iterable, Iterator

from sqlalchemy.orm import Session

from casework.moment import Moment, moment
from commands.database import opened
from commands.failure import CommandFailed
from commands.figures import Figures, figures
from commands.screen import columns, plural, say, say_json
from commands.standing import EncounterStanding, encounter_standing
from domain.claims import Responsibility
from domain.money import dollars
from settings import Settings


def main(settings: Settings, *, encounter: str | None, as_json: bool) -> int:
    # As the pages: this role may read people's names, which the workers may not.
    with opened(settings, "claimflow_web") as sessions, sessions.begin() as session:
        now = moment(session)
        if encounter is None:
            whole = figures(session, now)
            _show(whole, _whole(whole, now), as_json=as_json)
        else:
            one = _found(session, _number(encounter), now)
            _show(one, _one(one), as_json=as_json)
    return 0


def _found(session: Session, number: str, now: Moment) -> EncounterStanding:
    found = encounter_standing(session, number, now)
    if found is None:
        raise CommandFailed(
            f"There is no encounter {number[:20]}. Its number is E and eight digits; "
            "“claimflow stuck” and the pages show those that are open."
        )
    return found


def _show(found: Figures | EncounterStanding, lines: Iterable[str], *, as_json: bool) -> None:
    if as_json:
        say_json(found)
        return
    for line in lines:
        say(line)


def _number(text: str) -> str:
    """`12`, `e12` and `E00000012` are the same encounter."""
    digits = text.strip().upper().removeprefix("E")
    return f"E{int(digits):08d}" if digits.isascii() and digits.isdigit() else text.strip().upper()


def _whole(found: Figures, now: Moment) -> Iterator[str]:
    yield f"It is {now.today} in the practice."
    yield ""
    yield "Encounters"
    if not found.encounters:
        yield "  none yet"
    yield from _counted(found.encounters)
    if found.waits:
        yield ""
        yield "Waiting for"
        yield from _counted({WAITS.get(kind, kind): n for kind, n in found.waits.items()})
    yield ""
    late = f", {found.late_tasks} of them late" if found.late_tasks else ""
    yield f"{plural(found.open_tasks, 'open task')}{late}."
    if found.stuck:
        yield f"{found.stuck} stuck, {dollars(found.stuck_cents)} wait there: “claimflow stuck”."
    else:
        yield "Nothing is stuck."
    for words in found.standstills:
        yield f"{words}."
    yield f"{plural(found.unposted_remittances, 'remittance')} to post."
    yield f"{dollars(found.open_cents)} are owed to the practice."


WAITS = {
    "task": "a person's decision",
    "message": "an answer from outside",
    "timer": "a date",
    "batch": "the next batch",
    "money": "a patient's payment",
    "stay": "other visits of a hospital stay",
}


def _counted(numbers: dict[str, int]) -> Iterator[str]:
    rows = [(f"  {name.replace('_', ' ')}", f"{number:,}") for name, number in numbers.items()]
    yield from columns(rows, right=[1])


def _one(at: EncounterStanding) -> Iterator[str]:
    yield f"{at.encounter}: {at.stage}, seen on {at.service_on}, {at.coding}"
    yield f"  {at.why}."
    if at.failure:
        yield f"  A step keeps failing: {at.failure}"
    for hold in at.holds:
        yield f"  Held: {hold}"
    yield from _waiting(at)
    if at.claims:
        yield ""
        yield "Claims"
        yield from _claims(at)
    if at.tasks:
        yield ""
        yield "Open tasks"
        yield from _tasks(at)
    yield ""
    yield (
        f"Money: {dollars(at.charges_cents)} charged; open {dollars(at.insurance_open_cents)} "
        f"at payers, {dollars(at.patient_open_cents)} at the patient"
    )
    yield ""
    yield "What happened last"
    yield from columns([(f"  {told.on}", told.words) for told in at.story])


def _waiting(at: EncounterStanding) -> Iterator[str]:
    if not at.waits and at.is_open and not at.holds:
        yield "  It waits for nothing: its next step is due now."
    for wait in at.waits:
        scope = f"Claim {wait.claim_id} waits" if wait.claim_id else "It waits"
        yield (
            f"  {scope} for {wait.what}, since {wait.since_on}, until {wait.until_on}; "
            f"then: {wait.then_what}"
        )


def _claims(at: EncounterStanding) -> Iterator[str]:
    heading = ("  claim", "payer", "", "stage", "control number", "sent on", "open")
    rows = [
        (
            f"  {claim.claim_id}",
            claim.payer,
            Responsibility(claim.responsibility).words,
            claim.stage.replace("_", " "),
            claim.pcn or "-",
            str(claim.sent_on or "-"),
            dollars(claim.open_cents),
        )
        for claim in at.claims
    ]
    yield from columns([heading, *rows], right=[6])


def _tasks(at: EncounterStanding) -> Iterator[str]:
    rows = [
        (
            f"  {task.queue.replace('_', ' ')}",
            task.title,
            f"due {task.due_on}{', escalated' if task.is_escalated else ''}",
            task.assignee or "nobody's yet",
            dollars(task.amount_cents),
        )
        for task in at.tasks
    ]
    yield from columns(rows, right=[4])
