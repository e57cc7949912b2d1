"""One finished FHIR Encounter and what it refers to, read into a charted encounter. All of it is
read or none: a broken part costs the encounter that depends on it, and no other."""

import datetime as dt
import re

from domain.encounter import EncounterClass
from domain.intake import ChartedDocument, ChartedEncounter, IntakeResult, Refusal
from intake import resources
from intake.claim_facts import read_facts
from intake.coverages import read_coverages
from intake.elements import Broken, Element
from intake.profile import Profile
from intake.references import Chart
from intake.services import read_charges, read_diagnoses

# The code system of places of service, under which a chart's location may tell its own.
_PLACE_SYSTEM = "https://www.cms.gov/Medicare/Coding/place-of-service-codes"
_PLACE = re.compile(r"[0-9]{2}")
_PLACES = {
    EncounterClass.AMBULATORY: "11",
    EncounterClass.INPATIENT: "21",
    EncounterClass.EMERGENCY: "23",
}


def read_chart(chart: Chart, source: str, profile: Profile) -> IntakeResult:
    """Every encounter in the chart, taken or refused, in the order of the source."""
    taken: list[ChartedEncounter] = []
    refused: list[Refusal] = []
    seen: set[str] = set()
    for encounter in chart.by_type.get("Encounter", []):
        key = f"{profile.source}:{_own_id(encounter) or encounter.place}"
        try:
            if key in seen:
                raise _come_twice(encounter)
            taken.append(_read_encounter(chart, encounter, key, profile))
        except Broken as broken:
            refused.append(_refusal(source, broken, None if key in seen else key))
        seen.add(key)
    return IntakeResult(taken=tuple(taken), refused=tuple(refused))


def _refusal(source: str, broken: Broken, key: str | None) -> Refusal:
    return Refusal(
        source=source,
        place=broken.place,
        rule=broken.rule,
        what_to_do=broken.what_to_do,
        encounter_key=key,
    )


def _come_twice(encounter: Element) -> Broken:
    return Broken(
        encounter.place,
        "an encounter may come only once in a file",
        "Remove this second copy; the first was read.",
    )


def _own_id(encounter: Element) -> str:
    return encounter["identifier"].first["value"].text or encounter["id"].text


def _read_encounter(
    chart: Chart, encounter: Element, key: str, profile: Profile
) -> ChartedEncounter:
    if encounter["status"].text != "finished":
        raise Broken(
            encounter["status"].place,
            "only a finished encounter can be billed",
            "Close the encounter in the sending system, then send it again.",
        )
    kind = _read_class(encounter)
    patient = chart.find(encounter["subject"])
    service_on = encounter["period"]["start"].needed_day()
    _refuse_after_death(patient, encounter)
    npi, name = _read_provider(chart, encounter, profile)
    coverages = tuple(read_coverages(chart, encounter, patient, profile))
    return ChartedEncounter(
        source=profile.source,
        source_key=key,
        patient=resources.read_patient(patient),
        coverages=coverages,
        provider_npi=npi,
        provider_name=name,
        encounter_class=kind,
        place_of_service=_read_place(chart, encounter) or _PLACES[kind],
        service_on=service_on,
        discharged_on=_read_discharge(chart, encounter),
        stay_no=_read_stay(encounter) if kind is EncounterClass.INPATIENT else None,
        notes=_read_notes(chart, encounter),
        diagnoses=read_diagnoses(chart, encounter, profile),
        charges=tuple(read_charges(chart, encounter, kind, profile)),
        facts=read_facts(chart, encounter, coverages),
    )


def _read_class(encounter: Element) -> EncounterClass:
    code = encounter["class"]["code"]
    try:
        return EncounterClass(code.needed_text())
    except ValueError:
        raise Broken(
            code.place,
            "the class of an encounter must be AMB, EMER or IMP",
            "Correct the class in the sending system, or register the encounter by hand.",
        ) from None


def _read_place(chart: Chart, encounter: Element) -> str | None:
    """The place of service by its own number, where the chart's location tells it."""
    where = chart.by_reference.get(encounter["location"].first["location"]["reference"].text)
    codings = [coding for kind in where["type"] for coding in kind["coding"]] if where else []
    told = [coding["code"].text for coding in codings if coding["system"].text == _PLACE_SYSTEM]
    return next((code for code in told if _PLACE.fullmatch(code)), None)


def _read_stay(encounter: Element) -> str | None:
    """The stay that it was part of, by its own number, else by what it is called in the source."""
    whole = encounter["partOf"]
    return whole["identifier"]["value"].text or whole["reference"].text.rpartition("/")[2] or None


def _read_discharge(chart: Chart, encounter: Element) -> dt.date | None:
    """The end of the encounter. One visit of a stay ends long before the stay does, unless it says
    where the patient was discharged to."""
    if not encounter["partOf"] or encounter["hospitalization"]["dischargeDisposition"]:
        return encounter["period"]["end"].day()
    whole = chart.by_reference.get(encounter["partOf"]["reference"].text)
    return whole["period"]["end"].day() if whole else None


def _refuse_after_death(patient: Element, encounter: Element) -> None:
    died_on = patient["deceasedDateTime"].day()
    if died_on is not None and encounter["period"]["start"].needed_day() > died_on:
        raise Broken(
            encounter["period"]["start"].place,
            "the service lies after the patient's death",
            "Correct the date of service or the patient's record in the sending system.",
        )


def _read_provider(chart: Chart, encounter: Element, profile: Profile) -> tuple[str | None, str]:
    attending = next(
        (
            p
            for p in encounter["participant"]
            if p["type"].first["coding"].first["code"].text == "ATND"
        ),
        encounter["participant"].first,
    )
    practitioner = chart.find(attending["individual"])
    name = attending["individual"]["display"].text or resources.person_name(practitioner)
    npi = resources.identifier(practitioner, resources.NPI_SYSTEM)
    npi = npi or profile.practitioner_npis.get(practitioner["id"].text)
    if npi is None and profile.maps_everything:
        raise Broken(
            attending["individual"].place,
            "the practitioner has no NPI and the import profile does not map them",
            f"Add the practitioner to intake/profiles/{profile.source}.json, then import again.",
        )
    return npi, name


def _read_notes(chart: Chart, encounter: Element) -> tuple[ChartedDocument, ...]:
    """Physicians' notes come before nursing and triage: the coder opens the first one."""
    papers = chart.about("Composition", encounter) + chart.about("DocumentReference", encounter)
    notes = [resources.read_document(paper, _author(chart, paper)) for paper in papers]
    return tuple(sorted(notes, key=lambda n: (_is_nursing(n), str(n.signed_at), n.kind)))


def _is_nursing(note: ChartedDocument) -> bool:
    return any(word in note.kind.lower() for word in ("nurse", "triage"))


def _author(chart: Chart, paper: Element) -> str:
    author = paper["author"].first
    known = chart.by_reference.get(author["reference"].text)
    return author["display"].text or (resources.person_name(known) if known else "")
