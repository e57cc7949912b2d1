"""Answers 270 with 271 and 276 with 277, as the payers' files and the script say."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sim.outcomes import Outcome, pinned
from sim.payers import PAYERS
from sim.run import Run
from sim.store import Doc
from sim.world import Cover, Patient, ShareKind
from sim.x12 import Segment, TransactionSet, amount, clean

ROUTE = "clearinghouse"
PRACTICE = "CEDAR HOLLOW FAMILY MEDICINE"


@dataclass
class _Asked:
    """One subject of a 270 or 276, gathered while its levels are read."""

    payer_id: str = ""
    npi: str = ""
    trace: str = ""
    last: str = ""
    first: str = ""
    member_id: str = ""
    is_dependent: bool = False
    born_on: str = ""
    sex: str = ""
    day: str = ""
    icn: str = ""
    pcn: str = ""
    charge_cents: int = 0


def _asked(one: TransactionSet) -> list[_Asked]:
    """A TRN opens a question; what stands above it in the levels is handed down."""
    found: list[_Asked] = []
    above, current = _Asked(), None
    for segment in one.segments:
        if segment.tag == "HL":
            above, current = _stepped_down(above, segment[3]), None
        elif segment.tag == "TRN":
            current = replace(above, trace=segment[2], icn="", pcn="", day="", charge_cents=0)
            found.append(current)
        else:
            _note(above, segment)
            if current:
                _note(current, segment)
    return found


def _stepped_down(above: _Asked, level: str) -> _Asked:
    """What a new level inherits: a dependent its subscriber, a subscriber the payer."""
    match level:
        case "20":
            return _Asked()
        case "23":
            return replace(above)
        case _:
            return _Asked(payer_id=above.payer_id, npi=above.npi)


def _note(asked: _Asked, segment: Segment) -> None:
    match segment.tag, segment[1]:
        case "NM1", _:
            _note_name(asked, segment)
        case "DMG", _:
            asked.born_on, asked.sex = segment[2], segment[3]
        case "DTP", "291" | "472":
            asked.day = segment[3][:8]
        case "REF", "1K":
            asked.icn = segment[2]
        case "REF", "EJ":
            asked.pcn = segment[2]
        case "AMT", "T3":
            asked.charge_cents = segment.cents(2)


def _note_name(asked: _Asked, segment: Segment) -> None:
    match segment[1]:
        case "PR":
            asked.payer_id = segment[9]
        case "1P":
            asked.npi = segment[9]
        case "IL":
            asked.last, asked.first, asked.member_id = segment[3], segment[4], segment[9]
        case "03" | "QC":
            asked.last, asked.first, asked.is_dependent = segment[3], segment[4], True


def answer_eligibility(run: Run, one: TransactionSet, sender: str, stem: str) -> None:
    """One 271 for the questions of a 270 that get an answer at all."""
    blocks = [_eligibility(run, asked) for asked in _asked(one)]
    body = _numbered([block for block in blocks if block])
    if not body:
        return
    head = f"BHT*0022*11*{stem[-30:]}*{run.now:%Y%m%d}*{run.now:%H%M}"
    text = run.envelope(sender).wrap("HB", "005010X279A1", [head, *body])
    run.store.send(run.later(0, 1, stem, "271"), ROUTE, f"271-{stem}.x12", text)


def _numbered(blocks: Sequence[Sequence[str]]) -> list[str]:
    """Give every HL its number and its parent's; each block is a path from the payer down."""
    body: list[str] = []
    number = 0
    for block in blocks:
        parent = 0
        for line in block:
            if line.startswith("HL*"):
                number += 1
                _, level, child = line.split("*")
                body.append(f"HL*{number}*{parent or ''}*{level}*{child}")
                parent = number
            else:
                body.append(line)
    return body


def _eligibility(run: Run, asked: _Asked) -> list[str]:
    patient, cover = _find_cover(run, asked)
    outcome = _first_answer(run, asked, cover)
    if outcome is Outcome.UNANSWERED:
        return []
    head = [
        "HL*20*1",
        f"NM1*PR*2*{_payer_name(asked.payer_id)}*****PI*{asked.payer_id}",
        "HL*21*1",
        f"NM1*1P*2*{PRACTICE}*****XX*{asked.npi}",
    ]
    if asked.payer_id not in PAYERS:
        return [*head[:2], "AAA*N**79*C", *head[2:], *_person(asked, asked.member_id, "")]
    if outcome is Outcome.NOTFOUND or (cover is None and not _is_made_up(asked)):
        return [*head, *_person(asked, asked.member_id, "AAA*N**75*C")]
    member_id = cover.member_id if cover else asked.member_id
    return [*head, *_person(asked, member_id, ""), *_benefits(run, asked, outcome, patient, cover)]


