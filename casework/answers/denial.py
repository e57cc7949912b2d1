"""A biller decides a denial: correct, appeal, send records, bill another payer, or write off."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import attachments, denial_facts, fact_entry, write_offs
from casework.answers import claim_facts, member_id
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.write_offs import Part
from db.models import Claim, Denial, Task, User
from domain.denials import (
    LATE_FILING,
    DenialFacts,
    DenialRoute,
    DenialStatus,
    PayerRules,
    WriteOffReason,
    is_open,
    recommended_route,
    wants_approval,
    write_off_reason,
)
from domain.money import dollars
from domain.questions import FactSection, Field, FieldKind, Option, Question, radio

LABELS = {
    DenialRoute.CORRECT: "Send a corrected claim",
    DenialRoute.RECODE: "Ask a coder, then send a corrected claim",
    DenialRoute.FIX_REGISTRATION: "Correct the registration, then send a corrected claim",
    DenialRoute.SEND_RECORDS: "Send the records",
    DenialRoute.APPEAL: "Appeal",
    DenialRoute.NEXT_PAYER: "Bill the patient's other payer",
    DenialRoute.PATIENT: "Bill the patient",
    DenialRoute.WRITE_OFF: "Write it off",
}


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    denials = of_task(session, task)
    facts, payer = denial_facts.of(session, denials, now), denial_facts.payer_rules(claim)
    return Question(
        lead=_lead(task, facts, payer),
        sections=(
            claim_facts.refusals(denials),
            *_filing(session, claim, facts, now),
            claim_facts.lines(session, claim),
            claim_facts.acknowledgments(session, claim),
        ),
        fields=(
            radio(
                "route",
                "Decide",
                _options(facts, payer, task.amount_cents),
                recommended=recommended_route(facts, payer),
            ),
            member_id.field(claim.coverage, depends_on=("route", (DenialRoute.FIX_REGISTRATION,))),
            *((_approval_field(session, claim),) if wants_approval(facts) else ()),
            _reason_field(facts),
            _note_field(),
        ),
        submit="Decide",
        consequences=("Nothing is written off by itself.",),
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    denials = of_task(session, task)
    route = form.choice("route", DenialRoute)
    facts, payer = denial_facts.of(session, denials, now), denial_facts.payer_rules(claim)
    if not is_open(route, facts, payer):
        raise Refused.of("route", f"“{LABELS[route]}” is not open for this denial.")
    if route is DenialRoute.FIX_REGISTRATION:
        claim.coverage.member_id = member_id.read(form)
    if route is DenialRoute.CORRECT and wants_approval(facts):
        _keep_approval(session, claim, form, by, now)
    if route is DenialRoute.SEND_RECORDS:
        attachments.choose_records(session, claim.encounter, by=by, now=now)
    for denial in denials:
        denial.route = route
        denial.status = DenialStatus.DECIDED
    not_yet = ""
    if route is DenialRoute.WRITE_OFF:
        not_yet = _write_off(session, claim, denials, form, by, now)
    first = denials[0]
    return (
        f"{by.full_name} decided {dollars(task.amount_cents)} "
        f"({first.group_code}-{first.carc}): {LABELS[route].lower()}{not_yet}"
    )


def of_task(session: Session, task: Task) -> list[Denial]:
    ids = task.details["denial_ids"]
    return list(session.scalars(select(Denial).where(Denial.id.in_(ids)).order_by(Denial.id)))


def _filing(
    session: Session, claim: Claim, facts: DenialFacts, now: Moment
) -> tuple[FactSection, ...]:
    is_late = facts.carc == LATE_FILING
    return (claim_facts.filing(session, claim, now),) if is_late else ()


def _lead(task: Task, facts: DenialFacts, payer: PayerRules) -> str:
    has_level = facts.appeal_level_reached < payer.appeal_levels
    if has_level and facts.is_past_appeal:
        return f"{task.reason} That day has passed: an appeal is no longer offered."
    return task.reason


def _write_off(
    session: Session, claim: Claim, denials: list[Denial], form: Form, by: User, now: Moment
) -> str:
    return write_offs.ask_all(
        session,
        [
            Part(
                encounter=denial.charge_line.encounter,
                cents=denial.amount_cents,
                charge_line=denial.charge_line,
                denial=denial,
                claim=claim,
            )
            for denial in denials
        ],
        side="insurance",
        reason=form.choice("reason", WriteOffReason),
        note=form.text("note") or "no note",
        by=by,
        now=now,
    )


def _options(facts: DenialFacts, payer: PayerRules, cents: int) -> tuple[Option, ...]:
    return tuple(
        Option(value=route, label=LABELS[route], because=_because(route, facts, payer, cents))
        for route in DenialRoute
        if is_open(route, facts, payer)
    )


def _because(route: DenialRoute, facts: DenialFacts, payer: PayerRules, cents: int) -> str:
    match route:
        case DenialRoute.CORRECT if payer.takes_frequency_7:
            return "Replaces the claim (frequency 7) under the payer's claim number."
        case DenialRoute.CORRECT:
            return f"This payer takes no replacement; it gets {payer.instead.words}."
        case DenialRoute.APPEAL if facts.carc == LATE_FILING:
            return _late_appeal(facts, payer)
        case DenialRoute.APPEAL:
            return f"Level {facts.appeal_level_reached + 1} of {payer.appeal_levels}."
        case DenialRoute.WRITE_OFF:
            return f"Loses {dollars(cents)}; above the limit a second person must agree."
        case _:
            return ""


def _late_appeal(facts: DenialFacts, payer: PayerRules) -> str:
    level = f"Level {facts.appeal_level_reached + 1} of {payer.appeal_levels}"
    if facts.has_proof:
        return f"{level}; the proof of filing is enclosed by itself."
    return f"{level}; but nobody says that the claim arrived in time."


def _approval_field(session: Session, claim: Claim) -> Field:
    return Field(
        name="prior_auth",
        label=f"Approval number from {claim.payer.name}",
        kind=FieldKind.TEXT,
        values=(denial_facts.approval_number(session, claim) or "",),
        hint="It stands on the corrected claim (REF*G1).",
        is_required=False,
        depends_on=("route", (DenialRoute.CORRECT,)),
    )


def _keep_approval(session: Session, claim: Claim, form: Form, by: User, now: Moment) -> None:
    wanted = "Give the number of the approval: without it the corrected claim is refused again."
    number = form.text("prior_auth", required=wanted).upper()
    if number != denial_facts.approval_number(session, claim):
        fact_entry.keep_approval(session, claim, number, by=by, now=now)


def _reason_field(facts: DenialFacts) -> Field:
    return Field(
        name="reason",
        label="Why it is written off",
        kind=FieldKind.SELECT,
        values=(write_off_reason(facts.carc),),
        options=tuple(
            Option(value=reason, label=reason.replace("_", " ")) for reason in WriteOffReason
        ),
        is_required=False,
        depends_on=("route", (DenialRoute.WRITE_OFF,)),
    )


def _note_field() -> Field:
    return Field(
        name="note",
        label="Note",
        kind=FieldKind.TEXTAREA,
        hint="Kept in the history.",
        is_required=False,
    )
