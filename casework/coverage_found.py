"""A payer found after the patient was billed: it owes what the patient was asked for.

What the patient has paid of that becomes credit of the encounter until the payer has answered,
and what was given up of it is owed again: by the payer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, aliased

from casework import audit, charted_coverages, coverages, ledger, news
from casework.moment import Moment
from casework.patients.account_subjects import lock_account, tell_account
from casework.patients.credits import unapplied_leg
from casework.patients.receivables import patient_leg
from casework.posting.lines import keep_debtor
from casework.refusals import Forbidden, Refused
from casework.reopening import reopen
from db.models import ChargeLine, Claim, Coverage, Encounter, Posting, User
from db.queries.claim_visits import bills
from domain.encounter import ClaimStage, Stage
from domain.intake import ChartedCoverage
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars
from domain.tasks import Role

MAY_BILL = (Role.FRONT_DESK, Role.BILLER, Role.SUPERVISOR)
NOT_YOURS = "Only the front desk, a biller or a supervisor bills another payer."
WITH_PATIENT = (Stage.PATIENT, Stage.CLOSED)
# An entry with one of these settles the patient's part; all others put it on the patient.
SETTLING = (Account.CASH_PATIENT, Account.UNAPPLIED, Account.WRITE_OFF)


def is_possible(session: Session, encounter: Encounter) -> bool:
    """Whether the bill is the patient's by now: they were asked, and no payer has yet to answer."""
    is_settled = encounter.stage in WITH_PATIENT and not _is_unsettled(session, encounter)
    return is_settled and asked_cents(session, encounter) > 0


def asked_cents(session: Session, encounter: Encounter) -> int:
    """What was ever put on the patient for it."""
    return _put_on_patient(session, Posting.encounter_id == encounter.id)


def choices(session: Session, encounter: Encounter) -> list[Coverage]:
    """The known coverages that may be billed now, by rank."""
    if not is_possible(session, encounter):
        return []
    last = _last_rank(session, encounter)
    return [c for c in coverages.of_encounter(session, encounter) if c.rank > last]


def bill_new(
    session: Session, encounter: Encounter, charted: ChartedCoverage, *, by: User, now: Moment
) -> int:
    """Enter a coverage that we did not know behind all others, and bill it; the cents."""
    if by.role not in MAY_BILL:
        raise Forbidden(NOT_YOURS)
    known = select(func.max(Coverage.rank)).where(Coverage.patient_id == encounter.patient_id)
    rank = (session.scalar(known) or 0) + 1
    coverage = charted_coverages.add(
        session, encounter.patient, replace(charted, order=rank), encounter.service_on
    )
    return bill(session, encounter, coverage, by=by, now=now)


def bill(
    session: Session, encounter: Encounter, coverage: Coverage, *, by: User, now: Moment
) -> int:
    """Move the patient's part to the payer of `coverage`, whose claim is then made; the cents."""
    if by.role not in MAY_BILL:
        raise Forbidden(NOT_YOURS)
    account = lock_account(session, encounter.guarantor, now, also=[encounter])
    _require_billable(session, encounter, coverage)
    lines = [line for line in encounter.charge_lines if not line.is_void]
    legs = [leg for line in lines for leg in _legs(session, encounter, line, coverage)]
    moved = sum(leg.cents for leg in legs if leg.account is Account.AR_INSURANCE)
    if moved <= 0:
        raise Refused.of("coverage", "The patient was never asked to pay anything of it.")
    ledger.post(session, _entry(encounter, coverage, tuple(legs), now), by=by)
    for line in lines:
        keep_debtor(session, line, coverage.plan.payer_id)
    words = f"{coverage.plan.payer.name} covered the day: billed for {dollars(moved)}"
    _back_to_claims(session, encounter, words, now, by)
    tell_account(session, account, "coverage found", words, now, by)
    audit.record(
        session, by, "billed another payer", "encounter", encounter.encounter_no,
        patient_id=encounter.patient_id, words=words,
    )  # fmt: skip
    return moved