def _payer_name(payer_id: str) -> str:
    payer = PAYERS.get(payer_id)
    return clean(payer.name) if payer else "UNKNOWN PAYER"


def _is_made_up(asked: _Asked) -> bool:
    """Members whom a user invents by hand are insured, unless they have no number at all."""
    return bool(asked.member_id)


def _find_cover(run: Run, asked: _Asked) -> tuple[Patient | None, Cover | None]:
    """By member id and payer, else by name and birth date: then the answer tells the number."""
    patient, cover = run.world.covers.get(asked.member_id, (None, None))
    if cover is not None and cover.payer_id == asked.payer_id:
        return patient, cover
    if len(asked.born_on) != 8:  # noqa: PLR2004 -- CCYYMMDD
        return None, None
    born_on = dt.date.fromisoformat(asked.born_on)
    person = run.world.by_person.get((asked.last.upper(), asked.first.upper(), born_on))
    covers = person.covers if person else ()
    return person, next((one for one in covers if one.payer_id == asked.payer_id), None)


def _first_answer(run: Run, asked: _Asked, cover: Cover | None) -> Outcome:
    """A member is not found, or not answered for, once; the next question is answered."""
    pin = pinned(asked.member_id)
    outcome = cover.eligibility if cover else pin or Outcome.PAID
    if outcome not in {Outcome.NOTFOUND, Outcome.UNANSWERED}:
        return outcome
    account = run.store.account(asked.payer_id, f"eligibility:{asked.member_id}")
    is_first = not account.get("asked")
    run.store.set_account(asked.payer_id, f"eligibility:{asked.member_id}", {"asked": True})
    return outcome if is_first else Outcome.PAID


def _person(asked: _Asked, member_id: str, refusal: str) -> list[str]:
    trace = f"TRN*2*{asked.trace}*9CEDARHLW1"
    name = f"*1*{clean(asked.last)}*{clean(asked.first)}"
    born = [f"DMG*D8*{asked.born_on}*{asked.sex}"] if asked.born_on and not refusal else []
    refused = [refusal] if refusal else []
    if not asked.is_dependent:
        return ["HL*22*0", trace, f"NM1*IL{name}****MI*{member_id}", *refused, *born]
    subscriber = ["HL*22*1", f"NM1*IL*1*{clean(asked.last)}*****MI*{member_id}"]
    return [*subscriber, "HL*23*0", trace, f"NM1*03{name}", *refused, *born]


def _benefits(
    run: Run, asked: _Asked, outcome: Outcome, patient: Patient | None, cover: Cover | None
) -> list[str]:
    if outcome is Outcome.INACTIVE:
        ended = asked.day or run.today.strftime("%Y%m%d")
        return [f"DTP*347*D8*{ended[:4]}0101", "EB*6**30"]
    name = _payer_name(asked.payer_id)
    lines = ["DTP*346*D8*20250101", f"EB*1**30**{name} PLAN"]
    copay = _copay_cents(run, patient, cover)
    if copay:
        lines.append(f"EB*B**98***27*{amount(copay)}*****Y")
    return lines + _other_payer(patient, cover)


def _copay_cents(run: Run, patient: Patient | None, cover: Cover | None) -> int:
    if patient is None or cover is None:
        return 0
    shares = [
        one.plans[cover.payer_id].share
        for one in run.world.encounters
        if one.patient.mrn == patient.mrn and cover.payer_id in one.plans
    ]
    return next((share.amount for share in shares if share.kind is ShareKind.COPAY), 0)


def _other_payer(patient: Patient | None, cover: Cover | None) -> list[str]:
    others = [one for one in patient.covers if one is not cover] if patient else []
    lines = []
    for one in others:
        if one.payer_id in PAYERS:
            name = f"NM1*PRP*2*{_payer_name(one.payer_id)}*****PI*{one.payer_id}"
            lines += ["EB*R**30", "LS*2120", name, "LE*2120"]
    return lines


