"""The edits: every rule that a claim must pass before it is sent, and all that it fails, in one go.
Pure; the code sets are asked through `CodeBook`."""

from domain.claim_edits import check_claim
from domain.claim_form import ClaimForm
from domain.diagnosis_edits import check_diagnoses
from domain.fact_edits import check_facts
from domain.findings import (
    CodeBook,
    EditLine,
    EditRule,
    EditSubject,
    Finding,
    Fix,
    PairLimit,
    PriorPayer,
    Severity,
    UnitLimit,
)
from domain.line_edits import check_facility_lines, check_lines

__all__ = [
    "CodeBook",
    "EditLine",
    "EditRule",
    "EditSubject",
    "Finding",
    "Fix",
    "PairLimit",
    "PriorPayer",
    "Severity",
    "UnitLimit",
    "run_edits",
]


def run_edits(subject: EditSubject, book: CodeBook) -> tuple[Finding, ...]:
    """Everything that is wrong, stops first, else in the order of the form."""
    is_facility = subject.form is ClaimForm.INSTITUTIONAL
    of_lines = check_facility_lines if is_facility else check_lines
    findings = [
        *check_claim(subject, book),
        *check_diagnoses(subject, book),
        *of_lines(subject, book),
        *(() if is_facility else check_facts(subject)),
    ]
    return tuple(sorted(findings, key=lambda finding: finding.severity is not Severity.STOP))
