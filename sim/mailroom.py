"""The payers' mail: paper claims, appeals, records, disputes in; letters and 835s out."""

import json

from sim import casebook, judging
from sim.adjudication import denial_of
from sim.claims import read_paper_claim
from sim.judging import Remittance
from sim.outcomes import Cure, Outcome
from sim.payers import PAYERS
from sim.run import Run
from sim.store import Doc
from sim.world import Plan

WANTED = {"appeal": Cure.APPEAL, "records": Cure.RECORDS, "reopening": Cure.FIX}


def take_manifest(run: Run, text: str) -> None:
    """One manifest of the outbound mail; the PDF beside it is for people."""
    manifest = json.loads(text)
    if manifest["kind"] == "claim":
        _take_paper_claim(run, manifest)
    elif manifest["kind"] != "attachment":
        # What goes beside a claim is put with it and answered by nobody.
        _take_request(run, manifest)


def _take_paper_claim(run: Run, manifest: Doc) -> None:
    doc = casebook.receive(run, read_paper_claim(manifest))
    if doc["state"] == "rejected":
        letter = _letter(
            run, doc["payer"], file_no=doc["icn"], reference=doc["pcn"], decision="returned"
        )
        run.store.send(run.later(5, 8, doc["pcn"]), "mail", f"letter-{doc['pcn']}.txt", letter)


def _take_request(run: Run, manifest: Doc) -> None:
    """An appeal is noted once under its reference and decided weeks later."""
    reference = manifest["reference"]
    run.store.db.execute(
        "insert into appeal values (?, ?, ?, ?, ?, 'open', 1, ?)"
        " on conflict (reference) do update set times = times + 1",
        (
            reference,
            manifest.get("payer_id"),
            manifest.get("pcn"),
            manifest["kind"],
            int(manifest.get("level") or 1),
            run.today.isoformat(),
        ),
    )
    low, high = (15, 25) if manifest["kind"] == "records" else (30, 45)
    about = manifest.get("lines") or [manifest.get("pcn")]
    due = run.later(low, high, min(about), manifest.get("level"), manifest["kind"])
    run.store.plan(due, "appeal", reference, manifest)


def decide_request(run: Run, manifest: Doc) -> list[Remittance]:
    """A won request is answered by a new 835, a lost one by a letter."""
    doc = _claim_of(run, manifest)
    won = _won_keys(run, doc, manifest) if doc else []
    run.store.db.execute(
        "update appeal set outcome = ? where reference = ?",
        ("won" if won else "lost", manifest["reference"]),
    )
    if doc and won:
        settled = manifest["kind"] == "dispute"
        return judging.judge_again(run, doc["pcn"], won, settled=settled)
    icn = (doc or {}).get("icn") or manifest.get("payer_claim_number") or "unknown"
    letter = _letter(
        run,
        str(manifest.get("payer_id")),
        file_no=icn,
        reference=manifest["reference"],
        decision="upheld",
    )
    run.store.send(run.today, "mail", f"letter-{manifest['reference']}.txt", letter)
    return []


def _claim_of(run: Run, manifest: Doc) -> Doc | None:
    doc = run.store.claim(str(manifest.get("pcn")))
    doc = doc or run.store.claim_by_icn(str(manifest.get("payer_claim_number")))
    return doc if doc and doc.get("reported") else None


def _won_keys(run: Run, doc: Doc, manifest: Doc) -> list[str]:
    """The lines this request wins: the right kind, at a level high enough, not yet granted."""
    account = run.store.account(doc["payer"], doc["encounter"])
    plan = run.plan_of_claim(doc)
    if manifest["kind"] == "dispute":
        is_short = plan.outcome is Outcome.UNDERPAID and not account.get("settled")
        return [line["key"] for line in doc["lines"]] if is_short else []
    asked = manifest.get("lines") or [line["control"] for line in doc["lines"]]
    level = int(manifest.get("level") or 1)
    return [
        line["key"]
        for line in doc["lines"]
        if line["control"] in asked
        and line["key"] not in account.get("cured", [])
        and _wins(plan, line["code"], manifest["kind"], level)
    ]


def _wins(plan: Plan, code: str, kind: str, level: int) -> bool:
    denial = denial_of(plan, code)
    return denial is not None and denial.cure is WANTED.get(kind) and level >= denial.level


def send_stray_letter(run: Run, number: int) -> None:
    """Mail that names nothing of ours; a person must say what it is."""
    payer = PAYERS[sorted(PAYERS)[number % len(PAYERS)]]
    text = "\n".join([payer.name, "Provider Relations", "", f"Date: {run.today}", "", *_STRAY, ""])
    run.store.send(run.today, "mail", f"letter-general-{number:03}.txt", text)


def _letter(run: Run, payer_id: str, *, file_no: str, reference: str, decision: str) -> str:
    payer = PAYERS.get(payer_id)
    prose = _PROSE[decision]
    head = [
        payer.name if payer else "Unknown payer",
        "Claims Review",
        "",
        f"Our file: {file_no}",
        f"Your reference: {reference}",
        f"Decision: {decision}",
        f"Date: {run.today}",
        "",
    ]
    return "\n".join([*head, *prose, ""])


_UPHELD = (
    "We have looked at your request together with the papers you sent.",
    "Our first decision stands. You may ask for a review at the next level if your",
    "agreement with us provides one.",
)
_RETURNED = (
    "We return your claim unprocessed: the insured's number could not be read.",
    "Please send a new claim.",
)
_PROSE = {"upheld": _UPHELD, "returned": _RETURNED}
_STRAY = (
    "A message to all practices: our claims department moves to another floor.",
    "Mail is forwarded. No answer is needed.",
)
