"""Edits on what a claim says beside codes and charges: each leads to the field that mends it."""

from collections.abc import Iterator

from domain.claim_fact_rules import claim_problems, line_problems
from domain.findings import EditRule, EditSubject, Finding, Severity

# A hospital's beds: a payer wants to know since when the patient lay there.
_INPATIENT = "21"
PLACE = "claim facts"


def check_facts(subject: EditSubject) -> Iterator[Finding]:
    yield from claim_facts(subject)
    yield from line_facts(subject)
    yield from admission_missing(subject)
    yield from clia_missing(subject)


def claim_facts(subject: EditSubject) -> Iterator[Finding]:
    for field, words in claim_problems(subject.facts, service_on=subject.service_on):
        yield _stop(EditRule.CLAIM_FACT, PLACE, words, field)


def line_facts(subject: EditSubject) -> Iterator[Finding]:
    for number, line in enumerate(subject.lines, start=1):
        for field, words in line_problems(line.facts):
            yield _stop(EditRule.CLAIM_FACT, f"line {number}", words, f"{field}-{line.line_id}")


def admission_missing(subject: EditSubject) -> Iterator[Finding]:
    if subject.place_of_service == _INPATIENT and subject.admitted_on is None:
        yield _stop(
            EditRule.ADMISSION_MISSING,
            PLACE,
            "The patient lay in the hospital: give the day of the admission.",
            "admitted_on",
        )


def clia_missing(subject: EditSubject) -> Iterator[Finding]:
    for number, line in enumerate(subject.lines, start=1):
        if line.lacks_clia:
            yield Finding(
                rule=EditRule.CLIA_MISSING,
                severity=Severity.WARN,
                place=f"line {number}",
                words=f"{line.code} is a laboratory test, and this location has no laboratory"
                " number (CLIA): an administrator enters it.",
                fix=None,
            )


def _stop(rule: EditRule, place: str, words: str, field: str) -> Finding:
    return Finding(
        rule=rule, severity=Severity.STOP, place=place, words=words, fix=None, field=field
    )
