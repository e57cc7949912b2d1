"""A folder of FHIR NDJSON files (one resource a line) read through an import profile. Every
encounter in it is taken or refused; a line that cannot be read is refused by file and line."""

import json
from pathlib import Path

from domain.intake import IntakeResult, Refusal
from intake.chart import read_chart
from intake.elements import Element
from intake.profile import Profile
from intake.references import Chart

READ = (
    "ChargeItem",
    "Composition",
    "Condition",
    "Coverage",
    "DocumentReference",
    "Encounter",
    "Organization",
    "Patient",
    "Practitioner",
    "Procedure",
    "RelatedPerson",
)


def read_folder(folder: Path, profile: Profile) -> IntakeResult:
    chart, refused = Chart(), list[Refusal]()
    for kind in READ:
        path = folder / f"{kind}.ndjson"
        if path.exists():
            refused.extend(_read_lines(path, chart))
    chart.link()
    if not chart.by_type.get("Encounter"):
        refused.append(_nothing(folder))
    result = read_chart(chart, folder.name, profile)
    return IntakeResult(taken=result.taken, refused=(*refused, *result.refused))


def _read_lines(path: Path, chart: Chart) -> list[Refusal]:
    refused = []
    for number, line in enumerate(path.read_bytes().splitlines(), start=1):
        if not line.strip():
            continue
        place = f"{path.name}:{number}"
        try:
            resource = Element(value=json.loads(line), place=place)
        except (ValueError, RecursionError):
            resource = Element(value=None, place=place)
        if resource["resourceType"].text:
            chart.add(resource)
        else:
            refused.append(_unreadable(path.parent.name, place))
    return refused


def _unreadable(source: str, place: str) -> Refusal:
    return Refusal(
        source=source,
        place=place,
        rule="each line must be one FHIR resource in JSON",
        what_to_do="Export this file again; encounters that need the line are refused with it.",
    )


def _nothing(folder: Path) -> Refusal:
    return Refusal(
        source=folder.name,
        place="Encounter.ndjson",
        rule="the folder holds no encounter",
        what_to_do="Point the import at the folder that holds Encounter.ndjson.",
    )
