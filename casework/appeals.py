"""Letters to a payer (appeal, records, dispute): drafted, reviewed and signed, sent once,
decided.
"""

import datetime as dt
import hashlib
import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import (
    appeal_waits,
    appeal_windows,
    attachment_mail,
    attachments,
    denial_facts,
    letterheads,
    mail_papers,
    outgoing,
    printed_here,
    proofs,
    subjects,
    submissions,
    tasks,
)
from casework.addresses import mailing
from casework.moment import Moment
from casework.outgoing import MAIL
from codesets import carc, procedures
from db.models import (
    AppealCase,
    AppealCaseDenial,
    Claim,
    Denial,
    Document,
    User,
)
from domain import control_numbers
from domain.correspondence import AppealLetter, AppealLine, LetterKind
from domain.denials import CORRECTIONS, LATE_FILING, DenialRoute
from domain.encounter import ClaimStage
from domain.filing_proof import FilingProof, ProofSheet
from domain.tasks import TaskKind
from forms import appeal as appeal_form
from forms.words import in_words

ARGUMENTS = {
    LetterKind.APPEAL: (
        "We ask you to reconsider the refusal named above. The service was documented, was needed "
        "for the finding it was billed with, and was filed in time.\n\nThe chart is enclosed."
    ),
    LetterKind.RECORDS: "You asked for records of the services named above. They are enclosed.",
    LetterKind.REOPENING: (
        "Our claim held a clerical error. What it should have said:"
        "\n\nThe rest of the claim stands as it was."
    ),
    LetterKind.DISPUTE: (
        "The amount allowed for the services named above is below our contract. We ask you to "
        "adjudicate them again at the contracted rate."
    ),
}


def draft(session: Session, claim: Claim, denials: list[Denial], now: Moment) -> str:
    """Draft one letter for these denials and ask a biller to read and sign it."""
    window = appeal_windows.of(session, claim, denials, now)
    case = _draft(session, claim, denials, window)
    claim.stage = ClaimStage.APPEALED
    task = tasks.open_task(
        session,
        TaskKind.APPEAL_REVIEW,
        subject=subjects.encounter_key(claim.encounter),
        cause=f"{case.kind}:{case.id}",
        title=f"Read and sign the {case.kind} to {claim.payer.name}",
        reason=f"{f'Level {case.level}; must be filed' if case.level else 'To be sent'} "
        f"by {case.due_on}.",
        details={"case_id": case.id},
        now=now,
        amount_cents=sum(denial.amount_cents for denial in denials),
        waits_in_claim=claim.id,
        due_on=window.due_on(TaskKind.APPEAL_REVIEW, now),
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        payer_id=claim.payer_id,
    )
    case.task_id = task.id
    return f"Drafted the {case.kind} to {claim.payer.name}"


def latest_case(session: Session, claim: Claim) -> AppealCase:
    return session.scalars(
        select(AppealCase).where(AppealCase.claim_id == claim.id).order_by(AppealCase.id.desc())
    ).first() or _missing(claim)


def send(session: Session, case: AppealCase, argument: str, by: User, now: Moment) -> None:
    """Sign and send: the PDF is kept with the claim, and waits for a print service or a person."""
    claim = session.get_one(Claim, case.claim_id)
    case.argument = argument
    case.answer_due_on = now.today + dt.timedelta(days=claim.payer.decision_days)
    pdf = appeal_form.letter_pdf(letter(session, case, by, now), proof(session, case, now))
    document = _keep(session, claim, case, pdf, by, now)
    case.document_id, case.status, case.sent_at = document.id, "sent", now.at
    if printed_here.is_mail_of(session, claim):
        _queue_here(session, case, document, now)
        appeal_waits.await_posting(session, case, now)
        return
    _hand_over(session, case, pdf, now)
    appeal_waits.await_decision(session, case, now, left_on=now.today)


def _queue_here(session: Session, case: AppealCase, letter: Document, now: Moment) -> None:
    """A person prints and posts it, with what it encloses."""
    is_enclosing = case.kind == LetterKind.RECORDS
    chosen = attachments.of_encounter(session, case.claim.encounter) if is_enclosing else ()
    assert case.reference is not None, "given when it was drafted"
    mail_papers.queue(
        session, case.claim, mail_papers.LETTER, case.reference, letter,
        [row.document for row in chosen], now,
    )  # fmt: skip


def _hand_over(session: Session, case: AppealCase, pdf: bytes, now: Moment) -> None:
    """For a print service."""
    claim, name = case.claim, f"{case.kind}-{case.reference}"
    outgoing.put(session, MAIL, name + ".pdf", pdf, now)
    if case.kind == LetterKind.RECORDS:
        attachment_mail.enclose(session, claim, name, now)
    manifest = outgoing.put(session, MAIL, name + ".json", _manifest(session, case, now), now)
    case.outbox_id = manifest.id


def is_to_be_posted(session: Session, case: AppealCase) -> bool:
    """By a person, who has not done so yet."""
    paper = mail_papers.find(session, case.claim, case.reference or "")
    return paper is not None and paper.mailing_id is None


def is_past_window(case: AppealCase, now: Moment) -> bool:
    """Nobody hears an appeal that comes late; records are still looked at."""
    return appeal_windows.climbs(case) and now.today > case.due_on


