"""How a payer judges a claim: line by line, and again after a won appeal; reversed as reported."""

from collections.abc import Iterable
from dataclasses import dataclass

from sim.adjudication import (
    Adjustment,
    ClaimLine,
    LineAnswer,
    Prior,
    denial_of,
    deny_line,
    pay_line,
)
from sim.casebook import icn_of
from sim.crossover import cross_over
from sim.draw import between
from sim.outcomes import DUPLICATE, MISSING_PRIOR, NEXT_PAYER_CARCS, Cure, Denial, Outcome
from sim.payers import PAYERS, Payer
from sim.reporting import report_claim
from sim.run import Run
from sim.store import Doc
from sim.world import Plan


@dataclass(frozen=True, kw_only=True)
class Remittance:
    """What goes into an 835 together: claim answers in order, and provider adjustments."""

    payer_id: str
    claims: tuple[Doc, ...]
    plbs: tuple[tuple[str, str, int], ...] = ()
    takes_back: tuple[str, int] | None = None
    """Reference and cents of money to be recovered from later payments."""

    @property
    def payee(self) -> str:
        """Who billed: the practice, or a facility; one payment has one payee."""
        return next((str(doc["npi"]) for doc in self.claims), "")


def adjudicate(run: Run, pcn: str) -> list[Remittance]:
    """Judge a claim that is due; a replaced or voided one is reversed first."""
    doc = run.store.claim(pcn)
    assert doc is not None
    account = run.store.account(doc["payer"], doc["encounter"])
    claims = _reverse_original(run, doc)
    if doc["frequency"] == "8":
        doc["state"] = "void"
        run.store.set_claim(doc)
        run.store.set_account(doc["payer"], doc["encounter"], account)
        return [Remittance(payer_id=doc["payer"], claims=tuple(claims))] if claims else []
    reported = _judge(run, doc, account)
    plbs = _interest(run, doc, reported)
    _plan_second_thoughts(run, doc, account, reported)
    cross_over(run, doc, reported)
    return [Remittance(payer_id=doc["payer"], claims=(*claims, reported), plbs=plbs)]


def judge_again(run: Run, pcn: str, keys: Iterable[str], *, settled: bool) -> list[Remittance]:
    """After a won appeal or a second thought: reverse the first answer, then give the right one."""
    doc = _latest(run, pcn)
    account = run.store.account(doc["payer"], doc["encounter"])
    account["cured"] = sorted({*account.get("cured", []), *keys})
    account["settled"] = account.get("settled", False) or settled
    before = doc.get("reported")
    claims = [reverse(before)] if before else []
    doc["version"] = doc.get("version", 0) + 1
    after = _judge(run, doc, account)
    cross_over(run, doc, after)
    taken = (before["paid_cents"] - after["paid_cents"]) if before else 0
    takes_back = None
    if taken > 0 and between(0, 1, run.seed, doc["encounter"], "takes back") == 1:
        takes_back = (doc["icn"], taken)
    return [Remittance(payer_id=doc["payer"], claims=(*claims, after), takes_back=takes_back)]


def _latest(run: Run, pcn: str) -> Doc:
    doc = run.store.claim(pcn)
    assert doc is not None
    while doc.get("replaced_by"):
        later = run.store.claim(doc["replaced_by"])
        assert later is not None
        if not later.get("reported"):
            break
        doc = later
    return doc


def _reverse_original(run: Run, doc: Doc) -> list[Doc]:
    original = run.store.claim(doc["replaces"]) if doc["replaces"] else None
    if original is None or original.get("replaced_by"):
        return []
    original["replaced_by"] = doc["pcn"]
    reported = original.get("reported")
    run.store.set_claim(original)
    return [reverse(reported)] if reported else []


def reverse(reported: Doc) -> Doc:
    """Every amount negated, groups and codes as they were."""
    return {
        **reported,
        "status": "22",
        "crosses_to": "",
        "charge_cents": -reported["charge_cents"],
        "paid_cents": -reported["paid_cents"],
        "patient_cents": -reported["patient_cents"],
        "lines": [
            {
                **line,
                "charge_cents": -line["charge_cents"],
                "paid_cents": -line["paid_cents"],
                "adjustments": [[g, c, -cents] for g, c, cents in line["adjustments"]],
            }
            for line in reported["lines"]
        ],
    }


