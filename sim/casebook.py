"""How a payer takes a claim in: once, refused or held, with each line on one claim at a time."""

from collections.abc import Sequence
from dataclasses import asdict
from hashlib import sha256

from sim.adjudication import ClaimLine, denial_of
from sim.claims import Claim
from sim.draw import between, choose
from sim.outcomes import ANOTHER_FIRST, Cure, Outcome
from sim.payers import PAYERS, Payer
from sim.run import Run
from sim.store import Doc
from sim.world import Plan

REJECTIONS = (("A7", "164"), ("A6", "33"), ("A3", "21"), ("A7", "562"), ("A7", "500"))
WRONG_FREQUENCY = ("A7", "535")
UNKNOWN_ORIGINAL = ("A7", "464")
UNKNOWN_PAYER = ("A3", "116")
CORRECTIONS = frozenset({"7", "8"})
LATE_CHARGES = "5"
WAITS_FOR_INQUIRY = frozenset({Outcome.PENDED, Outcome.DEAF})


def receive(run: Run, claim: Claim) -> Doc:
    """Take a claim in. The answer's `state` says what became of it; a repeat changes nothing."""
    repeated = count_receipt(run, claim)
    known = run.store.claim(claim.pcn)
    if repeated and known:
        return {**known, "state": "repeated"}
    payer = PAYERS.get(claim.payer_id)
    if payer is None:
        return _kept(run, claim, "unknown", state="rejected", reason=UNKNOWN_PAYER)
    key, plan = run.plan_of(
        payer, claim.member_id, claim.service_on, _codes(claim), form=claim.form
    )
    account = run.store.account(payer.payer_id, key)
    reason = _rejection(run, claim, payer, plan, account)
    if reason:
        run.store.set_account(payer.payer_id, key, account)
        return _kept(run, claim, key, state="rejected", reason=reason)
    if plan.outcome is Outcome.SILENT and not account.get("lost") and not claim.on_paper:
        account["lost"] = True
        run.store.set_account(payer.payer_id, key, account)
        return _kept(run, claim, key, state="lost")
    return _accept(run, claim, payer, plan, key=key, account=account)


def _codes(claim: Claim) -> list[str]:
    return [line.code for line in claim.lines]


def count_receipt(run: Run, claim: Claim) -> bool:
    run.store.db.execute(
        "insert into receipt values (?, ?, ?, ?, 1, ?, ?)"
        " on conflict (pcn) do update set times = times + 1",
        (
            claim.pcn,
            claim.payer_id,
            claim.frequency,
            claim.charge_cents,
            run.today.isoformat(),
            "paper" if claim.on_paper else f"837{claim.form}",
        ),
    )
    row = run.store.db.execute("select times from receipt where pcn = ?", (claim.pcn,)).fetchone()
    return int(row["times"]) > 1


def _rejection(
    run: Run, claim: Claim, payer: Payer, plan: Plan, account: Doc
) -> tuple[str, str] | None:
    """Why a claim never reaches adjudication, if so; the scripted refusal happens once."""
    if claim.frequency in CORRECTIONS:
        original = run.store.claim_by_icn(claim.payer_claim_number)
        if not payer.takes_replacement(claim.form):
            return WRONG_FREQUENCY
        if original is None or not original.get("reported") or _is_unprocessable(plan):
            return UNKNOWN_ORIGINAL
    if claim.frequency == LATE_CHARGES and not payer.takes_late_charges_of(claim.form):
        return WRONG_FREQUENCY
    if plan.outcome is Outcome.REJECT and not account.get("rejected"):
        account["rejected"] = True
        return choose(REJECTIONS, run.seed, claim.member_id, claim.service_on, "rejection")
    return None


def _is_unprocessable(plan: Plan) -> bool:
    return plan.outcome is Outcome.DENYMA130


