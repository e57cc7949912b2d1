"""What the pages about a claim share: its lines in money, what the payers said, and giving
it up.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import ledger, proofs, write_offs
from casework.moment import Moment
from casework.write_offs import Part
from codesets import carc, claim_status, procedures, rarc
from db.models import (
    Ack,
    ChargeLine,
    Claim,
    ClaimLine,
    ClaimVersion,
    Denial,
    StatusInquiry,
    Submission,
    User,
)
from domain.claims import Responsibility
from domain.denials import WriteOffReason
from domain.ledger import Account
from domain.money import dollars
from domain.questions import Fact, FactSection


def lines(session: Session, claim: Claim) -> FactSection:
    """Each line: charged, expected by contract, still owed by this payer and by the patient."""
    return FactSection(
        title="Lines",
        aside=f"{claim.payer.name}, {Responsibility(claim.responsibility).words}",
        columns=("Code", "Service", "Charged", "Expected", f"{claim.payer.name} owes", "Patient"),
        rows=tuple(_line(session, claim, line) for line in claim.lines),
    )


def acknowledgments(session: Session, claim: Claim) -> FactSection:
    """Every word about this claim before adjudication, newest first."""
    acks = session.scalars(
        select(Ack)
        .join(Submission, Submission.id == Ack.submission_id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == claim.id)
        .order_by(Ack.id.desc())
        .limit(20)
    )
    inquiries = session.scalars(
        select(StatusInquiry)
        .join(Submission, Submission.id == StatusInquiry.submission_id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(ClaimVersion.claim_id == claim.id)
        .order_by(StatusInquiry.id.desc())
        .limit(20)
    )
    return FactSection(
        title="What was answered",
        columns=("Date", "What", "Code", "Words"),
        rows=(*map(_acknowledged, acks), *map(_asked, inquiries)),
    )


def filing(session: Session, claim: Claim, now: Moment) -> FactSection:
    """Who says that the claim arrived, and when; or that nobody does."""
    every = proofs.of_claim(session, claim, now)
    if not every:
        words = "Nobody has said that it arrived: there is no proof that it was filed."
        return FactSection(title="Proof of filing", aside=_limit(claim), text=words)
    return FactSection(
        title="Proof of filing",
        aside=_limit(claim),
        columns=("Date", "Said by", "Number", "Ours", "In time"),
        rows=tuple(
            (
                f"{proof.on}", proof.said_by, proof.number, proof.pcn,
                "yes" if proof.is_in_time(claim.file_by_on) else "no",
            )
            for proof in every
        ),
    )  # fmt: skip


def refusals(denials: list[Denial]) -> FactSection:
    """What the payer said, in our own words, with what usually cures it."""
    facts = []
    for denial in denials:
        explained = carc.explain(denial.carc)
        remarks = "; ".join(f"{code}: {rarc.explain(code).words}" for code in denial.rarcs)
        facts.append(
            Fact(
                label=f"{denial.group_code}-{denial.carc} on {_service(denial.charge_line)}",
                value=f"{dollars(denial.amount_cents)}: {explained.words}",
                aside=f"{remarks} {explained.cure}".strip(),
            )
        )
    return FactSection(title="What the payer said", facts=tuple(facts))


def give_up(
    session: Session, claim: Claim, reason: WriteOffReason, note: str, by: User, now: Moment
) -> str:
    """Ask to write off all that this payer still owes on the claim's lines; returns what the words
    of the decision go on with."""
    owed = {line: _owed(session, claim, line) for line in claim.lines}
    parts = [
        Part(
            encounter=line.charge_line.encounter,
            cents=cents,
            charge_line=line.charge_line,
            claim=claim,
        )
        for line, cents in owed.items()
        if cents > 0
    ]
    return write_offs.ask_all(
        session, parts, side="insurance", reason=reason, note=note, by=by, now=now
    )


def _service(line: ChargeLine) -> str:
    """The code, and its day where the claim may bill several."""
    code = " ".join((line.code, *line.modifiers))
    return code if line.encounter.stay_no is None else f"{code} of {line.service_on}"


def _line(session: Session, claim: Claim, line: ClaimLine) -> tuple[str, ...]:
    charge = line.charge_line
    patient_cents = ledger.balance(session, Account.AR_PATIENT, charge_line_id=charge.id)
    return (
        _service(charge),
        procedures.describe(charge.code) or "",
        dollars(charge.charge_cents or 0),
        "" if line.expected_cents is None else dollars(line.expected_cents),
        dollars(_owed(session, claim, line)),
        dollars(patient_cents),
    )


def _owed(session: Session, claim: Claim, line: ClaimLine) -> int:
    return ledger.balance(
        session,
        Account.AR_INSURANCE,
        charge_line_id=line.charge_line_id,
        payer_id=claim.payer_id,
    )


def _limit(claim: Claim) -> str:
    return f"to be filed by {claim.file_by_on}"


def _acknowledged(ack: Ack) -> tuple[str, ...]:
    on, what = f"{ack.received_at:%Y-%m-%d}", f"{ack.kind} of the {ack.source}"
    return on, what, _status(ack), ack.words


def _asked(inquiry: StatusInquiry) -> tuple[str, ...]:
    on, what = f"{inquiry.asked_at:%Y-%m-%d}", f"our inquiry {inquiry.attempt} (276)"
    return on, what, inquiry.category or "", inquiry.words or "no answer yet"


def _status(ack: Ack) -> str:
    if ack.category is None:
        return "accepted" if ack.is_accepted else "refused"
    words = claim_status.explain_category(ack.category).words
    return f"{ack.category}:{ack.status_code} {words}"