def _require_billable(session: Session, encounter: Encounter, coverage: Coverage) -> None:
    if encounter.stage not in WITH_PATIENT:
        raise Refused.of("coverage", f"The encounter is {encounter.stage}: its payers answer yet.")
    if coverage not in coverages.of_encounter(session, encounter):
        raise Refused.of("coverage", "It is not in force on the day of service.")
    if _last_rank(session, encounter) >= coverage.rank:
        raise Refused.of("coverage", "It pays before a payer that was billed: void that claim.")
    if _is_unsettled(session, encounter):
        raise Refused.of("coverage", "A claim of it is not settled yet.")


def _last_rank(session: Session, encounter: Encounter) -> int:
    """The rank of the last payer that has had a claim, or 0."""
    asked = (
        select(func.max(Coverage.rank))
        .join(Claim, Claim.coverage_id == Coverage.id)
        .where(bills(encounter.id))
    )
    return session.scalar(asked) or 0


def _is_unsettled(session: Session, encounter: Encounter) -> bool:
    open_claims = select(Claim.id).where(bills(encounter.id), Claim.stage != ClaimStage.SETTLED)
    return session.scalar(open_claims.limit(1)) is not None


def _legs(
    session: Session, encounter: Encounter, line: ChargeLine, coverage: Coverage
) -> Iterator[Leg]:
    """What the patient owes, has paid and was let off of a line, and the payer in their place."""
    owed = ledger.balance(session, Account.AR_PATIENT, charge_line_id=line.id)
    let_off = _let_off(session, line)
    paid = (
        _put_on_patient(session, Posting.charge_line_id == line.id)
        - owed
        - sum(cents for _, cents in let_off)
    )
    settled = [
        patient_leg(encounter, line.id, -owed),
        unapplied_leg(encounter.guarantor, -paid, encounter.id),
        *(_taken_back(encounter, line, reason, -cents) for reason, cents in let_off),
    ]
    moved = -sum(leg.cents for leg in settled)
    payer = Leg(
        account=Account.AR_INSURANCE,
        cents=moved,
        payer_id=coverage.plan.payer_id,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=line.id,
    )
    yield from (leg for leg in (payer, *settled) if leg.cents)


def _put_on_patient(session: Session, where: ColumnElement[bool]) -> int:
    """What prices and payers ever put on the patient."""
    settling = select(Posting.entry_id).where(Posting.account.in_(SETTLING))
    put = (
        select(func.coalesce(func.sum(Posting.cents), 0))
        .where(where, Posting.account == Account.AR_PATIENT)
        .where(Posting.entry_id.not_in(settling))
    )
    return int(session.scalar(put) or 0)


def _let_off(session: Session, line: ChargeLine) -> Sequence[tuple[str | None, int]]:
    """Write-offs of the patient's part, by reason."""
    given_up = aliased(Posting)
    rows = session.execute(
        select(given_up.reason, func.sum(given_up.cents))
        .where(given_up.charge_line_id == line.id, given_up.account == Account.WRITE_OFF)
        .where(given_up.payer_id.is_(None))
        .group_by(given_up.reason)
        .having(func.sum(given_up.cents) != 0)
        .order_by(given_up.reason)
    )
    return [(reason, int(cents)) for reason, cents in rows]


def _taken_back(encounter: Encounter, line: ChargeLine, reason: str | None, cents: int) -> Leg:
    return Leg(
        account=Account.WRITE_OFF,
        cents=cents,
        patient_id=encounter.patient_id,
        guarantor_id=encounter.guarantor_id,
        encounter_id=encounter.id,
        charge_line_id=line.id,
        reason=reason,
    )


def _entry(
    encounter: Encounter, coverage: Coverage, legs: tuple[Leg, ...], now: Moment
) -> LedgerEntry:
    return LedgerEntry(
        effect_key=f"coverage found:{encounter.encounter_no}:{coverage.id}",
        source=f"encounter {encounter.encounter_no}",
        words=f"Moved from the patient to {coverage.plan.payer.name}",
        service_on=encounter.service_on,
        deposit_on=None,
        posted_on=now.today,
        legs=legs,
    )


def _back_to_claims(
    session: Session, encounter: Encounter, words: str, now: Moment, by: User
) -> None:
    subject = reopen(session, encounter, Stage.CLAIMS, now)
    news.tell(session, subject, "coverage found", words, now, by)
