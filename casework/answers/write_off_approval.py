"""A second person approves or refuses a write-off; the one who asked can do neither."""

from sqlalchemy.orm import Session

from casework import subjects, waits, write_offs
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from db.models import Encounter, Task, User, WriteOffRequest
from domain.money import dollars
from domain.questions import Fact, FactSection, Option, Question, radio

DECISIONS = (
    Option(value="approve", label="Approve it"),
    Option(value="refuse", label="Refuse it: the biller decides again"),
)


def ask(session: Session, task: Task, now: Moment) -> Question:
    request = _request(session, task)
    return Question(
        lead=task.reason,
        sections=(_asked(session, request),),
        fields=(radio("decision", "Decide", DECISIONS, recommended="approve"),),
        submit="Decide",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    request = _request(session, task)
    if by.id == request.asked_by_id:
        raise Refused.of("decision", "Nobody approves their own write-off.")
    amount = dollars(request.amount_cents)
    if form.one_of("decision", ("approve", "refuse")) == "approve":
        write_offs.approve(session, request, by, now)
        words = f"{by.full_name} approved the write-off of {amount}"
    else:
        write_offs.refuse(session, request)
        words = f"{by.full_name} refused the write-off of {amount}"
    if request.side == "patient":
        _tell_encounter(session, request, words, by, now)
    return words


def _asked(session: Session, request: WriteOffRequest) -> FactSection:
    asker = session.get_one(User, request.asked_by_id)
    return FactSection(
        title="Asked",
        facts=(
            Fact(label="Amount", value=dollars(request.amount_cents)),
            Fact(label="Reason", value=request.reason.replace("_", " ")),
            Fact(label="Note", value=request.note),
            Fact(label="By", value=asker.full_name, aside=f"{request.asked_at:%Y-%m-%d}"),
            Fact(label="Comes off", value=f"the {request.side}'s receivable"),
        ),
    )


def _tell_encounter(
    session: Session, request: WriteOffRequest, words: str, by: User, now: Moment
) -> None:
    encounter = session.get_one(Encounter, request.encounter_id)
    key = subjects.encounter_key(encounter)
    waits.answered(session, key, now, claim_id=None, kind=waits.WaitKind.MONEY)
    subjects.tell(session, key, "write-off", words, now, by)


def _request(session: Session, task: Task) -> WriteOffRequest:
    return session.get_one(WriteOffRequest, task.details["request_id"])
