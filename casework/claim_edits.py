"""The edits of a claim as it would be sent today, asked of the rows that make it."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from casework import (
    addresses,
    adjudications,
    claim_content,
    contents,
    encounter_facts,
    facility_content,
    fact_content,
    filing,
    medicare_second,
    paper_forms,
    stays,
    submissions,
)
from casework.moment import Moment
from codesets import procedures
from codesets.book import OurCodeBook
from db.models import ChargeLine, Claim
from domain import control_numbers
from domain.claim_facts import NO_LINE_FACTS
from domain.claim_form import ClaimForm
from domain.edits import run_edits
from domain.findings import EditLine, EditRule, EditSubject, Finding, PriorPayer, Severity
from edi import institutional_checks
from forms.form_text import Misfit

BOOK = OurCodeBook()


def stops(session: Session, claim: Claim, now: Moment) -> tuple[Finding, ...]:
    return tuple(f for f in findings(session, claim, now) if f.severity is Severity.STOP)


def findings(session: Session, claim: Claim, now: Moment) -> tuple[Finding, ...]:
    """Where the edits find nothing that stops a claim, a facility's own guide is asked too, and
    then the paper form, where there is one."""
    found = run_edits(subject_of(session, claim, now), BOOK)
    if any(finding.severity is Severity.STOP for finding in found):
        return found
    lacks = _of_facility(session, claim) or _of_paper(session, claim, now)
    return (*lacks, *found)


def subject_of(session: Session, claim: Claim, now: Moment) -> EditSubject:
    version = submissions.current_version(session, claim)
    encounter = claim.encounter
    lines = claim_content.lines_of(session, version)
    diagnoses = claim_content.diagnoses_of(lines) or tuple(
        each.code for each in encounter.diagnoses
    )
    facts = encounter_facts.of(session, encounter)
    admitted_on, _ = stays.span(session, encounter)
    return EditSubject(
        today=now.today,
        service_on=encounter.service_on,
        birth_on=encounter.patient.birth_on,
        gender=encounter.patient.gender,
        has_address=addresses.is_complete(encounter.patient.address),
        provider_npi=encounter.provider.npi,
        payer_id=claim.payer.payer_no,
        payer_takes_frequency_7=claim.may_be_replaced,
        member_id=claim.coverage.member_id,
        place_of_service=encounter.place_of_service,
        diagnoses=diagnoses,
        lines=_lines(session, lines, diagnoses),
        prior_payers=_prior_payers(session, claim),
        timely_filing_on=claim.file_by_on,
        frequency=version.frequency,
        payer_claim_number=version.payer_claim_number,
        was_filed_in_time=filing.was_filed_in_time(session, claim),
        facts=facts,
        admitted_on=admitted_on or facts.admitted_on,
        form=claim.form,
        is_medicare_second=medicare_second.is_asked(claim),
        second_because=medicare_second.because(session, claim),
    )


def _of_facility(session: Session, claim: Claim) -> tuple[Finding, ...]:
    """What its claim lacks, told by the guide's own rules of the claim as it would be sent."""
    if claim.form is not ClaimForm.INSTITUTIONAL:
        return ()
    version = submissions.current_version(session, claim)
    pcn = control_numbers.pcn(claim.id, version.version, 1)
    content = facility_content.build(session, claim, version, pcn)
    found = [(finding.where, finding.words) for finding in institutional_checks.findings(content)]
    return tuple(_stop(EditRule.FACILITY_FACTS, where, words) for where, words in found)


def _of_paper(session: Session, claim: Claim, now: Moment) -> tuple[Finding, ...]:
    return tuple(_of_form(each) for each in misfits(session, claim, now))


def misfits(session: Session, claim: Claim, now: Moment) -> tuple[Misfit, ...]:
    """What does not fit the form of a payer that takes paper only."""
    if submissions.route_of(session, claim).channel != "paper":
        return ()
    version = submissions.current_version(session, claim)
    pcn = control_numbers.pcn(claim.id, version.version, 1)
    content = contents.build(session, claim, version, pcn)
    return paper_forms.misfits(claim, content, made_on=now.today)


def _of_form(misfit: Misfit) -> Finding:
    """A code or an amount that is cut would say something else; a name that is cut is told."""
    severity = Severity.STOP if misfit.is_refused else Severity.WARN
    return Finding(
        rule=EditRule.PAPER_FORM,
        severity=severity,
        place=misfit.where,
        words=misfit.words,
        fix=None,
    )


def _stop(rule: EditRule, where: str, words: str) -> Finding:
    return Finding(rule=rule, severity=Severity.STOP, place=where, words=words, fix=None)


def _lines(
    session: Session, lines: Sequence[ChargeLine], diagnoses: Sequence[str]
) -> tuple[EditLine, ...]:
    facts = encounter_facts.of_lines(session, [line.id for line in lines])
    return tuple(
        EditLine(
            code=line.code,
            modifiers=tuple(line.modifiers),
            units=line.units,
            pointers=claim_content.pointers_of(line, diagnoses),
            charge_cents=line.charge_cents or 0,
            service_on=line.service_on,
            line_id=line.id,
            facts=facts.get(line.id, NO_LINE_FACTS),
            lacks_clia=procedures.is_laboratory(line.code)
            and fact_content.clia_of(line.code, line.encounter.location) is None,
        )
        for line in lines
    )


def _prior_payers(session: Session, claim: Claim) -> tuple[PriorPayer, ...]:
    if claim.follows_id is None:
        return ()
    earlier = session.get_one(Claim, claim.follows_id)
    has_answered = adjudications.is_answered(session, earlier)
    return (PriorPayer(payer_id=earlier.payer.payer_no, has_answered=has_answered),)
