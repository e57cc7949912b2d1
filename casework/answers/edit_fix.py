"""A biller mends what an edit stopped: the coverage, the filing, or the codes through a coder."""

from sqlalchemy.orm import Session

from casework import addresses, cards, claim_edits, facility_facts, form_cuts
from casework.answers import claim_facts, member_id, second_because
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.steps import coding
from db.models import Claim, Task, User
from domain.claim_form import ClaimForm
from domain.denials import WriteOffReason
from domain.encounter import ClaimStage
from domain.findings import EditRule, Finding
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question, radio

# What only a coder changes (a biller's correction that needs another code opens a coding task).
CODERS = frozenset(
    rule
    for rule in EditRule
    if rule.startswith(("diagnos", "procedure", "modifier", "pointer", "units", "pair", "line"))
)
ACTIONS = (
    Option(value="coverage", label="Correct the coverage"),
    Option(value="address", label="Complete the patient's address"),
    Option(value="codes", label="Ask a coder to change the codes"),
    Option(value="again", label="It is mended: check the claim again"),
    Option(value="write_off", label="Filed too late: write it off"),
)
ADDRESS = (
    ("street", "Street", "line1"),
    ("city", "City", "city"),
    ("state", "State", "state"),
    ("zip_code", "ZIP code", "postal_code"),
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    findings = claim_edits.stops(session, claim, now)
    return Question(
        lead=task.reason,
        sections=(
            _stops(findings),
            *_form(session, claim, findings, now),
            *_facility(session, claim),
            claim_facts.lines(session, claim),
        ),
        fields=(
            radio("action", "How to mend it", ACTIONS, recommended=_recommended(findings)),
            member_id.field(claim.coverage, depends_on=("action", ("coverage",))),
            *second_because.fields(claim.coverage, depends_on=("action", ("coverage",))),
            *_address_fields(session, claim),
        ),
        submit="Mend the claim",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    match form.one_of("action", ("coverage", "address", "codes", "again", "write_off")):
        case "coverage":
            claim.coverage.member_id = member_id.read(form)
            second_because.keep(form, claim.coverage)
            words = "corrected the coverage"
        case "address":
            _complete_address(claim, form)
            words = "completed the patient's address"
        case "codes":
            why = f"An edit stopped the claim: {task.title}"
            coding.open_reviews_of(session, claim, why, now)
            words = "asked a coder"
        case "write_off":
            reason = WriteOffReason.TIMELY_FILING
            not_yet = claim_facts.give_up(session, claim, reason, task.title, by, now)
            claim.stage = ClaimStage.ADJUDICATED
            claim.outcome = "denied"
            words = f"gave the claim up{not_yet}"
        case _:
            words = "had the claim checked again"
    return f"{by.full_name} {words}"


def _stops(findings: tuple[Finding, ...]) -> FactSection:
    return FactSection(
        title="What stops the claim",
        columns=("Rule", "Where", "What"),
        rows=tuple((f.rule.replace("_", " "), f.place, f.words) for f in findings),
        fields=tuple(f.field or "" for f in findings),
    )


def _form(
    session: Session, claim: Claim, findings: tuple[Finding, ...], now: Moment
) -> tuple[FactSection, ...]:
    """Asked only where the form is what stops it: an incomplete claim has none yet."""
    if all(finding.rule is not EditRule.PAPER_FORM for finding in findings):
        return ()
    return form_cuts.section(claim_edits.misfits(session, claim, now))


def _facility(session: Session, claim: Claim) -> tuple[FactSection, ...]:
    """What a facility's claim would say; it is told on a page of the encounter."""
    if claim.form is not ClaimForm.INSTITUTIONAL:
        return ()
    facts = facility_facts.of(session, claim.encounter)
    admission = facts.admission
    rows = (
        ("Type of bill", f"{facts.type_of_bill}x"),
        ("Statement", f"{facts.from_on} to {facts.to_on}"),
        ("Admitted", str(admission.admitted_on or "")),
        ("Priority, source", f"{admission.priority or '?'}, {admission.source or '?'}"),
        ("Patient's status", admission.patient_status or "not told"),
        ("Admitting diagnosis", facts.admitting_diagnosis or "not told"),
        ("Group (DRG)", f"{facts.drg.code} {facts.drg.words}" if facts.drg else "none"),
    )
    return (
        FactSection(
            title="The facility's claim, told on its page of the encounter",
            facts=tuple(Fact(label=label, value=value) for label, value in rows if value),
        ),
    )


def _address_fields(session: Session, claim: Claim) -> tuple[Field, ...]:
    """What is held; an incomplete address as the scanned driver's license has it."""
    held = claim.encounter.patient.address
    if not addresses.is_complete(held):
        held = cards.address_of(session, claim.encounter_id) or held
    return tuple(
        Field(
            name=name,
            label=label,
            kind=FieldKind.TEXT,
            values=(held[key],),
            is_required=False,
            depends_on=("action", ("address",)),
        )
        for name, label, key in ADDRESS
    )


def _complete_address(claim: Claim, form: Form) -> None:
    typed = {name: form.text(name, required=f"Enter it: {label}.") for name, label, _ in ADDRESS}
    address = addresses.keep(**typed)
    if not addresses.is_complete(address):
        raise Refused.of(
            "zip_code", "A state has two letters, as TX, and a ZIP code five or nine digits."
        )
    claim.encounter.patient.address = address
    if not addresses.is_complete(claim.encounter.guarantor.address):
        claim.encounter.guarantor.address = dict(address)


def _recommended(findings: tuple[Finding, ...]) -> str:
    rules = {finding.rule for finding in findings}
    if EditRule.FILED_LATE in rules:
        return "write_off"
    if rules & {EditRule.MEMBER_ID_MISSING, EditRule.MEDICARE_SECOND_UNTOLD}:
        return "coverage"
    if EditRule.ADDRESS_MISSING in rules:
        return "address"
    return "codes" if rules & CODERS else "again"