def letter(session: Session, case: AppealCase, by: User | None, now: Moment) -> AppealLetter:
    """The letter as it would be sent today."""
    claim = session.get_one(Claim, case.claim_id)
    encounter = claim.encounter
    denials = denials_of(session, case)
    enclosures = ["The chart of the visit"]
    enclosures += attachments.enclosures(session, claim)
    enclosed = proof(session, case, now)
    if enclosed is not None:
        enclosures.append(f"Proof of filing: {_named(enclosed.proof)}")
    return AppealLetter(
        reference=case.reference or "",
        kind=LetterKind(case.kind),
        level=max(case.level, 1),
        payer=mailing(claim.payer.name, claim.payer.address),
        practice=letterheads.of_practice(session),
        patient_name=encounter.patient.full_name,
        member_id=claim.coverage.member_id,
        payer_claim_number=claim.payer_claim_number or "",
        pcn=submissions.answered_as(session, claim).pcn,
        service_on=min(denial.charge_line.service_on for denial in denials),
        lines=tuple(_line(denial) for denial in denials),
        argument=case.argument,
        enclosures=tuple(enclosures),
        signed_by=by.full_name if by else "Billing office",
        sent_on=now.today,
        answer_due_on=case.answer_due_on
        or now.today + dt.timedelta(days=claim.payer.decision_days),
    )


def proof(session: Session, case: AppealCase, now: Moment) -> ProofSheet | None:
    """What goes with an appeal against late filing: who took the claim, and when."""
    is_late = any(denial.carc == LATE_FILING for denial in denials_of(session, case))
    if case.kind != LetterKind.APPEAL or not is_late:
        return None
    return proofs.sheet(session, session.get_one(Claim, case.claim_id), now)


def denials_of(session: Session, case: AppealCase) -> list[Denial]:
    return list(
        session.scalars(
            select(Denial)
            .join(AppealCaseDenial, AppealCaseDenial.denial_id == Denial.id)
            .where(AppealCaseDenial.appeal_case_id == case.id)
            .order_by(Denial.id)
        )
    )


def _draft(
    session: Session, claim: Claim, denials: list[Denial], window: appeal_windows.AppealWindow
) -> AppealCase:
    kind = _kind(denials)
    level = denial_facts.level_reached(session, claim) + (kind in appeal_windows.CLIMBING)
    case = AppealCase(
        claim_id=claim.id,
        kind=kind,
        level=level,
        round=_round(session, claim, kind, level),
        status="drafted",
        argument=ARGUMENTS[kind],
        basis_on=window.basis_on,
        due_on=window.until_on,
        denials=[AppealCaseDenial(denial_id=denial.id) for denial in denials],
    )
    session.add(case)
    session.flush()
    case.reference = control_numbers.mail_reference(case.id)
    return case


def _kind(denials: list[Denial]) -> LetterKind:
    if all(denial.is_underpayment for denial in denials):
        return LetterKind.DISPUTE
    if all(denial.route is DenialRoute.SEND_RECORDS for denial in denials):
        return LetterKind.RECORDS
    if all(denial.route in CORRECTIONS for denial in denials):
        return LetterKind.REOPENING
    return LetterKind.APPEAL


def _round(session: Session, claim: Claim, kind: LetterKind, level: int) -> int:
    earlier = select(func.count()).where(
        AppealCase.claim_id == claim.id, AppealCase.kind == kind, AppealCase.level == level
    )
    return (session.scalar(earlier) or 0) + 1


def _line(denial: Denial) -> AppealLine:
    line = denial.charge_line
    return AppealLine(
        code=line.code,
        words=procedures.describe(line.code) or line.code,
        charge_cents=line.charge_cents or 0,
        denied_cents=denial.amount_cents,
        reason_code=f"{denial.group_code}-{denial.carc}",
        reason_words=carc.explain(denial.carc).words,
    )


def _named(proof: FilingProof) -> str:
    number = f", number {proof.number}" if proof.number else ""
    return f"{proof.said_by} of {in_words(proof.on)}{number}"


def _keep(
    session: Session, claim: Claim, case: AppealCase, pdf: bytes, by: User, now: Moment
) -> Document:
    document = Document(
        encounter_id=claim.encounter_id,
        claim_id=claim.id,
        kind=case.kind,
        title=f"{case.kind.capitalize()} {case.reference} to {claim.payer.name}",
        mime="application/pdf",
        sha256=hashlib.sha256(pdf).hexdigest(),
        content=pdf,
        author=by.full_name,
        signed_at=now.at,
        received_at=now.at,
    )
    session.add(document)
    session.flush()
    return document


def _manifest(session: Session, case: AppealCase, now: Moment) -> bytes:
    claim = session.get_one(Claim, case.claim_id)
    manifest = {
        "kind": case.kind,
        "reference": case.reference,
        "payer_id": claim.payer.payer_no,
        "pcn": submissions.answered_as(session, claim).pcn,
        "payer_claim_number": claim.payer_claim_number,
        "level": case.level,
        "lines": [
            control_numbers.line_control(denial.charge_line_id)
            for denial in denials_of(session, case)
        ],
        "attachments": attachment_mail.name_in_letter(session, claim),
        "sent_on": now.today.isoformat(),
    }
    return json.dumps(manifest, indent=1).encode()


def _missing(claim: Claim) -> AppealCase:
    raise LookupError(f"claim {claim.id} stands as appealed, but has no letter")
