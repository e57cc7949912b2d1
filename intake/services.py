"""What was found and done in an encounter, as far as the chart holds codes: its diagnoses in their
order, its charges, and the charges that the profile proposes."""

from collections.abc import Iterator

from domain.encounter import EncounterClass
from domain.intake import ChartedCharge
from intake import resources
from intake.elements import Element
from intake.profile import Profile
from intake.references import Chart


def read_diagnoses(chart: Chart, encounter: Element, profile: Profile) -> tuple[str, ...]:
    ranked = sorted(encounter["diagnosis"], key=lambda use: use["rank"].count(default=99))
    conditions = [chart.find(use["condition"]) for use in ranked]
    conditions = conditions or chart.about("Condition", encounter)
    concepts = [condition["code"] for condition in conditions if _is_confirmed(condition)]
    if not concepts and profile.maps_everything:
        concepts = list(encounter["reasonCode"])
    codes = (resources.read_diagnosis_code(concept) for concept in concepts)
    return tuple(dict.fromkeys(code for code in codes if code))


def _is_confirmed(condition: Element) -> bool:
    status = condition["verificationStatus"]["coding"].first["code"].text
    return status in ("", "confirmed")


def read_charges(
    chart: Chart, encounter: Element, kind: EncounterClass, profile: Profile
) -> Iterator[ChartedCharge]:
    for item in chart.about("ChargeItem", encounter):
        yield ChartedCharge(
            code=item["code"]["coding"].first["code"].needed_text(),
            modifiers=tuple(_read_modifiers(item)),
            units=item["quantity"]["value"].count(default=1),
        )
    for template in profile.charges_by_class.get(kind, ()):
        yield ChartedCharge(code=template.code, units=template.units, is_proposed=True)
    for procedure in chart.about("Procedure", encounter):
        for coding in procedure["code"]["coding"]:
            if (
                coding["system"].text in resources.PROCEDURE_SYSTEMS
                and coding["code"].text in profile.billed_procedures
            ):
                yield ChartedCharge(code=coding["code"].text, is_proposed=True)


def _read_modifiers(item: Element) -> Iterator[str]:
    for extension in item["extension"]:
        if "modifier" in extension["url"].text.lower():
            concept = extension["valueCodeableConcept"]["coding"].first["code"].text
            found = (
                concept
                or extension["valueCoding"]["code"].text
                or extension["valueCode"].text
                or extension["valueString"].text
            )
            yield from (part for part in found.replace(",", " ").split() if part)
