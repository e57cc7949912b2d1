"""What a chart says beside codes and charges is taken where it is plain, and only there."""

import datetime as dt
from typing import Any

from domain.claim_facts import NO_FACTS, Approval, ClaimFacts
from domain.claims import Accident, AccidentCause
from domain.parties import OtherProvider
from intake.fhir import read_bundle
from tests.intake.test_fhir import (
    bundle,
    coverage,
    encounter,
    organization,
    patient,
    practitioner,
)


def referrer(npi: str | None = "1992000004") -> dict[str, Any]:
    system = "http://hl7.org/fhir/sid/us-npi"
    return {
        "resourceType": "Practitioner", "id": "moss",
        "identifier": [{"system": system, "value": npi}] if npi else [],
        "name": [{"family": "Moss", "given": ["Ivy"]}],
    }  # fmt: skip


ORDER = {
    "resourceType": "ServiceRequest", "id": "order", "requisition": {"value": "REF5"},
    "requester": {"reference": "Practitioner/moss"},
}  # fmt: skip
CLAIM: dict[str, Any] = {
    "resourceType": "Claim", "id": "claim",
    "item": [{"encounter": [{"reference": "Encounter/visit-M1"}]}],
    "insurance": [{"coverage": {"reference": "Coverage/coverage-M1-1"}, "preAuthRef": ["AUTH7"]}],
    "accident": {
        "date": "2026-01-04", "type": {"coding": [{"code": "MVA"}]},
        "locationAddress": {"state": "OR"},
    },
}  # fmt: skip


def read(*more: dict[str, Any], **changes: Any) -> ClaimFacts:
    visit = encounter(**changes)
    data = bundle(patient(), organization(), practitioner(), coverage(), visit, *more)
    (taken,) = read_bundle(data, "a.json").taken
    return taken.facts


def test_referral_approval_and_accident_come_with_the_chart() -> None:
    facts = read(referrer(), ORDER, CLAIM, basedOn=[{"reference": "ServiceRequest/order"}])

    assert facts == ClaimFacts(
        accident=Accident(
            cause=AccidentCause.AUTO, happened_on=dt.date(2026, 1, 4), state="OR"
        ),
        approvals=(Approval(payer_no="60101", prior_auth="AUTH7", referral="REF5"),),
        referring=OtherProvider(npi="1992000004", last="Moss", first="Ivy"),
    )  # fmt: skip


def test_who_has_no_number_is_not_named() -> None:
    facts = read(referrer(None), ORDER, basedOn=[{"reference": "ServiceRequest/order"}])

    assert facts.referring is None


def test_another_encounters_claim_says_nothing_of_this_one() -> None:
    other = {**CLAIM, "item": [{"encounter": [{"reference": "Encounter/E9"}]}]}

    assert read(other) == NO_FACTS


def test_an_accident_without_a_day_is_left_to_a_person() -> None:
    assert read({**CLAIM, "accident": {"type": CLAIM["accident"]["type"]}}).accident is None
