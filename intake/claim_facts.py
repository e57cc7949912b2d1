"""What a chart says that belongs on a claim beside codes and charges: who referred the patient,
what the payer approved, the accident. What it does not say plainly is left for a person."""

from collections.abc import Iterator, Sequence

from domain.claim_facts import Approval, ClaimFacts
from domain.claims import Accident, AccidentCause
from domain.intake import ChartedCoverage
from domain.parties import OtherProvider
from intake import resources
from intake.elements import Element
from intake.references import Chart

# FHIR's kinds of accident: on the road and at work; whatever else is another accident.
_CAUSES = {"MVA": AccidentCause.AUTO, "WPA": AccidentCause.EMPLOYMENT}


def read_facts(
    chart: Chart, encounter: Element, coverages: Sequence[ChartedCoverage]
) -> ClaimFacts:
    order = _ordered_by(chart, encounter)
    claims = list(_claims(chart, encounter))
    return ClaimFacts(
        accident=next(filter(None, map(_accident, claims)), None),
        approvals=tuple(_approvals(chart, claims, _referral(order, coverages))),
        referring=_referring(chart, order),
    )


def _ordered_by(chart: Chart, encounter: Element) -> Element | None:
    """The request that the visit answers."""
    return chart.by_reference.get(encounter["basedOn"].first["reference"].text)


def _referring(chart: Chart, order: Element | None) -> OtherProvider | None:
    """Only whose number and name the chart tells: a claim names nobody by halves."""
    if order is None:
        return None
    person = chart.by_reference.get(order["requester"]["reference"].text)
    npi = resources.identifier(person, resources.NPI_SYSTEM) if person else None
    if person is None or not npi:
        return None
    name = person["name"].first
    last, first = name["family"].text, name["given"].first.text
    return OtherProvider(npi=npi, last=last, first=first) if last else None


def _referral(order: Element | None, coverages: Sequence[ChartedCoverage]) -> Approval | None:
    """The referral's number is for the payer that is asked first."""
    number = order["requisition"]["value"].text if order else ""
    payer_no = coverages[0].payer_id if coverages else None
    return Approval(payer_no=payer_no, referral=number) if number and payer_no else None


def _claims(chart: Chart, encounter: Element) -> Iterator[Element]:
    """Claims, or requests for approval, of which an item names this encounter."""
    for claim in chart.by_type.get("Claim", []):
        named = (one["reference"].text for item in claim["item"] for one in item["encounter"])
        if any(chart.by_reference.get(name) is encounter for name in named):
            yield claim


def _approvals(
    chart: Chart, claims: Sequence[Element], referral: Approval | None
) -> Iterator[Approval]:
    numbers = dict(_numbers(chart, claims))
    if referral:
        prior_auth = numbers.pop(referral.payer_no, None)
        yield Approval(
            payer_no=referral.payer_no, prior_auth=prior_auth, referral=referral.referral
        )
    yield from (Approval(payer_no=no, prior_auth=number) for no, number in numbers.items())


def _numbers(chart: Chart, claims: Sequence[Element]) -> Iterator[tuple[str, str]]:
    for claim in claims:
        for paper in claim["insurance"]:
            coverage = chart.by_reference.get(paper["coverage"]["reference"].text)
            number = paper["preAuthRef"].first.text
            payor = coverage["payor"].first["reference"].text if coverage else ""
            payer = chart.by_reference.get(payor)
            payer_no = resources.identifier(payer, resources.PAYER_SYSTEM) if payer else None
            if number and payer_no:
                yield payer_no, number


def _accident(claim: Element) -> Accident | None:
    said = claim["accident"]
    code, happened_on = said["type"]["coding"].first["code"].text, said["date"].day()
    if not code or happened_on is None:
        return None
    return Accident(
        cause=_CAUSES.get(code, AccidentCause.OTHER),
        happened_on=happened_on,
        state=said["locationAddress"]["state"].text or None,
    )
