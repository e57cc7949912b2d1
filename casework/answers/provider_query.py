"""A physician answers a coder's question; the answer joins the chart and the coder codes on."""

from sqlalchemy.orm import Session

from casework import chart
from casework.answers.form import Form
from casework.moment import Moment
from casework.steps import coding
from db.models import Claim, Encounter, ProviderQuery, Task, User
from domain.coding import Caution
from domain.encounter import CodingStatus
from domain.questions import FactSection, Field, FieldKind, Option, Question, radio

OTHER = "other"
NOTHING_FOUND = "general adult medical examination"


def ask(session: Session, task: Task, now: Moment) -> Question:
    encounter = session.get_one(Encounter, task.encounter_id)
    query = session.get_one(ProviderQuery, task.details["query_id"])
    options = _options(session, encounter)
    return Question(
        lead=query.question,
        sections=(FactSection(title="Note", text=chart.text(session, encounter)),),
        fields=(
            # A query never leads: nothing is recommended, nothing is chosen before.
            radio("finding", "What the visit was for", options, recommended=None),
            Field(
                name="words",
                label="In your words",
                kind=FieldKind.TEXTAREA,
                is_required=False,
                depends_on=("finding", (OTHER,)),
            ),
        ),
        submit="Answer the coder",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    encounter = session.get_one(Encounter, task.encounter_id)
    query = session.get_one(ProviderQuery, task.details["query_id"])
    finding = form.text("finding", required="Choose a finding, or “other” and write it.")
    if finding == OTHER:
        finding = form.text("words", required="Write the finding in your words.")
    query.answer = finding
    query.answered_at = now.at
    query.answered_by_id = by.id
    encounter.coding_status = CodingStatus.UNCODED
    claim_id = task.details.get("claim_id")
    claim = session.get_one(Claim, claim_id) if claim_id else None
    coding.open_review(session, encounter, "The physician has answered.", now, claim=claim)
    return f"{by.full_name} answered the coder"


def _options(session: Session, encounter: Encounter) -> tuple[Option, ...]:
    """What the note itself mentions, nothing leading; then nothing found, and other."""
    proposed = chart.suggestions(session, encounter)
    mentioned = [choice.words for choice in proposed.choices]
    mentioned += [
        found.words for found in proposed.passed_over if found.caution is not Caution.NEGATED
    ]
    words = [*dict.fromkeys(mentioned), NOTHING_FOUND]
    return (
        *(Option(value=finding, label=finding) for finding in words),
        Option(value=OTHER, label="other, in my words"),
    )
