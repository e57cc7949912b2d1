"""The front desk settles a coverage: who the payer is, the member id, or that it holds as it is."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import cards, coverages
from casework.answers import member_id, second_because
from casework.answers.form import Form
from casework.cards import Card
from casework.charted_coverages import UNKNOWN_PAYER_NO
from casework.moment import Moment
from casework.steps import coding
from db.models import Coverage, Encounter, Payer, Plan, Task, User
from domain.encounter import Stage
from domain.questions import Fact, FactSection, Field, FieldKind, Option, Question, radio

ACTIONS = (
    Option(value="correct", label="Correct the coverage and ask again"),
    Option(value="holds", label="The payer confirmed it by phone: go on"),
    Option(
        value="ended",
        label="This coverage does not hold on the day: leave it out",
        because="The next coverage, or the patient, is billed instead.",
    ),
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    coverage = session.get_one(Coverage, task.details["coverage_id"])
    outcome = task.details.get("outcome")
    card = cards.of_coverage(session, task.encounter_id, coverage)
    return Question(
        lead=task.reason,
        sections=(_facts(session, task, coverage), *_scanned(card)),
        fields=(
            radio(
                "action",
                "What you found out",
                ACTIONS,
                recommended=_recommended(session, task, coverage),
                hint=f"The payer's answer: {outcome}" if outcome else "",
            ),
            _payer_field(session, coverage),
            _member_id_field(coverage, card),
            *second_because.fields(coverage, depends_on=("action", ("correct", "holds"))),
        ),
        submit="Save registration",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    encounter = session.get_one(Encounter, task.encounter_id)
    coverage = session.get_one(Coverage, task.details["coverage_id"])
    action = form.one_of("action", ("correct", "holds", "ended"))
    if action == "ended":
        coverage.ended_because = f"Not in force: {task.title}"
        words = f"{by.full_name} left the coverage with {coverage.plan.payer.name} out"
    else:
        _correct(session, coverage, form)
        words = f"{by.full_name} set the coverage with {coverage.plan.payer.name}"
    session.flush()
    if encounter.stage in (Stage.REGISTERED, Stage.ELIGIBILITY):
        if action == "holds":
            coding.begin(session, encounter, now)
        else:
            encounter.stage = Stage.REGISTERED
    return words


def _correct(session: Session, coverage: Coverage, form: Form) -> None:
    payer_no = form.one_of("payer", [payer.payer_no for payer in _payers(session)])
    number = member_id.read(form)
    payer = session.scalars(select(Payer).where(Payer.payer_no == payer_no)).one()
    if coverage.plan.payer_id != payer.id:
        coverage.plan_id = session.scalars(
            select(Plan.id).where(Plan.payer_id == payer.id).order_by(Plan.id).limit(1)
        ).one()
        session.flush()
        session.expire(coverage, ["plan"])
    coverage.member_id = number
    second_because.keep(form, coverage)


def _recommended(session: Session, task: Task, coverage: Coverage) -> str:
    """Inactive coverage is left out when the payer says so; silence means confirmed by phone."""
    match task.details.get("outcome"):
        case "inactive":
            return "ended"
        case "not_found" if _was_asked_before(session, task):
            return "ended"
        case "not_found":
            return "correct"
        case None if coverage.member_id and coverage.plan.payer.payer_no != UNKNOWN_PAYER_NO:
            return "holds"
        case _:
            return "correct"


def _was_asked_before(session: Session, task: Task) -> bool:
    earlier = select(Task.id).where(
        Task.subject == task.subject, Task.kind == task.kind, Task.id < task.id
    )
    return session.scalar(earlier.limit(1)) is not None


def _facts(session: Session, task: Task, coverage: Coverage) -> FactSection:
    encounter = session.get_one(Encounter, task.encounter_id)
    others = [c for c in coverages.of_encounter(session, encounter) if c.id != coverage.id]
    return FactSection(
        title="Coverage",
        facts=(
            Fact(label="Named on the chart", value=coverage.plan.name),
            Fact(
                label="Member id",
                value=coverage.member_id or "none",
                is_identifier=bool(coverage.member_id),
            ),
            Fact(label="Group", value=coverage.group_number or "none"),
            Fact(label="In force", value=f"{coverage.valid_from} to {coverage.valid_to or 'open'}"),
            Fact(label="Visit", value=str(encounter.service_on)),
            Fact(
                label="Other coverage",
                value=", ".join(c.plan.payer.name for c in others) or "none",
            ),
        ),
    )


def _scanned(card: Card | None) -> tuple[FactSection, ...]:
    if card is None:
        return ()
    facts = (
        Fact(label="Payer", value=card.payer_name),
        Fact(label="Member id", value=card.member_id, is_identifier=True),
    )
    return (FactSection(title="The scanned insurance card", facts=facts),)


def _payer_field(session: Session, coverage: Coverage) -> Field:
    payers = _payers(session)
    named = coverage.plan.payer.payer_no
    return Field(
        name="payer",
        label="Payer",
        kind=FieldKind.SELECT,
        values=_guess(coverage, payers) if named == UNKNOWN_PAYER_NO else (named,),
        options=tuple(Option(value=payer.payer_no, label=payer.name) for payer in payers),
    )


def _member_id_field(coverage: Coverage, card: Card | None) -> Field:
    """What the coverage has, else what the card says."""
    return Field(
        name=member_id.NAME,
        label="Member id",
        kind=FieldKind.TEXT,
        values=(coverage.member_id or (card.member_id if card else ""),),
        hint="As it is printed on the card.",
        is_identifier=True,
        is_required=False,
    )


def _payers(session: Session) -> list[Payer]:
    return list(
        session.scalars(
            select(Payer).where(Payer.payer_no != UNKNOWN_PAYER_NO).order_by(Payer.name)
        )
    )


def _guess(coverage: Coverage, payers: list[Payer]) -> tuple[str, ...]:
    """The one payer whose whole name stands in what the chart says, in any order; else nobody."""
    wanted = set(coverage.plan.name.lower().split())
    alike = [payer.payer_no for payer in payers if set(payer.name.lower().split()) <= wanted]
    return tuple(alike) if len(alike) == 1 else ()
