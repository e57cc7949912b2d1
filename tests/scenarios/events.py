"""Every kind of event that a scenario may hold, and through which door it enters."""

from collections.abc import Mapping
from typing import Any

from casework import stays
from db.models import Encounter
from domain.encounter import Stage
from tests.scenarios import acts, advice, charts, debts, moneys, practice
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.seen import Event, form_of
from tests.scenarios.world import World


def happen(play: World, event: Event) -> None:  # noqa: C901, PLR0912 - one line for each kind
    match event["kind"]:
        case "charge" | "charge_selfpay":
            charts.register(play, event)
        case "late_charge":
            charts.charge_late(play, event)
        case "835" | "835_bad":
            remit(play, event)
        case "capitation":
            _capitate(play, event)
        case "patient_payment":
            moneys.pay(play, event)
        case "apply_unapplied":
            pass  # The product applies credit by itself; the balances show it.
        case "nsf":
            moneys.return_check(play, event)
        case "refund" if event["to"] in ("patient", "unapplied"):
            moneys.refund(play, event)
        case "refund":
            moneys.refund_payer(play, event)
        case "write_off":
            debts.write_off(play, event)
        case "rebill":
            debts.rebill(play, event)
        case "patient_to_insurance":
            debts.find_coverage(play, event)
        case "void_charge":
            _void_charge(play, event)
        case "action":
            acts.act(play, event)
        case unknown:
            raise LookupError(f"nobody knows how to play {unknown!r}")


def remit(play: World, event: Event) -> None:
    """The payer's 835; one that does not balance is refused by the command."""
    payment = (event["trn"], event["bpr02"])
    controls = [_line_controls(play, one["claim"], event["payer"]) for one in event["claims"]]
    content = advice.write(
        event,
        names=dict(enumerate(_pcn(play, one, event["payer"]) for one in event["claims"])),
        line_controls=dict(enumerate(controls)),
        paid_on=play.paid_on.setdefault(payment, play.engine.now.today),
        service_on=DAY_ZERO.date(),
        number=play.number(),
    )
    assert play.deliver(content) == (1 if event["kind"] == "835_bad" else 0)


def _capitate(play: World, event: Event) -> None:
    """A month's capitation: an 835 without claims, its payment told as PLB CT."""
    payer = event.get("payer") or practice.pays_by_month(play.session)
    month = {
        **event,
        "payer": payer,
        "trn": event.get("trn", f"CAP{payer}{event['day']}"),
        "bpr02": event["cents"],
        "claims": [],
        "plb": [{"code": "CT", "ref": f"MONTH{event['day']}", "cents": -event["cents"]}],
    }
    remit(play, month)


def _void_charge(play: World, event: Event) -> None:
    """The charge is gone already when the payer confirmed a void; an unsent one is cancelled."""
    made = play.encounter(event)
    if made.stage not in (Stage.CLOSED, Stage.CANCELLED):
        acts.cancel(play, made)


def _pcn(play: World, said: Mapping[str, Any], payer: str) -> str:
    """Under which of our control numbers the payer answers."""
    if said["claim"] in play.control_numbers:
        return play.control_numbers[said["claim"]]
    sent = play.submissions(play.claim(said["claim"], payer))
    # A forwarded claim keeps the number under which the first payer had it.
    sent = sent or play.submissions(play.claim(said["claim"]))
    return sent[-1].pcn


def _line_controls(play: World, name: str, payer: str) -> dict[int, str]:
    """Of the claim's lines; where it bills a whole stay, the visits' lines are counted through."""
    made: Encounter = play.encounters[name.partition(".")[0]]
    visits = [made] if made.stay_no is None else stays.visits(play.session, play.claim(name, payer))
    form = form_of(name)
    lines = [line for visit in visits for line in visit.charge_lines if line.form is form]
    return {n: f"L{line.id}" for n, line in enumerate(lines, 1)}
