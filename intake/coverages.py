"""Who pays for an encounter: the patient's papers of insurance, in the order in which they pay. A
paper that cannot be read costs the encounter, since the next payer must not be billed first."""

from collections.abc import Iterator

from domain.intake import ChartedCoverage, Relationship
from intake import resources
from intake.elements import Broken, Element
from intake.profile import Profile
from intake.references import Chart


def read_coverages(
    chart: Chart, encounter: Element, patient: Element, profile: Profile
) -> Iterator[ChartedCoverage]:
    day = encounter["period"]["start"].needed_day().isoformat()
    papers = chart.about("Coverage", patient)
    if profile.maps_everything:
        # A foreign export keeps each year's paper; only the one of the day counts.
        papers = [
            paper
            for paper in papers
            if paper["period"]["start"].text <= day <= (paper["period"]["end"].text or "9999")
        ]
        if not papers:
            raise Broken(
                encounter.place,
                "no coverage is in force on the day of service",
                "Add the patient's coverage in the sending system, then import again.",
            )
    order = 0
    for paper in sorted(papers, key=lambda paper: paper["order"].count(default=99)):
        for payer_id, payer_name in _read_payers(chart, paper, profile):
            order += 1
            yield _read_coverage(chart, paper, order, payer_id, payer_name)


def _read_payers(chart: Chart, paper: Element, profile: Profile) -> list[tuple[str | None, str]]:
    payor = paper["payor"].first
    organization = chart.find(payor, paper)
    name = organization["name"].text or payor["display"].text
    own_id = organization["id"].text
    if own_id in profile.refused_payers:
        rule, what_to_do = profile.refused_payers[own_id]
        raise Broken(payor.place, rule, what_to_do)
    if own_id in profile.payer_ids:
        return [(payer_id, name) for payer_id in profile.payer_ids[own_id]]
    if profile.maps_everything:
        raise Broken(
            payor.place,
            "the import profile does not map this payer",
            f"Add the payer to intake/profiles/{profile.source}.json, then import again.",
        )
    return [(resources.identifier(organization, resources.PAYER_SYSTEM), name)]


def _read_coverage(
    chart: Chart, paper: Element, order: int, payer_id: str | None, payer_name: str
) -> ChartedCoverage:
    relationship = resources.read_relationship(paper)
    has_subscriber = relationship is not Relationship.SELF and bool(paper["subscriber"])
    group = next(
        (c for c in paper["class"] if c["type"]["coding"].first["code"].text == "group"), None
    )
    return ChartedCoverage(
        order=order,
        payer_id=payer_id,
        payer_name=payer_name,
        member_id=(paper["subscriberId"] or paper["identifier"].first["value"]).text,
        group_number=group["value"].text if group is not None else None,
        relationship=relationship,
        subscriber=(
            resources.read_person(chart.find(paper["subscriber"], paper))
            if has_subscriber
            else None
        ),
        from_on=paper["period"]["start"].day(),
        to_on=paper["period"]["end"].day(),
    )
