"""What is wrong with an encounter's codes before any claim exists: the edits a coder can settle."""

from casework.claim_edits import BOOK
from db.models import Encounter
from domain.diagnosis_edits import check_diagnoses, diagnosis_age
from domain.findings import EditLine, EditRule, EditSubject, Finding, Severity
from domain.line_edits import check_lines

# A missing price is the administrator's, and is asked for at the next stage.
NOT_THE_CODERS = frozenset({EditRule.CHARGE_MISSING})


def findings(encounter: Encounter) -> tuple[Finding, ...]:
    """The findings on the codes an encounter has now."""
    lines = tuple(
        EditLine(
            code=line.code,
            modifiers=tuple(line.modifiers),
            units=line.units,
            pointers=tuple(line.pointers),
            charge_cents=line.charge_cents or 0,
        )
        for line in encounter.coded_lines
        if not line.is_void
    )
    return of_codes(encounter, tuple(d.code for d in encounter.diagnoses), lines)


def of_codes(
    encounter: Encounter, diagnoses: tuple[str, ...], lines: tuple[EditLine, ...]
) -> tuple[Finding, ...]:
    """The findings on codes that a coder proposes."""
    subject = _subject(encounter, diagnoses, lines)
    found = (*check_diagnoses(subject, BOOK), *check_lines(subject, BOOK))
    return tuple(
        finding
        for finding in found
        if finding.severity is Severity.STOP and finding.rule not in NOT_THE_CODERS
    )


def fits_age(encounter: Encounter, code: str) -> bool:
    """Whether the patient has the age for which a diagnosis is meant."""
    return not any(diagnosis_age(_subject(encounter, (code,), ()), BOOK))


def _subject(
    encounter: Encounter, diagnoses: tuple[str, ...], lines: tuple[EditLine, ...]
) -> EditSubject:
    return EditSubject(
        today=encounter.service_on,
        service_on=encounter.service_on,
        birth_on=encounter.patient.birth_on,
        gender=encounter.patient.gender,
        has_address=True,
        provider_npi=encounter.provider.npi,
        payer_id="",
        payer_takes_frequency_7=False,
        member_id="",
        place_of_service=encounter.place_of_service,
        diagnoses=diagnoses,
        lines=lines,
        prior_payers=(),
        timely_filing_on=encounter.service_on,
        frequency="1",
        payer_claim_number=None,
        was_filed_in_time=True,
    )
