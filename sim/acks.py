"""TA1, 999 and 277CA: what becomes of a file and of each claim in it before adjudication."""

from collections.abc import Sequence

from sim.payers import PAYERS
from sim.run import Run
from sim.store import Doc
from sim.x12 import BadX12Error, Envelope, Group, Interchange, amount, clean

# Professional and institutional claims.
GUIDES = frozenset({"005010X222A1", "005010X223A2"})
ACCEPTED_BY_CLEARINGHOUSE = ("A1", "19")
ACCEPTED_BY_PAYER = ("A2", "20")


def ta1_line(interchange: Interchange, verdict: str, code: str) -> str:
    return f"TA1*{interchange.control}*{interchange.day}*{interchange.time}*{verdict}*{code}"


def refused_ta1(run: Run, error: BadX12Error, receiver: str) -> str:
    """The answer to a file that cannot be read as an interchange."""
    day, hour = run.now.strftime("%y%m%d"), run.now.strftime("%H%M")
    line = f"TA1*{error.control}*{day}*{hour}*R*{error.code}"
    return run.envelope(receiver).wrap_ta1(line)


def accepted_999(envelope: Envelope, group: Group, faults: Sequence[str]) -> str:
    """A 999 for one group; `faults` holds one IK5 code or nothing for each transaction set."""
    body = [f"AK1*{group.functional_id}*{group.control}*{group.version}"]
    for one, fault in zip(group.sets, faults, strict=True):
        body.append(f"AK2*{one.kind}*{one.control}*{one.version or group.version}")
        body.append(f"IK5*R*{fault}" if fault else "IK5*A")
    good = sum(not fault for fault in faults)
    verdict = "A" if good == len(faults) else "P" if good else "R"
    body.append(f"AK9*{verdict}*{len(faults)}*{len(faults)}*{good}")
    return envelope.wrap("FA", "005010X231A1", body)


def fault_of(group: Group, at: int) -> str:
    """The IK502 code of a transaction set that cannot be taken, or nothing."""
    one = group.sets[at]
    trailer = one.segments[-1]
    if trailer[2] != one.control:
        return "3"
    if trailer[1] != str(len(one.segments)):
        return "4"
    return "" if group.version in GUIDES else "5"


def claim_ack(run: Run, docs: Sequence[Doc], source: str, batch: str, trace: str) -> str:
    """A 277CA about claims of one batch: from the clearinghouse (`AY`) or from a payer's id."""
    envelope = run.envelope(docs[0]["receiver"] or "CEDARHOLLOW")
    day = run.now.strftime("%Y%m%d")
    good = [doc for doc in docs if not _refused(doc, source)]
    bad = [doc for doc in docs if _refused(doc, source)]
    verdict = ("A1:19", "WQ") if good else ("A3:21", "U")
    body = [
        f"BHT*0085*08*{trace}*{day}*{run.now:%H%M}*TH",
        "HL*1**20*1",
        _source_name(source),
        f"TRN*1*{trace}",
        f"DTP*050*D8*{day}",
        f"DTP*009*D8*{day}",
        "HL*2*1*21*1",
        f"NM1*41*2*CEDAR HOLLOW FAMILY MEDICINE*****46*{docs[0]['receiver']}",
        f"TRN*2*{batch}",
        f"STC*{verdict[0]}*{day}*{verdict[1]}*{_total(docs)}",
        *_counts(good, bad, ("90", "AA")),
        "HL*3*2*19*1",
        f"NM1*85*2*CEDAR HOLLOW FAMILY MEDICINE*****XX*{docs[0]['npi']}",
        f"TRN*1*{trace}",
        f"STC*{verdict[0]}**{verdict[1]}*{_total(docs)}",
        *_counts(good, bad, ("QA", "QC")),
    ]
    for at, doc in enumerate(docs, 4):
        body += _patient_level(doc, at, source, day)
    return envelope.wrap("HN", "005010X214", body)


def _source_name(source: str) -> str:
    if source == "AY":
        return "NM1*AY*2*CLEARHOUSE*****46*CLEARHOUSE"
    payer = PAYERS.get(source)
    return f"NM1*PR*2*{clean(payer.name) if payer else 'UNKNOWN'}*****PI*{source}"


def _refused(doc: Doc, source: str) -> bool:
    return doc["state"] == "rejected" and refuser(doc) == source


def refuser(doc: Doc) -> str:
    """Category A3 and unknown payers are refused at the clearinghouse, the rest by the payer."""
    return "AY" if doc["reason"][0] == "A3" or doc["payer"] not in PAYERS else str(doc["payer"])


def _total(docs: Sequence[Doc]) -> str:
    return amount(sum(doc["charge_cents"] for doc in docs))


def _counts(good: Sequence[Doc], bad: Sequence[Doc], quantities: tuple[str, str]) -> list[str]:
    lines = []
    if good:
        lines.append(f"QTY*{quantities[0]}*{len(good)}")
    if bad:
        lines.append(f"QTY*{quantities[1]}*{len(bad)}")
    if good:
        lines.append(f"AMT*YU*{_total(good)}")
    if bad:
        lines.append(f"AMT*YY*{_total(bad)}")
    return lines


def _patient_level(doc: Doc, at: int, source: str, day: str) -> list[str]:
    is_refused = _refused(doc, source)
    usual = ACCEPTED_BY_CLEARINGHOUSE if source == "AY" else ACCEPTED_BY_PAYER
    category, code = doc["reason"] if is_refused else usual
    action = "U" if is_refused else "WQ"
    lines = [
        f"HL*{at}*3*PT",
        f"NM1*QC*1*{clean(doc['last'])}*{clean(doc['first'])}****MI*{doc['member']}",
        f"TRN*2*{doc['clp01']}",
        f"STC*{category}:{code}{_of_whom(code)}*{day}*{action}*{amount(doc['charge_cents'])}",
    ]
    if source != "AY" and not is_refused:
        lines.append(f"REF*1K*{doc['icn']}")
    return [*lines, f"DTP*472*D8*{doc['service_on'].replace('-', '')}"]


def _of_whom(code: str) -> str:
    """The entity a code speaks of (STC01-3): the subscriber, or who bills."""
    return {"33": ":IL", "164": ":IL", "500": ":85", "562": ":85"}.get(code, "")
