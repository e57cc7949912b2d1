"""An answer that names nothing of ours: a person says which claim, or which question, it answers.

It is read again from the file that brought it, and then does what it would have done by itself.
"""

from typing import assert_never

from sqlalchemy.orm import Session

from casework import (
    claim_acks,
    correlation,
    eligibility_answers,
    inbox,
    status_answers,
    stays,
    subjects,
    unmatched,
    waits,
)
from casework.answers.form import Form
from casework.moment import Moment
from casework.refusals import Refused
from casework.unmatched import Proposal, Unmatched
from db.models import Claim, EligibilityCheck, RawFile, Task
from domain.acknowledgments import ClaimAck, ClaimAckStatus
from domain.claim_status import StatusAnswer
from domain.eligibility import EligibilityAnswer
from domain.money import dollars
from domain.parties import PersonName, initials
from domain.questions import Fact, FactSection, Option, Question, radio

NOT_OURS = "not_ours"
Said = ClaimAckStatus | StatusAnswer | EligibilityAnswer


def ask(session: Session, task: Task) -> Question:
    found, said = _again(session, task)
    return Question(
        lead=f"{task.title}. Nothing of it has had an effect yet.",
        sections=(FactSection(title="What the answer says", facts=_facts(task, said)),),
        fields=(
            radio(
                "action",
                "Whose answer it is",
                (*map(_option, found.proposals), _not_ours()),
                recommended=_recommended(found.proposals),
            ),
        ),
        submit="Settle the answer",
        consequences=("The claim that is chosen hears the answer as if it had named it.",),
    )


def act(session: Session, task: Task, form: Form, now: Moment) -> str:
    found, said = _again(session, task)
    allowed = [*(each.value for each in found.proposals), NOT_OURS]
    action = form.one_of("action", allowed)
    kind, _, number = action.partition(":")
    words = "The answer is not about a claim of ours"
    if kind == unmatched.CLAIM:
        words = _give_to_claim(session, task, session.get_one(Claim, int(number)), said, now)
    elif kind == unmatched.CHECK:
        words = _give_to_check(session, task, int(number), said, now)
    waits.close_if_none(session, subjects.lock(session, task.subject))
    return words


def _again(session: Session, task: Task) -> tuple[Unmatched, Said]:
    """The answer as the file says it, and what it may be about by now."""
    interchange, item = task.details["place"]
    file = session.get_one(RawFile, task.raw_file_id)
    said = inbox.item_at(file, interchange, item)
    match said:
        case ClaimAck():
            status = said.claims[task.details["ordinal"] - 1]
            return unmatched.of_claim_ack(session, said, status), status
        case StatusAnswer():
            return unmatched.of_status(session, said), said
        case EligibilityAnswer():
            return unmatched.of_eligibility(session, said), said
        case _:
            raise AssertionError("only these were put before a person")


def _give_to_claim(session: Session, task: Task, claim: Claim, said: Said, now: Moment) -> str:
    subjects.lock(session, subjects.encounter_key(claim.encounter))
    stays.lock_others(session, claim)
    session.refresh(claim)
    submission = correlation.last_sent(session, claim.id)
    if submission is None:
        raise Refused.of("action", "That claim was never sent.", NOT_OURS)
    whose = f"The answer was given to {claim.encounter.encounter_no}"
    file = session.get_one(RawFile, task.raw_file_id)
    match said:
        case ClaimAckStatus():
            interchange, item = task.details["place"]
            ack = inbox.item_at(file, interchange, item)
            assert isinstance(ack, ClaimAck)
            claim_acks.take_in_claim(session, submission, said, now, source=ack.source, file=file)
        case StatusAnswer():
            status_answers.take_in_of_claim(session, said, submission, now)
        case EligibilityAnswer():
            raise AssertionError("a 271 is about a coverage")
        case _:
            assert_never(said)
    return whose


def _give_to_check(session: Session, task: Task, check_id: int, said: Said, now: Moment) -> str:
    assert isinstance(said, EligibilityAnswer)
    check = session.get_one(EligibilityCheck, check_id)
    subjects.lock(session, eligibility_answers.subject_of(session, check))
    session.refresh(check)
    file = session.get_one(RawFile, task.raw_file_id)
    eligibility_answers.take_in(session, said, check, file, now)
    return f"The answer was given to our question of {check.asked_at:%Y-%m-%d}"


def _recommended(proposals: tuple[Proposal, ...]) -> str:
    """The one that agrees best, if it agrees in all; else nobody's."""
    best = [each for each in proposals if each.score == proposals[0].score]
    if len(best) == 1 and best[0].score >= unmatched.SURE:
        return best[0].value
    return NOT_OURS


def _option(proposal: Proposal) -> Option:
    return Option(value=proposal.value, label=proposal.label, because=proposal.because)


def _not_ours() -> Option:
    return Option(value=NOT_OURS, label="It is not ours", because="No claim of ours changes.")


def _facts(task: Task, said: Said) -> tuple[Fact, ...]:
    details = task.details
    facts = [
        Fact(label="Kind", value=details["kind"]),
        Fact(label="Number it names", value=details["number"] or "none"),
        Fact(label="Member", value=said.member_id or "not told", is_identifier=True),
    ]
    if isinstance(said, EligibilityAnswer):
        return tuple(facts)
    charge = "not told" if said.charge_cents is None else dollars(said.charge_cents)
    return (
        *facts,
        Fact(label="Patient", value=_initials(said.patient)),
        Fact(label="Date of service", value=str(said.service_on or "not told")),
        Fact(label="Charge", value=charge),
        Fact(label="Payer's claim number", value=said.payer_claim_number or "not told"),
        Fact(label="What it says", value=details["words"] or "nothing that has words here"),
    )


def _initials(name: PersonName | None) -> str:
    return initials(name.first or "", name.last) if name else "not told"
