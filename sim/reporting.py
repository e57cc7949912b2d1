"""A judged claim as an 835 tells it: the document that is sent, booked, and later reversed."""

from collections.abc import Sequence

from sim.adjudication import LineAnswer
from sim.outcomes import Outcome
from sim.payers import PAYERS
from sim.store import Doc
from sim.world import Plan


def report_claim(doc: Doc, answers: Sequence[LineAnswer], plan: Plan) -> Doc:
    lines = [_reported_line(one) for one in answers]
    paid = sum(one["paid_cents"] for one in lines)
    to_patient = sum(c for one in lines for g, _, c in one["adjustments"] if g == "PR")
    payer = PAYERS[doc["payer"]]
    crosses = payer.crosses_to if plan.crosses and to_patient and doc.get("has_next", True) else ""
    return {
        "pcn": doc["clp01"],
        "icn": doc["icn"],
        "encounter": doc["encounter"],
        "status": _status(doc, plan, lines),
        "charge_cents": sum(one["charge_cents"] for one in lines),
        "paid_cents": paid,
        "patient_cents": to_patient,
        "filing": payer.filing_code,
        "frequency": doc["frequency"],
        "member": doc["member"],
        "last": doc["last"],
        "first": doc["first"],
        "npi": doc["npi"],
        "type_of_bill": doc.get("type_of_bill", ""),
        "service_on": doc["service_on"],
        "received_on": doc["received_on"],
        "crosses_to": crosses,
        "lines": lines,
    }


def _reported_line(answer: LineAnswer) -> Doc:
    return {
        "control": answer.line.control,
        "code": answer.line.code,
        "modifiers": list(answer.line.modifiers),
        "units": answer.line.units,
        "revenue_code": answer.line.revenue_code,
        "charge_cents": answer.line.charge_cents,
        "paid_cents": answer.paid_cents,
        "adjustments": [[one.group, one.carc, one.cents] for one in answer.adjustments],
        "rarcs": list(answer.rarcs),
    }


def _status(doc: Doc, plan: Plan, lines: Sequence[Doc]) -> str:
    if plan.outcome is Outcome.DENY31 and all(
        c == "31" for one in lines for _, c, _ in one["adjustments"]
    ):
        return "4"
    return {"P": "1", "S": "2", "T": "3"}.get(doc["place"], "1")