def _judge(run: Run, doc: Doc, account: Doc) -> Doc:
    """Answer every line, remember the answers, and write the claim as an 835 tells it."""
    payer = PAYERS[doc["payer"]]
    plan = run.plan_of_claim(doc)
    first = _first_code(run, doc, account)
    answers = [
        _judge_line(run, doc, account, line, terms=(payer, plan), is_first=line["code"] == first)
        for line in doc["lines"]
    ]
    doc["icn"] = icn_of(doc["payer"], doc["pcn"], doc.get("version", 0))
    reported = report_claim(doc, answers, plan)
    doc["reported"], doc["state"] = reported, "answered"
    run.store.set_claim(doc)
    run.store.set_account(doc["payer"], doc["encounter"], account)
    return reported


def _first_code(run: Run, doc: Doc, account: Doc) -> str:
    known = run.encounter_of_claim(doc)
    return known.services[0].code if known else str(account.get("first", ""))


def line_of(stored: Doc) -> ClaimLine:
    prior = stored.get("prior")
    return ClaimLine(
        control=stored["control"],
        code=stored["code"],
        modifiers=tuple(stored["modifiers"]),
        units=stored["units"],
        charge_cents=stored["charge_cents"],
        diagnoses=tuple(stored["diagnoses"]),
        revenue_code=stored.get("revenue_code", ""),
        prior=Prior(
            paid_cents=prior["paid_cents"],
            adjustments=tuple(Adjustment(**one) for one in prior["adjustments"]),
        )
        if prior
        else None,
    )


def _judge_line(
    run: Run,
    doc: Doc,
    account: Doc,
    stored: Doc,
    *,
    terms: tuple[Payer, Plan],
    is_first: bool,
) -> LineAnswer:
    payer, plan = terms
    line, key = line_of(stored), stored["key"]
    if stored["is_duplicate"]:
        return deny_line(line, DUPLICATE)
    held = account["lines"].setdefault(key, {"pcn": doc["pcn"], "state": "pending"})
    if _lacks_prior(run, doc, line):
        held.update(state="denied", missing_prior=True)
        return deny_line(line, MISSING_PRIOR)
    denial = denial_of(plan, line.code, line.prior)
    if denial and not _is_cured(account, denial, key, line):
        _remember_denied(account, key, line)
        held["state"] = "denied"
        return deny_line(line, denial)
    held["state"] = "paid"
    is_final = bool(account.get("settled"))
    return pay_line(payer, plan, line, is_first=is_first, is_final=is_final)


def _lacks_prior(run: Run, doc: Doc, line: ClaimLine) -> bool:
    """A payer that comes second wants to see what the first one said, unless that one is out."""
    known = run.encounter_of_claim(doc)
    if known is None or line.prior is not None:
        return False
    covers = [cover.payer_id for cover in known.patient.covers]
    place = covers.index(doc["payer"]) if doc["payer"] in covers else 0
    if place == 0 or covers[0] not in known.plans:
        return False
    denial = denial_of(known.plans[covers[0]], line.code)
    return denial is None or denial.carc not in NEXT_PAYER_CARCS


def _is_cured(account: Doc, denial: Denial, key: str, line: ClaimLine) -> bool:
    """An appeal cures by being won; a correction only if it differs where it must."""
    if key in account.get("cured", []):
        return True
    before = account.get("denied", {}).get(key)
    if before is None or denial.cure not in {Cure.FIX, Cure.NEW_CLAIM}:
        return False
    if denial.wants and before[denial.wants] == list(getattr(line, denial.wants)):
        return False
    account["cured"] = sorted({*account.get("cured", []), key})
    return True


def _remember_denied(account: Doc, key: str, line: ClaimLine) -> None:
    account.setdefault("denied", {})[key] = {
        "modifiers": list(line.modifiers),
        "diagnoses": list(line.diagnoses),
    }


def _interest(run: Run, doc: Doc, reported: Doc) -> tuple[tuple[str, str, int], ...]:
    known = run.encounter_of_claim(doc)
    plan = known.plans.get(doc["payer"]) if known else None
    is_due = plan is not None and plan.outcome is Outcome.INTEREST and reported["paid_cents"] > 0
    if not is_due:
        return ()
    return (("L6", doc["icn"], -max(25, reported["paid_cents"] // 100)),)


def _plan_second_thoughts(run: Run, doc: Doc, account: Doc, reported: Doc) -> None:
    plan = run.plan_of_claim(doc)
    if plan.first_share is None or account.get("settled") or reported["paid_cents"] <= 0:
        return
    due = run.later(6, 14, doc["encounter"], doc["payer"], "second thoughts")
    run.store.plan(due, "reprice", doc["pcn"], {"pcn": doc["pcn"]})
