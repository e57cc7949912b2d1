"""A TA1 or 999 with a verdict that nobody knows, or a claim of a 277CA without one: a person says
what the sender meant by it."""

from sqlalchemy.orm import Session

from casework import acknowledgments, claim_acks, inbox, subjects, waits
from casework.answers.form import Form
from casework.moment import Moment
from db.models import RawFile, Task
from domain.acknowledgments import AckVerdict, ClaimAck, FunctionalAck, InterchangeAck
from domain.questions import Fact, FactSection, Option, Question, radio

UNSAID, TAKEN, REFUSED = "unsaid", "taken", "refused"
_VERDICTS = {TAKEN: AckVerdict.ACCEPTED, REFUSED: AckVerdict.REJECTED}
_OPTIONS = (
    Option(
        value=UNSAID,
        label="Nobody can say",
        because="The claims go on waiting for their own answers, each with its deadline.",
    ),
    Option(value=TAKEN, label="It was taken"),
    Option(
        value=REFUSED,
        label="It was refused",
        because="What it is about becomes a rejection, to be mended and sent anew.",
    ),
)


def ask(task: Task) -> Question:
    details = task.details
    facts = [
        Fact(label="Kind", value=details["kind"]),
        Fact(label="Our claim" if details.get("claim") else "Our batch", value=details["number"]),
        *(Fact(label="What it says", value=words) for words in details["words"]),
    ]
    return Question(
        lead=f"{task.title}. Nothing of it has had an effect yet.",
        sections=(FactSection(title="The acknowledgment", facts=tuple(facts)),),
        fields=(radio("action", "What the sender says it means", _OPTIONS, recommended=UNSAID),),
        submit="Settle it",
        consequences=("It is heard as if the acknowledgment had said so.",),
    )


def act(session: Session, task: Task, form: Form, now: Moment) -> str:
    action = form.one_of("action", [option.value for option in _OPTIONS])
    words = "Nobody can say what it means; the claims go on waiting"
    if action != UNSAID:
        words = _hear(session, task, _VERDICTS[action], now)
    waits.close_if_none(session, subjects.lock(session, task.subject))
    return words


def _hear(session: Session, task: Task, verdict: AckVerdict, now: Moment) -> str:
    file = session.get_one(RawFile, task.raw_file_id)
    interchange, item = task.details["place"]
    said = inbox.item_at(file, interchange, item)
    if isinstance(said, ClaimAck):
        _lock(session, claim_acks.subjects_of_claims(session, said))
        status = said.claims[task.details["claim"] - 1].read_as(is_accepted=verdict.is_accepted)
        return claim_acks.take_in_read(session, said, status, file, now)
    assert isinstance(said, InterchangeAck | FunctionalAck)
    ack = said.read_as(verdict)
    _lock(session, acknowledgments.subjects_of_envelope(session, ack))
    words = acknowledgments.take_in_envelope(session, ack, file, now)
    assert words is not None, "it was ours when the task was opened"
    return words


def _lock(session: Session, keys: set[str]) -> None:
    for key in sorted(keys):
        subjects.lock(session, key)
    # What was read before the locks may have changed while we waited for them.
    session.flush()
    session.expire_all()
