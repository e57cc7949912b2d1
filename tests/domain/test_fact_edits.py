"""Edits on claim facts: each stop names the field of the page that mends it."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from domain.claim_details import ClaimDate, DateKind, Drug, DrugUnit
from domain.claim_facts import NO_FACTS, ClaimFacts, LineFacts
from domain.claims import Accident, AccidentCause
from domain.fact_edits import check_facts
from domain.findings import EditRule, EditSubject, Severity
from domain.parties import Address, OtherProvider, ServiceFacility
from tests.domain.test_edits import _CLEAN as CLEAN

DAY = CLEAN.service_on
LATER = DAY + dt.timedelta(days=1)
BAD_NPI = OtherProvider(npi="1992000005", last="Moss", first="Ivy")
SHORT_ZIP = ServiceFacility(
    name="Lake Hospital",
    npi=None,
    address=Address(line1="1 Lake Rd", city="Fairmont", state="TX", postal_code="75201"),
)


def with_line(subject: EditSubject, facts: LineFacts) -> EditSubject:
    return replace(subject, lines=(replace(subject.lines[0], facts=facts, line_id=7),))


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (ClaimFacts(accident=Accident(cause=AccidentCause.AUTO, happened_on=DAY)),
         "accident_state"),
        (ClaimFacts(accident=Accident(cause=AccidentCause.OTHER, happened_on=LATER)),
         "accident_on"),
        (ClaimFacts(onset_on=LATER), "onset_on"),
        (ClaimFacts(admitted_on=LATER), "admitted_on"),
        (ClaimFacts(referring=BAD_NPI), "referring_npi"),
        (ClaimFacts(ordering=BAD_NPI), "ordering_npi"),
        (ClaimFacts(facility=SHORT_ZIP), "facility_zip"),
        (ClaimFacts(delay_reason="12"), "delay_reason"),
        (ClaimFacts(dates=(ClaimDate(kind=DateKind.DISABILITY, on=LATER, to_on=DAY),)),
         "disability_to_on"),
        (ClaimFacts(dates=(ClaimDate(kind=DateKind.LAST_WORKED, on=DAY),
                           ClaimDate(kind=DateKind.RETURN_TO_WORK, on=DAY))),
         "return_to_work_on"),
    ],
)  # fmt: skip
def test_a_fact_that_a_payer_refuses_stops_the_claim_at_its_field(
    facts: ClaimFacts, field: str
) -> None:
    (finding,) = check_facts(replace(CLEAN, facts=facts))

    assert (finding.rule, finding.severity) == (EditRule.CLAIM_FACT, Severity.STOP)
    assert finding.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        (LineFacts(drug=Drug(ndc="2751001", quantity=Decimal(1), unit=DrugUnit.UNIT)), "ndc-7"),
        (LineFacts(drug=Drug(ndc="0" * 11, quantity=Decimal(0), unit=DrugUnit.UNIT)),
         "quantity-7"),
        (LineFacts(minutes=0), "minutes-7"),
        (LineFacts(place_of_service="1"), "line_place-7"),
        (LineFacts(note="x" * 81), "line_note-7"),
    ],
)  # fmt: skip
def test_a_lines_fact_leads_to_the_lines_own_field(facts: LineFacts, field: str) -> None:
    (finding,) = check_facts(with_line(CLEAN, facts))

    assert finding.field == field
    assert finding.place == "line 1"


def test_a_patient_in_a_hospital_was_admitted_on_some_day() -> None:
    inside = replace(CLEAN, place_of_service="21")

    (finding,) = check_facts(inside)

    assert (finding.rule, finding.field) == (EditRule.ADMISSION_MISSING, "admitted_on")
    assert list(check_facts(replace(inside, admitted_on=DAY))) == []


def test_a_laboratory_without_its_number_is_a_warning() -> None:
    tested = replace(CLEAN, lines=(replace(CLEAN.lines[0], lacks_clia=True),))

    (finding,) = check_facts(tested)

    assert (finding.rule, finding.severity) == (EditRule.CLIA_MISSING, Severity.WARN)


def test_where_nothing_is_said_nothing_is_found() -> None:
    assert list(check_facts(replace(CLEAN, facts=NO_FACTS))) == []
