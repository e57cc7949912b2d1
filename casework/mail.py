"""A scanned letter from outside: to the appeal or the claim that it names, or to be sorted.

What a payer decided in a letter is keyed by a person; the letter only proposes it.
"""

import datetime as dt
import hashlib
import re
from dataclasses import dataclass

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from casework import inbox, news, rejections, subjects, tasks, waits
from casework.inbox import Judgement, Verdict
from casework.moment import Moment
from casework.rejections import Refusal
from db.models import (
    AppealCase,
    Claim,
    Coverage,
    Document,
    Encounter,
    RawFile,
    Submission,
)
from domain.tasks import TaskKind

ROUTE = "mail"
CANDIDATES_MAX = 5
TEXT_MAX = 20_000
_FIELD = re.compile(
    r"^\s*(Our file|Your reference|Decision|Date)\s*:\s*(.*?)\s*$", re.IGNORECASE | re.MULTILINE
)
_WORD = re.compile(r"[A-Z0-9]{6,20}")
_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What the letter's own lines say; None where it says nothing."""

    text: str
    reference: str | None
    decision: str | None
    dated_on: dt.date | None


def take_in_letter(session: Session, name: str, text: str, now: Moment) -> Judgement:
    """File the letter once and put it where a person (or nobody) must act on it."""
    content = text.encode()
    file = inbox.register(session, ROUTE, name, content, now)
    if file is None:
        return inbox.repeated(session, name, content)
    file.kinds = "letter"
    letter = read_letter(text[:TEXT_MAX])
    words = _place(session, file, letter, now)
    file.words = f"{name}: {words}"
    session.flush()
    return Judgement(verdict=Verdict.TAKEN, sentences=(file.words,), raw_file_id=file.id)


def read_letter(text: str) -> Letter:
    said = {name.lower(): value for name, value in _FIELD.findall(text)}
    return Letter(
        text=text,
        reference=said.get("your reference") or None,
        decision=(said.get("decision") or "").lower() or None,
        dated_on=_day(said.get("date")),
    )


def sort_key(file: RawFile) -> str:
    return f"mail:{file.id}"


def text_of(file: RawFile) -> str:
    return file.content.decode("utf-8", "replace")[:TEXT_MAX]


def candidates(session: Session, text: str) -> list[Claim]:
    """Claims whose numbers, member or date of service stand in the letter."""
    words = _WORD.findall(text.upper())[:200]
    days = [day for day in (_day(each) for each in _DAY.findall(text)) if day]
    return list(
        session.scalars(
            select(Claim)
            .join(Coverage, Coverage.id == Claim.coverage_id)
            .join(Encounter, Encounter.id == Claim.encounter_id)
            .where(
                or_(
                    Claim.payer_claim_number.in_(words),
                    Coverage.member_id.in_(words),
                    Encounter.encounter_no.in_(words),
                    Encounter.service_on.in_(days),
                )
            )
            .order_by(Claim.id.desc())
            .limit(CANDIDATES_MAX)
        )
    )


def file_with(
    session: Session, file: RawFile, now: Moment, *, claim: Claim | None = None
) -> Document:
    """Keep the letter among the papers of a claim, or as correspondence of nobody in particular."""
    document = Document(
        encounter_id=claim.encounter_id if claim else None,
        claim_id=claim.id if claim else None,
        kind="letter",
        title="Letter received",
        mime="text/plain",
        sha256=hashlib.sha256(file.content).hexdigest(),
        content=file.content,
        received_at=now.at,
    )
    session.add(document)
    session.flush()
    return document


def open_decision(
    session: Session, case: AppealCase, file: RawFile, letter: Letter, now: Moment
) -> None:
    """A person keys what the payer decided; the claim waits for that instead of for the payer."""
    claim = case.claim
    key = subjects.encounter_key(claim.encounter)
    waits.answered(session, key, now, claim_id=claim.id)
    tasks.withdraw_of_claim(session, claim.id, TaskKind.FOLLOW_UP, "the payer has answered", now)
    tasks.open_task(
        session,
        TaskKind.APPEAL_DECISION,
        subject=key,
        cause=f"decision:{case.id}",
        title=f"{claim.payer.name} answered our {case.kind} by letter",
        reason=f"The letter answers {case.reference}; key what it decides.",
        details={
            "case_id": case.id,
            "raw_file_id": file.id,
            "decision": letter.decision if letter.decision in ("upheld", "overturned") else None,
            "dated_on": letter.dated_on.isoformat() if letter.dated_on else None,
        },
        now=now,
        amount_cents=sum(link.denial.amount_cents for link in case.denials),
        waits_in_claim=claim.id,
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
        raw_file_id=file.id,
    )
    news.tell_claim(session, claim, "letter", f"A letter answers our {case.kind}", now)


def _place(session: Session, file: RawFile, letter: Letter, now: Moment) -> str:
    case = _case_of(session, letter)
    if case is not None:
        return _answer_case(session, case, file, letter, now)
    submission = _submission_of(session, letter)
    if submission is not None and letter.decision == "returned":
        return _return_claim(session, submission, file, now)
    _open_sorting(session, file, letter, now)
    return "it names nothing of ours that it could answer; a person must sort it."


def _answer_case(
    session: Session, case: AppealCase, file: RawFile, letter: Letter, now: Moment
) -> str:
    subjects.lock(session, subjects.encounter_key(case.claim.encounter))
    session.refresh(case)
    file_with(session, file, now, claim=case.claim)
    if case.status != "sent":
        return f"it answers {case.reference}, which is decided already; it was filed."
    open_decision(session, case, file, letter, now)
    return f"it answers {case.reference}; a person must key the decision."


def _return_claim(session: Session, submission: Submission, file: RawFile, now: Moment) -> str:
    """A paper claim sent back before adjudication: the same as an electronic rejection."""
    claim = submission.claim_version.claim
    subjects.lock(session, subjects.encounter_key(claim.encounter))
    session.refresh(claim)
    file_with(session, file, now, claim=claim)
    words = "The payer returned the claim by letter before processing it."
    told = rejections.reject(session, submission, Refusal(source="payer", words=words), now)
    return f"it returns the claim {submission.pcn}: {told}."


def _open_sorting(session: Session, file: RawFile, letter: Letter, now: Moment) -> None:
    key = sort_key(file)
    subject = subjects.ensure(session, key, now)
    tasks.open_task(
        session,
        TaskKind.MAIL_TO_SORT,
        subject=key,
        cause="letter",
        title="A letter must be sorted",
        reason="The letter has no reference of ours that it could answer.",
        details={"candidate_ids": [claim.id for claim in candidates(session, letter.text)]},
        now=now,
        raw_file_id=file.id,
    )
    subjects.record(session, subject, "take in", "A letter without a reference of ours", now)
    waits.set_due(session, subject)


def _case_of(session: Session, letter: Letter) -> AppealCase | None:
    if not letter.reference:
        return None
    return session.scalar(
        select(AppealCase).where(AppealCase.reference == letter.reference.upper())
    )


def _submission_of(session: Session, letter: Letter) -> Submission | None:
    if not letter.reference:
        return None
    return session.scalar(select(Submission).where(Submission.pcn == letter.reference.upper()))


def _day(text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        return None
