"""Everything the page of one encounter shows, each part by one bounded select."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from db.models import (
    Ack,
    AuditEvent,
    ChargeLine,
    Claim,
    ClaimVersion,
    Coverage,
    Denial,
    Diagnosis,
    Document,
    Encounter,
    Entry,
    Incident,
    Journal,
    Plan,
    Posting,
    RawFile,
    RemitClaim,
    RemitLine,
    Remittance,
    Submission,
    Task,
    User,
    Wait,
)
from db.queries.claim_visits import bills
from domain.ledger import Account
from domain.tasks import TaskStatus

ROWS_MAX = 200
STORY_MAX = 300
OF_GUARANTOR = (Account.CASH_PATIENT, Account.UNAPPLIED)


@dataclass(frozen=True, kw_only=True)
class LineMoney:
    """What one charge line has come to, by account, in cents."""

    charge_line_id: int
    insurance_cents: int
    patient_cents: int
    paid_cents: int
    patient_paid_cents: int
    contractual_cents: int
    write_off_cents: int


def waits(session: Session, subject: str) -> Sequence[Wait]:
    return session.scalars(
        select(Wait)
        .where(Wait.subject == subject, Wait.ended_at.is_(None))
        .order_by(Wait.until_at, Wait.id)
        .limit(ROWS_MAX)
    ).all()


def all_waits(session: Session, subject: str) -> Sequence[Wait]:
    """Ended ones too: who waited for whom, from the beginning."""
    return session.scalars(
        select(Wait).where(Wait.subject == subject).order_by(Wait.id).limit(ROWS_MAX)
    ).all()


def open_tasks(session: Session, encounter_id: int) -> Sequence[tuple[Task, str | None]]:
    found = session.execute(
        select(Task, User.full_name)
        .outerjoin(User, User.id == Task.assignee_id)
        .where(Task.encounter_id == encounter_id, Task.status == TaskStatus.OPEN)
        .order_by(Task.due_on, Task.id)
        .limit(ROWS_MAX)
    )
    return [(task, name) for task, name in found]


def incident(session: Session, subject: str) -> Incident | None:
    return session.get(Incident, subject)


def claims(session: Session, encounter_id: int) -> Sequence[Claim]:
    return session.scalars(
        select(Claim)
        .where(bills(encounter_id))
        .options(
            joinedload(Claim.payer),
            selectinload(Claim.versions).selectinload(ClaimVersion.submissions),
        )
        .order_by(Claim.responsibility, Claim.id)
        .limit(ROWS_MAX)
    ).all()


def denials(session: Session, encounter_id: int) -> Sequence[Denial]:
    return session.scalars(
        select(Denial)
        .join(Claim, Claim.id == Denial.claim_id)
        .where(bills(encounter_id))
        .order_by(Denial.denied_at, Denial.id)
        .limit(ROWS_MAX)
    ).all()


def charge_lines(session: Session, encounter_id: int) -> Sequence[ChargeLine]:
    return session.scalars(
        select(ChargeLine)
        .where(ChargeLine.encounter_id == encounter_id)
        .options(joinedload(ChargeLine.payer))
        .order_by(ChargeLine.form.desc(), ChargeLine.ordinal)
        .limit(ROWS_MAX)
    ).all()


def coverages(session: Session, encounter: Encounter) -> Sequence[Coverage]:
    """The patient's coverages of the day of the visit, in the order in which they pay; those that
    turned out not to hold too."""
    return session.scalars(
        select(Coverage)
        .where(Coverage.patient_id == encounter.patient_id)
        .where(Coverage.valid_from <= encounter.service_on)
        .where(or_(Coverage.valid_to.is_(None), Coverage.valid_to >= encounter.service_on))
        .options(joinedload(Coverage.plan).joinedload(Plan.payer))
        .order_by(Coverage.rank, Coverage.id)
        .limit(ROWS_MAX)
    ).all()


def diagnoses(session: Session, encounter_id: int) -> Sequence[Diagnosis]:
    return session.scalars(
        select(Diagnosis)
        .where(Diagnosis.encounter_id == encounter_id)
        .order_by(Diagnosis.rank)
        .limit(ROWS_MAX)
    ).all()


def line_money(session: Session, encounter_id: int) -> dict[int, LineMoney]:
    """Cents by charge line. What the patient paid is the other side of a line's legs in entries
    of cash and credit: those accounts are the guarantor's and name no line."""

    def total(*accounts: Account) -> ColumnElement[int]:
        return func.coalesce(func.sum(Posting.cents).filter(Posting.account.in_(accounts)), 0)

    found = session.execute(
        select(
            Posting.charge_line_id,
            total(Account.AR_INSURANCE),
            total(Account.AR_PATIENT),
            total(Account.CLEARING, Account.CASH_BANK),
            -func.coalesce(func.sum(Posting.cents).filter(_by_patient()), 0),
            total(
                Account.CONTRACTUAL, Account.SEQUESTRATION, Account.CAPITATION_ADJ, Account.BUNDLED
            ),
            total(Account.WRITE_OFF),
        )
        .where(Posting.encounter_id == encounter_id, Posting.charge_line_id.is_not(None))
        .group_by(Posting.charge_line_id)
    )
    return {
        line: LineMoney(
            charge_line_id=line,
            insurance_cents=int(insurance),
            patient_cents=int(patient),
            paid_cents=int(paid),
            patient_paid_cents=int(by_patient),
            contractual_cents=int(contractual),
            write_off_cents=int(write_off),
        )
        for line, insurance, patient, paid, by_patient, contractual, write_off in found
        if line is not None
    }


