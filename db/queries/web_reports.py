"""The figures of the reports page, each one sum over ledger, claims or remittances; no single
patient can be read from them."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Date, Subquery, cast, distinct, func, literal_column, select
from sqlalchemy.orm import Session

from db.models import (
    Claim,
    ClaimVersion,
    Denial,
    Encounter,
    Entry,
    Payer,
    Posting,
    RemitClaim,
    Submission,
)
from db.queries.sums import sum_of
from domain.denials import DenialStatus
from domain.ledger import Account

AGES = (30, 60, 90, 120)
TOP = 10


@dataclass(frozen=True, kw_only=True)
class Week:
    begins_on: dt.date
    charged_cents: int
    paid_cents: int


@dataclass(frozen=True, kw_only=True)
class Bucket:
    label: str
    payers_cents: int
    patients_cents: int


@dataclass(frozen=True, kw_only=True)
class PayerDenials:
    payer_name: str
    claims: int
    denied: int
    denied_cents: int
    won_cents: int


@dataclass(frozen=True, kw_only=True)
class Reason:
    group_code: str
    carc: str
    cents: int
    count: int


@dataclass(frozen=True, kw_only=True)
class Totals:
    owed_cents: int
    open_encounters: int
    charged_90_cents: int
    first_sent: int
    first_accepted: int
    adjudicated: int
    exceptions: int


def weeks(session: Session, since: dt.date) -> Sequence[Week]:
    """Charges and payments (net of reversals) by the week in which they were posted."""
    week = cast(func.date_trunc("week", Entry.posted_on), Date)
    # Money received is a debit of cash; a payer's is booked by claim against its clearing account.
    paid = Posting.account.in_([Account.CLEARING, Account.CASH_PATIENT])
    of_claims = Posting.encounter_id.is_not(None)
    found = session.execute(
        select(
            week,
            func.coalesce(func.sum(-Posting.cents).filter(Posting.account == Account.CHARGES), 0),
            func.coalesce(func.sum(Posting.cents).filter(paid, of_claims), 0),
        )
        .join(Posting, Posting.entry_id == Entry.id)
        .where(Entry.posted_on >= since)
        .group_by(week)
        .order_by(week)
        .limit(60)
    )
    return [Week(begins_on=on, charged_cents=int(c), paid_cents=int(p)) for on, c, p in found]


def aging(session: Session, today: dt.date) -> Sequence[Bucket]:
    """What is owed now, by days since the service."""
    bounds = ",".join(str(age + 1) for age in AGES)
    days = today - Encounter.service_on
    place = func.width_bucket(days, literal_column(f"array[{bounds}]::bigint[]"))
    found = session.execute(
        select(
            place,
            sum_of(Account.AR_INSURANCE),
            sum_of(Account.AR_PATIENT),
        )
        .join(Encounter, Encounter.id == Posting.encounter_id)
        .where(Posting.account.in_([Account.AR_INSURANCE, Account.AR_PATIENT]))
        .group_by(place)
    )
    by_place = {int(n): (int(payers), int(patients)) for n, payers, patients in found}
    lows = (0, *(age + 1 for age in AGES))
    labels = [*(f"{low}–{high}" for low, high in zip(lows, AGES, strict=False)), f"over {AGES[-1]}"]
    return [
        Bucket(
            label=label,
            payers_cents=by_place.get(n, (0, 0))[0],
            patients_cents=by_place.get(n, (0, 0))[1],
        )
        for n, label in enumerate(labels)
    ]


def denials_by_payer(session: Session) -> Sequence[PayerDenials]:
    """Of the claims each payer has adjudicated: how many it refused in part or whole, and what of
    that money came back."""
    denied = _denied_by_payer()
    found = session.execute(
        select(
            Payer.name,
            func.count(distinct(RemitClaim.claim_id)),
            func.coalesce(denied.c.claims, 0),
            func.coalesce(denied.c.cents, 0),
            func.coalesce(denied.c.won, 0),
        )
        .join(Claim, Claim.payer_id == Payer.id)
        .join(RemitClaim, RemitClaim.claim_id == Claim.id)
        .outerjoin(denied, denied.c.payer_id == Payer.id)
        .group_by(Payer.id, Payer.name, denied.c.claims, denied.c.cents, denied.c.won)
        .order_by(func.coalesce(denied.c.cents, 0).desc(), Payer.name)
        .limit(50)
    )
    return [
        PayerDenials(payer_name=n, claims=c, denied=d, denied_cents=int(m), won_cents=int(w))
        for n, c, d, m, w in found
    ]


def _denied_by_payer() -> Subquery:
    won = func.sum(Denial.amount_cents).filter(Denial.status == DenialStatus.RESOLVED)
    return (
        select(
            Claim.payer_id,
            func.count(distinct(Denial.claim_id)).label("claims"),
            func.sum(Denial.amount_cents).label("cents"),
            func.coalesce(won, 0).label("won"),
        )
        .join(Claim, Claim.id == Denial.claim_id)
        .group_by(Claim.payer_id)
        .subquery()
    )


def reasons(session: Session) -> Sequence[Reason]:
    money = func.sum(Denial.amount_cents)
    found = session.execute(
        select(Denial.group_code, Denial.carc, money, func.count())
        .group_by(Denial.group_code, Denial.carc)
        .order_by(money.desc(), Denial.group_code, Denial.carc)
        .limit(TOP)
    )
    return [Reason(group_code=g, carc=c, cents=int(m), count=n) for g, c, m, n in found]


def totals(session: Session, today: dt.date) -> Totals:
    sent, accepted = _first_time(session)
    adjudicated, exceptions = _answers(session)
    return Totals(
        owed_cents=_owed_cents(session),
        open_encounters=_open_encounters(session),
        charged_90_cents=_charged_cents(session, today - dt.timedelta(days=90)),
        first_sent=sent,
        first_accepted=accepted,
        adjudicated=adjudicated,
        exceptions=exceptions,
    )


def _owed_cents(session: Session) -> int:
    owed = select(func.sum(Posting.cents)).where(
        Posting.account.in_([Account.AR_INSURANCE, Account.AR_PATIENT])
    )
    return int(session.scalar(owed) or 0)


def _open_encounters(session: Session) -> int:
    still_open = select(func.count()).select_from(Encounter).where(Encounter.ended_at.is_(None))
    return session.scalar(still_open) or 0


def _charged_cents(session: Session, after_on: dt.date) -> int:
    charged = (
        select(func.sum(-Posting.cents))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account == Account.CHARGES, Entry.posted_on > after_on)
    )
    return int(session.scalar(charged) or 0)


def _answers(session: Session) -> tuple[int, int]:
    """Claims answered by a remittance, and those of them that wait for a person to place them."""
    found = session.execute(
        select(func.count(), func.count().filter(RemitClaim.posting == "exception")).select_from(
            RemitClaim
        )
    ).one()
    return found[0], found[1]


def _first_time(session: Session) -> tuple[int, int]:
    """First submissions that have been answered, and those of them that were accepted."""
    found = session.execute(
        select(
            func.count().filter(Submission.ack_status.in_(["accepted", "rejected"])),
            func.count().filter(Submission.ack_status == "accepted"),
        )
        .select_from(Submission)
        .join(ClaimVersion, ClaimVersion.id == Submission.claim_version_id)
        .where(Submission.number == 1, ClaimVersion.version == 1)
    ).one()
    return found[0], found[1]
