"""The 835 of a scenario's event as a payer would write it: X12, balanced unless told otherwise."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from tests.casework.payer_files import interchange, money
from tests.scenarios.practice import originator

Claim = Mapping[str, Any]


def write(
    event: Mapping[str, Any],
    *,
    names: Mapping[int, str],
    line_controls: Mapping[int, Mapping[int, str]],
    paid_on: dt.date,
    service_on: dt.date,
    number: int,
) -> bytes:
    """`names` and `line_controls` are ours, by the claim's place in the event."""
    body = [*_head(event, paid_on), *(["LX*1"] if event["claims"] else [])]
    for place, claim in enumerate(event["claims"]):
        body += _claim(claim, names[place], line_controls[place], service_on)
    body += [_adjustment(one, paid_on) for one in event["plb"]]
    return interchange("HP", "005010X221A1", "835", [("", body)], isa=number)


def _head(event: Mapping[str, Any], paid_on: dt.date) -> list[str]:
    cents, day = event["bpr02"], f"{paid_on:%Y%m%d}"
    method = event.get("bpr04", "ACH")
    bank = "*CCP*01*999999992*DA*1*1999999999**01*999999992*DA*2*" if cents else "*" * 12
    return [
        f"BPR*I*{money(cents)}*C*{method}{bank}{day}",
        f"TRN*1*{event['trn']}*{originator(event['payer'])}",
        f"N1*PR*{event['payer']} HEALTH",
        "N3*PO BOX 7",
        "N4*FAIRMONT*TX*75201",
        "N1*PE*CEDAR HOLLOW FAMILY MEDICINE*XX*1992000004",
    ]


def _claim(claim: Claim, pcn: str, controls: Mapping[int, str], service_on: dt.date) -> list[str]:
    charge = sum(line["charge"] for line in claim["lines"])
    paid = sum(line["paid"] for line in claim["lines"])
    patient = sum(
        reason["cents"]
        for line in claim["lines"]
        for reason in line["cas"]
        if reason["group"] == "PR"
    )
    amounts = f"{money(charge)}*{money(paid)}*{money(patient)}"
    segments = [f"CLP*{pcn}*{claim['clp02']}*{amounts}*12*{claim['clp07']}*11*1"]
    if "tt" in claim:
        segments.append(f"NM1*TT*2*{claim['tt']} HEALTH*****PI*{claim['tt']}")
    if "rarc" in claim:
        segments.append("MOA***" + "*".join(claim["rarc"]))
    if "amt_i" in claim:
        segments.append(f"AMT*I*{money(claim['amt_i'])}")
    for line in claim["lines"]:
        segments += _line(line, controls[line["n"]], service_on)
    return segments


def _line(line: Mapping[str, Any], control: str, service_on: dt.date) -> list[str]:
    name = ":".join(["HC", *line["code"].split("-")])
    segments = [
        f"SVC*{name}*{money(line['charge'])}*{money(line['paid'])}**1",
        f"DTM*472*{service_on:%Y%m%d}",
        *(f"CAS*{r['group']}*{r['carc']}*{money(r['cents'])}" for r in line["cas"]),
        f"REF*6R*{control}",
    ]
    remarks = [rarc for reason in line["cas"] for rarc in reason.get("rarc", ())]
    return [*segments, *(f"LQ*HE*{rarc}" for rarc in remarks)]


def _adjustment(one: Mapping[str, Any], paid_on: dt.date) -> str:
    return f"PLB*1992000004*{paid_on.year}1231*{one['code']}:{one['ref']}*{money(one['cents'])}"
