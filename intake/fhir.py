"""A FHIR R4 bundle read into charted encounters. Every encounter in it is taken or refused, and a
file that is no bundle at all is one refusal, never an exception."""

import json

from domain.intake import IntakeResult, Refusal
from intake.chart import read_chart
from intake.elements import Element
from intake.profile import EHR, Profile
from intake.references import Chart

_MAX_ENTRIES = 100_000


def read_bundle(data: bytes, name: str, profile: Profile = EHR) -> IntakeResult:
    try:
        root = Element(value=json.loads(data.decode("utf-8-sig")), place="Bundle")
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        return _refuse_all(name, "$", f"the file is not JSON ({_where(error)})")
    if root["resourceType"].text != "Bundle":
        return _refuse_all(name, "$.resourceType", "the file is not a FHIR Bundle")
    chart, broken = Chart(), []
    for entry in list(root["entry"])[:_MAX_ENTRIES]:
        resource = entry["resource"]
        if resource["resourceType"].text:
            chart.add(resource, *filter(None, [entry["fullUrl"].text]))
        else:
            broken.append(_refuse_entry(name, resource.place))
    chart.link()
    if not chart.by_type.get("Encounter") and not broken:
        return _refuse_all(name, "Bundle.entry", "the bundle holds no encounter")
    result = read_chart(chart, name, profile)
    return IntakeResult(taken=result.taken, refused=(*broken, *result.refused))


def _refuse_all(name: str, place: str, rule: str) -> IntakeResult:
    refusal = Refusal(
        source=name,
        place=place,
        rule=rule,
        what_to_do="Export the chart again as a FHIR R4 Bundle in JSON; nothing was taken in.",
    )
    return IntakeResult(taken=(), refused=(refusal,))


def _refuse_entry(name: str, place: str) -> Refusal:
    return Refusal(
        source=name,
        place=place,
        rule="an entry must hold a resource with a resourceType",
        what_to_do="Remove or correct this entry; the rest of the bundle was read.",
    )


def _where(error: Exception) -> str:
    match error:
        case json.JSONDecodeError():
            return f"line {error.lineno}, column {error.colno}"
        case UnicodeDecodeError():
            return f"byte {error.start} is not UTF-8"
        case _:
            return "it is nested too deeply or holds a number that is too long"