def _by_patient() -> ColumnElement[bool]:
    other = aliased(Posting)
    theirs = select(other.id).where(
        other.entry_id == Posting.entry_id, other.account.in_(OF_GUARANTOR)
    )
    return theirs.exists()


def entries(session: Session, encounter_id: int) -> Sequence[Entry]:
    """Ledger entries that touch the encounter, oldest first, with their postings."""
    touching = select(Posting.entry_id).where(Posting.encounter_id == encounter_id)
    return session.scalars(
        select(Entry)
        .where(Entry.id.in_(touching))
        .options(selectinload(Entry.postings))
        .order_by(Entry.posted_on, Entry.id)
        .limit(ROWS_MAX)
    ).all()


def documents(session: Session, encounter_id: int) -> Sequence[Document]:
    on_claims = select(Claim.id).where(bills(encounter_id))
    return session.scalars(
        select(Document)
        .where(or_(Document.encounter_id == encounter_id, Document.claim_id.in_(on_claims)))
        .order_by(Document.received_at.desc(), Document.id.desc())
        .limit(ROWS_MAX)
    ).all()


def acks(session: Session, encounter_id: int) -> Sequence[tuple[Ack, RawFile]]:
    """What acknowledged this encounter's submissions, with the file that said it."""
    found = session.execute(
        select(Ack, RawFile)
        .join(Submission, Submission.id == Ack.submission_id)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .join(Claim, Claim.id == ClaimVersion.claim_id)
        .join(RawFile, RawFile.id == Ack.raw_file_id)
        .where(bills(encounter_id))
        .order_by(Ack.received_at, Ack.id)
        .limit(ROWS_MAX)
    )
    return [(ack, raw) for ack, raw in found]


def remit_claims(session: Session, encounter_id: int) -> Sequence[RemitClaim]:
    return session.scalars(
        select(RemitClaim)
        .join(Claim, Claim.id == RemitClaim.claim_id)
        .join(Remittance, Remittance.id == RemitClaim.remittance_id)
        .where(bills(encounter_id))
        .options(
            joinedload(RemitClaim.remittance),
            selectinload(RemitClaim.lines).selectinload(RemitLine.adjustments),
        )
        .order_by(Remittance.received_at, RemitClaim.id)
        .limit(ROWS_MAX)
    ).all()


def story(session: Session, subject: str) -> Sequence[tuple[Journal, str | None]]:
    """What happened, latest first, with the name of the person where one acted."""
    found = session.execute(
        select(Journal, User.full_name)
        .outerjoin(User, User.id == Journal.by_id)
        .where(Journal.subject == subject)
        .order_by(Journal.rev.desc())
        .limit(STORY_MAX)
    )
    return [(row, name) for row, name in found]


def looks(
    session: Session, patient_id: int, key: str, *, limit: int = 30
) -> Sequence[tuple[AuditEvent, str | None]]:
    """Who looked at this record, latest first."""
    found = session.execute(
        select(AuditEvent, User.full_name)
        .outerjoin(User, User.id == AuditEvent.user_id)
        .where(AuditEvent.patient_id == patient_id, AuditEvent.object_key == key)
        .order_by(AuditEvent.id.desc())
        .limit(limit)
    )
    return [(row, name) for row, name in found]


def find(session: Session, number: str, *, provider_id: int | None = None) -> Sequence[Encounter]:
    """Encounters by their number, a patient control number, or a payer's claim number; of one
    provider alone, if that is said."""
    by_claim = (
        select(Claim.encounter_id)
        .outerjoin(ClaimVersion, ClaimVersion.claim_id == Claim.id)
        .outerjoin(Submission, Submission.claim_version_id == ClaimVersion.id)
        .where(or_(Submission.pcn == number, Claim.payer_claim_number == number,
                   Submission.payer_claim_number == number))
    )  # fmt: skip
    whose = true() if provider_id is None else Encounter.provider_id == provider_id
    return session.scalars(
        select(Encounter)
        .where(whose, or_(Encounter.encounter_no == number, Encounter.id.in_(by_claim)))
        .options(joinedload(Encounter.patient))
        .order_by(Encounter.service_on.desc(), Encounter.id)
        .limit(50)
    ).all()