def _kept(
    run: Run,
    claim: Claim,
    key: str,
    *,
    state: str,
    reason: tuple[str, str] | None = None,
    lines: Sequence[Doc] = (),
    replaces: str = "",
) -> Doc:
    doc: Doc = {
        "pcn": claim.pcn,
        "form": claim.form,
        "type_of_bill": claim.type_of_bill,
        "clp01": claim.pcn,
        "icn": icn_of(claim.payer_id, claim.pcn, 0),
        "payer": claim.payer_id,
        "encounter": key,
        "state": state,
        "reason": list(reason or ()),
        "frequency": claim.frequency,
        "replaces": replaces,
        "place": claim.place_in_line,
        "member": claim.member_id,
        "last": claim.last,
        "first": claim.first,
        "npi": claim.billing_npi,
        "receiver": claim.receiver,
        "service_on": claim.service_on.isoformat(),
        "charge_cents": claim.charge_cents,
        "on_paper": claim.on_paper,
        "received_on": run.today.isoformat(),
        "lines": list(lines),
    }
    run.store.set_claim(doc)
    return doc


def icn_of(payer_id: str, pcn: str, version: int) -> str:
    digest = int(sha256(f"{payer_id}{pcn}".encode()).hexdigest()[:12], 16) % 10**11
    return f"{payer_id[-2:]}{digest:011}{version:02}"


def _accept(run: Run, claim: Claim, payer: Payer, plan: Plan, *, key: str, account: Doc) -> Doc:
    replaces = ""
    if claim.frequency in CORRECTIONS:
        original = run.store.claim_by_icn(claim.payer_claim_number)
        assert original is not None
        replaces = original["pcn"]
        _release(account, replaces)
    lines = [_hold(account, claim, line, payer, plan) for line in claim.lines]
    account.setdefault("first", claim.lines[0].code if claim.lines else "")
    account["attempts"] = account.get("attempts", 0) + 1
    waits = plan.outcome in WAITS_FOR_INQUIRY and not account.get("asked") and not claim.on_paper
    run.store.set_account(payer.payer_id, key, account)
    state = "pended" if waits else "accepted"
    doc = _kept(run, claim, key, state=state, lines=lines, replaces=replaces)
    if not waits:
        schedule(run, doc, account["attempts"])
    return doc


def _release(account: Doc, pcn: str) -> None:
    for held in account.get("lines", {}).values():
        if held["pcn"] == pcn:
            held["pcn"] = ""


def _hold(account: Doc, claim: Claim, line: ClaimLine, payer: Payer, plan: Plan) -> Doc:
    """Note which claim a line stands on now, unless it is still on another one: a duplicate."""
    key = _line_key(account, claim, line)
    held = account.setdefault("lines", {}).get(key)
    is_free = held is None or not held["pcn"] or _may_try_again(payer, plan, line, held)
    if is_free:
        account["lines"][key] = {"pcn": claim.pcn, "state": "pending"}
    return {**asdict(line), "key": key, "is_duplicate": not is_free}


def _line_key(account: Doc, claim: Claim, line: ClaimLine) -> str:
    """A line is known by its control number for good, else by code and occurrence."""
    controls = account.setdefault("controls", {})
    if line.control not in controls:
        same = [one.control for one in claim.lines if one.code == line.code]
        controls[line.control] = f"{line.code}#{same.index(line.control) + 1}"
    return str(controls[line.control])


def _may_try_again(payer: Payer, plan: Plan, line: ClaimLine, held: Doc) -> bool:
    """A new claim may take over a line whose denial is cured by a new claim, never another."""
    if held["state"] != "denied":
        return False
    if held.get("missing_prior"):
        return line.prior is not None
    denial = denial_of(plan, line.code)
    if denial is None:
        return False
    if denial.carc == ANOTHER_FIRST:
        return line.prior is not None
    return denial.cure is Cure.NEW_CLAIM or (
        denial.cure is Cure.FIX and not payer.takes_replacement("I" if line.is_facilitys else "P")
    )


def schedule(run: Run, doc: Doc, attempt: int) -> None:
    """Put the answer on the agenda: usually within three weeks, some weeks later for a few."""
    payer = PAYERS[doc["payer"]]
    earliest = payer.earliest_days
    is_late = between(1, 10, run.seed, doc["encounter"], payer.payer_id, attempt, "late") == 1
    due = run.later(
        earliest + (12 if is_late else 0),
        30 if is_late else earliest + 10,
        doc["encounter"],
        payer.payer_id,
        attempt,
        "days",
    )
    run.store.plan(due, "adjudicate", doc["pcn"], {"pcn": doc["pcn"]})
