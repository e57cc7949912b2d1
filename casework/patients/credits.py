"""Unapplied credit: a copay goes to its own encounter, what is left over to the oldest balance."""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from casework import ledger
from casework.moment import Moment
from casework.patients.account_subjects import tell_encounter
from casework.patients.receivables import billable, last_posting_id, owed_cents, paying_legs
from db.models import Encounter, Guarantor, Posting
from domain.encounter import Stage
from domain.ledger import Account, LedgerEntry, Leg
from domain.money import dollars


@dataclass(frozen=True, kw_only=True)
class Application:
    """So much of the credit that came with `source_id` (an encounter, or none) to `encounter`."""

    source_id: int | None
    encounter: Encounter
    cents: int


def apply_unapplied(
    session: Session, guarantor: Guarantor, now: Moment, encounter: Encounter | None = None
) -> tuple[Encounter, ...]:
    """Use the guarantor's credit where the patient owes; returns the encounters it was used on.

    With `encounter` only that one is paid, and its caller, who holds it, need not be told.
    """
    made = applicable(session, guarantor, now, encounter)
    for application in made:
        _post(session, guarantor, application, now)
        if encounter is None:
            words = f"Credit of {dollars(application.cents)} applied to the patient's balance"
            tell_encounter(session, application.encounter, words, now)
    return tuple(application.encounter for application in made)


def applicable(
    session: Session, guarantor: Guarantor, now: Moment, encounter: Encounter | None = None
) -> list[Application]:
    """What `apply_unapplied` would do; nothing is changed."""
    credit = unapplied_by_encounter(session, guarantor)
    if not credit:
        return []
    targets = [encounter] if encounter else billable(session, guarantor, now)
    owed = {target.id: owed_cents(session, target) for target in targets}
    free = [source for source in credit if source in owed or _is_free(session, source)]
    return [
        *_use(credit, owed, [(target.id, target) for target in targets]),
        *_use(credit, owed, [(source, target) for target in targets for source in free]),
    ]


def unapplied_by_encounter(session: Session, guarantor: Guarantor) -> dict[int | None, int]:
    """Credit by the encounter it was taken for; None is credit for the account as a whole."""
    rows = session.execute(
        select(Posting.encounter_id, -func.sum(Posting.cents))
        .where(Posting.account == Account.UNAPPLIED, Posting.guarantor_id == guarantor.id)
        .group_by(Posting.encounter_id)
        .having(func.sum(Posting.cents) < 0)
        .order_by(Posting.encounter_id)
    )
    return {encounter_id: int(cents) for encounter_id, cents in rows}


def unapplied_leg(guarantor: Guarantor, cents: int, source_id: int | None) -> Leg:
    return Leg(
        account=Account.UNAPPLIED, cents=cents, guarantor_id=guarantor.id, encounter_id=source_id
    )


def _is_free(session: Session, source_id: int | None) -> bool:
    """A copay waits for its own encounter as long as a payer may still leave something there."""
    if source_id is None:
        return True
    source = session.get_one(Encounter, source_id)
    is_settled = source.stage is Stage.PATIENT and not owed_cents(session, source)
    return is_settled or not source.stage.is_open


def _use(
    credit: dict[int | None, int],
    owed: dict[int, int],
    pairs: list[tuple[int | None, Encounter]] | list[tuple[int, Encounter]],
) -> Iterator[Application]:
    for source_id, target in pairs:
        cents = min(credit.get(source_id, 0), owed[target.id])
        if cents > 0:
            credit[source_id] -= cents
            owed[target.id] -= cents
            yield Application(source_id=source_id, encounter=target, cents=cents)


def _post(session: Session, guarantor: Guarantor, application: Application, now: Moment) -> None:
    encounter = application.encounter
    state = last_posting_id(session, Account.UNAPPLIED, guarantor_id=guarantor.id)
    ledger.post(
        session,
        LedgerEntry(
            effect_key=f"apply:{guarantor.account_no}:{encounter.encounter_no}:{state}",
            source=f"account {guarantor.account_no}",
            words=f"Credit applied to {encounter.encounter_no}",
            service_on=encounter.service_on,
            deposit_on=None,
            posted_on=now.today,
            legs=(
                unapplied_leg(guarantor, application.cents, application.source_id),
                *paying_legs(session, encounter, application.cents),
            ),
        ),
    )
