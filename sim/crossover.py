"""How a claim goes on to the supplement by itself, without the practice sending it."""

from sim.casebook import icn_of
from sim.run import Run
from sim.store import Doc


def cross_over(run: Run, doc: Doc, reported: Doc) -> None:
    """Send what was answered on to the supplement, if the patient has one and all goes well."""
    known = run.encounter_of_claim(doc)
    cover = _next_cover(run, doc, reported["crosses_to"])
    if known is None or cover is None:
        reported["crosses_to"] = ""
        run.store.set_claim(doc)
        return
    reported["status"] = "19"
    run.store.set_claim(doc)
    if known.plans[doc["payer"]].crosses != "yes":
        return
    account = run.store.account(cover[0], doc["encounter"])
    lines = [_crossed_line(account, doc, one) for one in reported["lines"]]
    lines = [one for one in lines if one]
    if lines:
        run.store.set_account(cover[0], doc["encounter"], account)
        _plan_crossover(run, doc, cover, [one for one in lines if one is not None])


def _next_cover(run: Run, doc: Doc, payer_id: str) -> tuple[str, str] | None:
    known = run.encounter_of_claim(doc)
    if known is None or not payer_id:
        return None
    found = [one for one in known.patient.covers if one.payer_id == payer_id]
    return (found[0].payer_id, found[0].member_id) if found else None


def _crossed_line(account: Doc, doc: Doc, reported: Doc) -> Doc | None:
    """The line as the supplement sees it; one that it has already is not sent twice."""
    stored = next(one for one in doc["lines"] if one["control"] == reported["control"])
    if not any(g == "PR" for g, _, _ in reported["adjustments"]) or stored["is_duplicate"]:
        return None
    key = stored["key"]
    if account.setdefault("lines", {}).get(key, {}).get("pcn"):
        return None
    account["lines"][key] = {"pcn": f"X:{doc['pcn']}", "state": "pending"}
    account.setdefault("controls", {})[stored["control"]] = key
    adjustments = [
        {"group": g, "carc": c, "cents": cents} for g, c, cents in reported["adjustments"]
    ]
    prior = {"paid_cents": reported["paid_cents"], "adjustments": adjustments}
    return {**stored, "prior": prior}


def _plan_crossover(run: Run, doc: Doc, cover: tuple[str, str], lines: list[Doc]) -> None:
    payer_id, member_id = cover
    pcn = f"X:{doc['pcn']}:{doc.get('version', 0)}"
    crossed = {
        **{key: doc[key] for key in doc if key not in {"reported", "replaced_by", "version"}},
        "pcn": pcn,
        "clp01": doc["pcn"],
        "icn": icn_of(payer_id, pcn, 0),
        "payer": payer_id,
        "member": member_id,
        "place": "S",
        "frequency": "1",
        "replaces": "",
        "state": "accepted",
        "received_on": run.today.isoformat(),
        "lines": lines,
    }
    run.store.set_claim(crossed)
    due = run.later(9, 14, doc["encounter"], payer_id, "crossover")
    run.store.plan(due, "adjudicate", pcn, {"pcn": pcn})