def answer_status(run: Run, one: TransactionSet, sender: str, stem: str) -> None:
    """One 277 for the claims of a 276; about some the payer says nothing."""
    blocks = [_status(run, asked) for asked in _asked(one)]
    body = _numbered([block for block in blocks if block])
    if not body:
        return
    head = f"BHT*0010*08*{stem[-30:]}*{run.now:%Y%m%d}*{run.now:%H%M}*DG"
    text = run.envelope(sender).wrap("HN", "005010X212", [head, *body])
    run.store.send(run.later(0, 2, stem, "277"), ROUTE, f"277-{stem}.x12", text)


def _status(run: Run, asked: _Asked) -> list[str]:
    doc = _find_claim(run, asked)
    answer = _status_of(run, doc)
    if answer is None:
        return []
    code, paid_cents = answer
    day = run.now.strftime("%Y%m%d")
    charge = doc["charge_cents"] if doc else asked.charge_cents
    return [
        "HL*20*1",
        f"NM1*PR*2*{_payer_name(asked.payer_id)}*****PI*{asked.payer_id}",
        "HL*21*1",
        f"NM1*41*2*{PRACTICE}*****46*CEDARHOLLOW",
        "HL*19*1",
        f"NM1*1P*2*{PRACTICE}*****XX*{asked.npi}",
        f"HL*22*{1 if asked.is_dependent else 0}",
        f"NM1*IL*1*{clean(asked.last)}*{clean(asked.first)}****MI*{asked.member_id}",
        *_dependent(asked),
        f"TRN*2*{asked.trace}",
        f"STC*{code}*{day}**{amount(charge)}*{amount(paid_cents)}",
        *_references(asked, doc),
        f"DTP*472*D8*{asked.day or _service_day(doc) or day}",
    ]


def _references(asked: _Asked, doc: Doc | None) -> list[str]:
    """The payer's own number once it has the claim, and ours."""
    lines = []
    if doc and doc["state"] not in {"lost", "rejected"}:
        lines.append(f"REF*1K*{doc['icn']}")
    if asked.pcn or doc:
        lines.append(f"REF*EJ*{asked.pcn or (doc or {})['clp01']}")
    return lines


def _service_day(doc: Doc | None) -> str:
    return str(doc.get("service_on", "")).replace("-", "") if doc else ""


def _dependent(asked: _Asked) -> list[str]:
    if not asked.is_dependent:
        return []
    return ["HL*23*0", f"NM1*QC*1*{clean(asked.last)}*{clean(asked.first)}"]


def _find_claim(run: Run, asked: _Asked) -> Doc | None:
    """By the payer's number, by ours, else the newest for this member and day."""
    doc = run.store.claim_by_icn(asked.icn) if asked.icn else None
    doc = doc or (run.store.claim(asked.pcn) if asked.pcn else None)
    if doc or len(asked.day) != 8:  # noqa: PLR2004 -- CCYYMMDD
        return doc
    day = dt.date.fromisoformat(asked.day).isoformat()
    rows = run.store.db.execute(
        "select pcn from claim where payer = ? and json_extract(doc, '$.member') = ?"
        " and json_extract(doc, '$.service_on') = ? order by rowid desc",
        (asked.payer_id, asked.member_id, day),
    ).fetchall()
    return run.store.claim(rows[0]["pcn"]) if rows else None


def _status_of(run: Run, doc: Doc | None) -> tuple[str, int] | None:
    """Category and code with what was paid, or None where the payer keeps silent."""
    if doc is None or doc["state"] == "lost":
        return "A4:35", 0
    if doc["state"] == "rejected":
        return f"{doc['reason'][0]}:{doc['reason'][1]}", 0
    if doc["state"] == "pended":
        return _wake_pended(run, doc)
    reported = doc.get("reported")
    if reported is None:
        return "P1:20", 0
    code = "F1:65" if reported["paid_cents"] > 0 else "F2:1"
    return code, reported["paid_cents"]


def _wake_pended(run: Run, doc: Doc) -> tuple[str, int] | None:
    """The first question moves a pended claim; a deaf payer moves it without a word."""
    account = run.store.account(doc["payer"], doc["encounter"])
    account["asked"] = account.get("asked", 0) + 1
    run.store.set_account(doc["payer"], doc["encounter"], account)
    plan = run.plan_of_claim(doc)
    is_deaf = plan.outcome is Outcome.DEAF
    due = run.later(15 if is_deaf else 8, 18 if is_deaf else 12, doc["encounter"], "pended")
    run.store.plan(due, "adjudicate", doc["pcn"], {"pcn": doc["pcn"]})
    return None if is_deaf else ("P2:20", 0)
