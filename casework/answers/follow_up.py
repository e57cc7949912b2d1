"""A biller follows up on silence: wait on, send the claim again, or give it up."""

import datetime as dt

from sqlalchemy.orm import Session

from casework import resends, sending, subjects, tasks, voids, waits, withdrawals
from casework.answers import claim_facts
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.waits import WaitKind
from db.models import Claim, Task, User
from domain.denials import WriteOffReason
from domain.encounter import ClaimStage
from domain.questions import Field, FieldKind, Option, Question, radio
from domain.tasks import TaskKind

UNDECIDED = (None, "reversed", "awaits correction")
WAIT_ON = dt.timedelta(days=10)
WAIT_MAX = dt.timedelta(days=60)
# After this many calls without an answer the claim is sent once more.
RESEND_AFTER = 3

WAIT = Option(value="wait", label="It is in process: look again later")
POST = Option(
    value="wait",
    label="It will be posted: look again later",
    because="Marked as mailed on the page Mail to post, it is asked about no more.",
)
RESEND = Option(
    value="resend",
    label="They do not have it: send it again",
    because="The same claim under a new control number.",
)
VOIDED = Option(value="voided", label="They have no such claim any more: it is void")
GIVE_UP = Option(value="write_off", label="Nothing more to get: write it off")


def ask(session: Session, task: Task, now: Moment) -> Question:
    claim = session.get_one(Claim, task.claim_id)
    return Question(
        lead=task.reason,
        sections=(
            claim_facts.acknowledgments(session, claim),
            claim_facts.lines(session, claim),
        ),
        fields=(
            radio(
                "action",
                _what_happened(claim),
                _options(session, claim),
                recommended=_recommended(session, task, claim),
            ),
            _until_field(now),
            _note_field("" if claim.stage is ClaimStage.READY else "Called the payer."),
        ),
        submit="Save follow-up",
    )


def act(session: Session, task: Task, form: Form, by: User, now: Moment) -> str:
    claim = session.get_one(Claim, task.claim_id)
    match form.one_of("action", _answerable(session, claim)):
        case "wait":
            return _wait_on(session, claim, form.date("until"), by, now)
        case "resend":
            resends.require_awaited(session, claim, "action")
            sending.send(session, claim, now)
            return f"{by.full_name} had the claim sent again"
        case "voided":
            voids.conclude(session, claim, now)
            return f"{claim.payer.name} told {by.full_name} that the claim is void"
        case _:
            not_yet = claim_facts.give_up(session, claim, WriteOffReason.OTHER, task.title, by, now)
            withdrawals.withdraw(session, claim, "the claim was given up", now)
            claim.stage = ClaimStage.ADJUDICATED
            return f"{by.full_name} gave the claim up{not_yet}"


def _what_happened(claim: Claim) -> str:
    """The payer knows nothing of a form that is not posted."""
    is_here = claim.stage is ClaimStage.READY
    return "What becomes of the form" if is_here else "What the payer said on the phone"


def _options(session: Session, claim: Claim) -> tuple[Option, ...]:
    """A void of what was never decided, or whose answer is taken back, is answered by no
    remittance: by phone, if at all."""
    is_void = voids.is_asked_of_payer(session, claim) and claim.outcome in UNDECIDED
    resend = (RESEND,) if claim.stage in resends.AWAITED else ()
    wait = POST if claim.stage is ClaimStage.READY else WAIT
    return (wait, *resend, *((VOIDED,) if is_void else ()), GIVE_UP)


def _answerable(session: Session, claim: Claim) -> list[str]:
    """To send again was offered when the page was opened: its refusal says what happened since."""
    offered = [option.value for option in _options(session, claim)]
    return [*offered, RESEND.value]


def _wait_on(session: Session, claim: Claim, until_on: dt.date, by: User, now: Moment) -> str:
    if not now.today < until_on <= now.today + WAIT_MAX:
        raise Refused.of("until", "Choose a date after today and within 60 days.")
    is_here = claim.stage is ClaimStage.READY
    waits.begin(
        session,
        subjects.encounter_key(claim.encounter),
        WaitKind.MESSAGE,
        _awaited(claim, by),
        until_at=now.end_of(until_on),
        then_what="a biller is asked again" if is_here else "the payer is asked again",
        now=now,
        claim_id=claim.id,
    )
    return f"{by.full_name} waits on until {until_on}"


def _awaited(claim: Claim, by: User) -> str:
    if claim.stage is ClaimStage.READY:
        return f"the form for {claim.payer.name} to be posted, as {by.full_name} said"
    return f"the answer that {claim.payer.name} promised {by.full_name}"


def _recommended(session: Session, task: Task, claim: Claim) -> str:
    if task.details.get("stage") == ClaimStage.DENIED:
        return "write_off"
    asked = tasks.count(session, claim_id=claim.id, kind=TaskKind.FOLLOW_UP)
    return "resend" if claim.stage in resends.AWAITED and asked % RESEND_AFTER == 0 else "wait"


def _until_field(now: Moment) -> Field:
    return Field(
        name="until",
        label="Look again on",
        kind=FieldKind.DATE,
        values=((now.today + WAIT_ON).isoformat(),),
        is_required=False,
        depends_on=("action", ("wait",)),
    )


def _note_field(note: str) -> Field:
    return Field(
        name="note",
        label="Note",
        kind=FieldKind.TEXTAREA,
        values=(note,),
        is_required=False,
    )
