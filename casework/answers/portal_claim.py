"""A biller keys a claim at the payer's portal; the confirmation number is the answer."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import portal_claims, portal_sheet, submissions
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Claim, Document, Submission, Task, User
from domain.clock import business_date
from domain.questions import Field, FieldKind, Option, Question, radio

KEYED, NOT_KEYED = "keyed", "not_keyed"
NUMBER_MAX = 60
DOCUMENTS_MAX = 20
ACTIONS = (
    Option(
        value=KEYED,
        label="It is keyed: the portal gave a number",
        because="The number is the proof of filing; the payer's remittance is awaited.",
    ),
    Option(
        value=NOT_KEYED,
        label="It could not be keyed",
        because="Becomes a rejection: it is mended, then keyed as a new original.",
    ),
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    submission = session.get_one(Submission, task.details["submission_id"])
    return Question(
        lead=f"{task.reason} Key these values in this order; claim the task first, so that nobody "
        "keys it beside you.",
        sections=portal_sheet.sections(submissions.content_of(submission)),
        fields=(
            radio("action", "What came of it", ACTIONS, recommended=KEYED),
            _keyed("confirmation_no", "Confirmation number", FieldKind.TEXT),
            _keyed("keyed_on", "Keyed on", FieldKind.DATE, (now.today.isoformat(),)),
            _keyed("payer_claim_number", "The payer’s claim number, if it gave one",
                   FieldKind.TEXT),
            _document_field(_documents(session, claim)),
            Field(
                name="reason",
                label="Why not",
                kind=FieldKind.TEXTAREA,
                is_required=False,
                depends_on=("action", (NOT_KEYED,)),
            ),
        ),
        submit="Save",
        consequences=("Nothing is sent by software: what is not keyed is not filed.",),
    )  # fmt: skip


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    submission = session.get_one(Submission, task.details["submission_id"])
    if form.one_of("action", (KEYED, NOT_KEYED)) == NOT_KEYED:
        because = form.text("reason", required="Say why it could not be keyed.")
        return portal_claims.refuse(session, submission, because, by, now)
    keyed_on = form.date("keyed_on")
    if not business_date(submission.queued_at, now.zone) <= keyed_on <= now.today:
        raise Refused.of("keyed_on", "Give the day on which it was keyed: today, or before.")
    return portal_claims.confirm(
        session,
        submission,
        confirmation_no=_number(form, "confirmation_no", "Give the number that the portal gave."),
        keyed_on=keyed_on,
        payer_claim_number=_number(form, "payer_claim_number") or None,
        document_id=_document_id(session, task, form),
        by=by,
        now=now,
    )


def _number(form: Form, name: str, required: str | None = None) -> str:
    value = form.text(name, required=required)
    if len(value) > NUMBER_MAX:
        raise Refused.of(name, f"Write at most {NUMBER_MAX} characters.")
    return value


def _keyed(name: str, label: str, kind: FieldKind, values: tuple[str, ...] = ()) -> Field:
    return Field(
        name=name,
        label=label,
        kind=kind,
        values=values,
        is_required=False,
        depends_on=("action", (KEYED,)),
    )


def _document_field(found: Sequence[Document]) -> Field:
    return Field(
        name="document",
        label="The portal’s confirmation as a PDF",
        kind=FieldKind.SELECT,
        options=tuple(Option(value=str(one.id), label=one.title) for one in found),
        hint="Attach it on the encounter’s page first, if there is one.",
        is_required=False,
        depends_on=("action", (KEYED,)),
    )


def _document_id(session: Session, task: Task, form: Form) -> int | None:
    chosen = form.text("document")
    known = {
        str(one.id): one.id for one in _documents(session, session.get_one(Claim, task.claim_id))
    }
    if chosen and chosen not in known:
        raise Refused.of("document", "Choose one of the encounter’s documents.")
    return known.get(chosen)


def _documents(session: Session, claim: Claim) -> Sequence[Document]:
    return session.scalars(
        select(Document)
        .where(Document.encounter_id == claim.encounter_id, Document.kind == "attachment")
        .order_by(Document.id.desc())
        .limit(DOCUMENTS_MAX)
    ).all()
