"""What the world does on a business day, in one transaction a day, in an order of its own."""

import datetime as dt
import json
from dataclasses import replace

from sim import ehr, judging, mailroom, patients, remittance
from sim.days import DAY, add_business_days
from sim.judging import Remittance
from sim.run import Run
from sim.store import Doc
from sim.world import World

JUNK = "This is not a claim file: the upload was interrupted.\n"
QUIET_DAYS = 5
"""Business days without anything to do after which debts are closed: long enough for an answer."""


def plan_world(run: Run) -> None:
    """Put everybody's arrival, some stray mail and one broken file on the agenda, once."""
    for encounter in run.world.encounters:
        body = ehr.bundle_bytes(encounter)
        run.store.send(encounter.arrives_on, "ehr", ehr.file_name(encounter), body)
    _plan_repeated_arrivals(run, run.world)
    for number in range(1, 2 + len(run.world.encounters) // 100):
        due = add_business_days(run.world.start_on, 8 + 12 * number)
        run.store.plan(due, "stray", str(number), {"number": number})
    due = add_business_days(run.world.start_on, 6)
    run.store.send(due, "clearinghouse", "upload-interrupted.x12", JUNK)


def _plan_repeated_arrivals(run: Run, world: World) -> None:
    """An EHR now and then sends the same encounter again, under another file name."""
    for encounter in world.encounters[10::40]:
        name = ehr.file_name(encounter).replace(".json", "-again.json")
        due = add_business_days(encounter.arrives_on, 2)
        run.store.send(due, "ehr", name, ehr.bundle_bytes(encounter))


def work_off(run: Run) -> bool:
    """Do what is due, day by day; each day is one transaction. Says whether anything was."""
    worked = False
    while items := run.store.due(run.today):
        day = dt.date.fromisoformat(items[0]["due_on"])
        moment = run.now if day == run.today else dt.datetime.combine(day, dt.time(12), dt.UTC)
        with run.store.change():
            _work_day(
                replace(run, now=moment), [(one["kind"], json.loads(one["doc"])) for one in items]
            )
            for item in items:
                run.store.done(item)
        worked = True
    return worked


def _work_day(run: Run, items: list[tuple[str, Doc]]) -> None:
    remittances: list[Remittance] = []
    checks: list[Doc] = []
    for kind, doc in items:
        match kind:
            case "adjudicate":
                remittances += judging.adjudicate(run, doc["pcn"])
            case "reprice":
                remittances += judging.judge_again(run, doc["pcn"], (), settled=True)
            case "appeal":
                remittances += mailroom.decide_request(run, doc)
            case "check":
                checks += patients.write_check(run, doc)
            case "bounce":
                checks += patients.return_check(run, doc)
            case _:
                _happen(run, kind, doc)
    remittance.send_remittances(run, remittances)
    patients.send_lockbox(run, checks)


def _happen(run: Run, kind: str, doc: Doc) -> None:
    match kind:
        case "stray":
            mailroom.send_stray_letter(run, doc["number"])
        case "flush":
            remittance.flush_debts(run)
        case _:
            raise AssertionError(f"The agenda holds an unknown kind: {kind}")


def plan_flush(run: Run) -> None:
    """When nothing else is pending, debts that no later payment can bear are closed."""
    count, _ = run.store.pending()
    owes = run.store.db.execute("select 1 from debt limit 1").fetchone()
    if count == 0 and owes:
        due = add_business_days(run.today + DAY, QUIET_DAYS - 1)
        with run.store.change():
            run.store.plan(due, "flush", due.isoformat(), {})
