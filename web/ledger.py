"""An encounter's ledger as its page shows it: what each entry moved on it, and what is left."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.models import Entry
from db.queries.web_encounters import OF_GUARANTOR
from domain.ledger import Account

COLUMNS: tuple[tuple[str, frozenset[Account]], ...] = (
    ("Charges", frozenset({Account.CHARGES})),
    ("Payer owes", frozenset({Account.AR_INSURANCE})),
    ("Patient owes", frozenset({Account.AR_PATIENT})),
    ("Credit", frozenset({Account.UNAPPLIED})),
    ("Payer paid", frozenset({Account.CLEARING, Account.CASH_BANK})),
    (
        "Contract",
        frozenset(
            {Account.CONTRACTUAL, Account.SEQUESTRATION, Account.CAPITATION_ADJ, Account.BUNDLED}
        ),
    ),
    ("Written off", frozenset({Account.WRITE_OFF})),
)
NAMES = (*(name for name, _ in COLUMNS), "Patient paid")
CREDIT = NAMES.index("Credit")


@dataclass(frozen=True, kw_only=True)
class LedgerRow:
    """`cents` has one sum for each of the ledger's names."""

    entry: Entry
    cents: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Ledger:
    """Only the columns that some entry uses: the table has little room."""

    names: tuple[str, ...]
    rows: tuple[LedgerRow, ...]
    balances: tuple[int, ...]
    credit_cents: int


def of(entries: Sequence[Entry], encounter_id: int) -> Ledger:
    moved = [_moved(entry, encounter_id) for entry in entries]
    used = [n for n in range(len(NAMES)) if any(cents[n] for cents in moved)]
    return Ledger(
        names=tuple(NAMES[n] for n in used),
        rows=tuple(
            LedgerRow(entry=entry, cents=tuple(cents[n] for n in used))
            for entry, cents in zip(entries, moved, strict=True)
        ),
        balances=tuple(sum(cents[n] for cents in moved) for n in used),
        credit_cents=-sum(cents[CREDIT] for cents in moved),
    )


def _moved(entry: Entry, encounter_id: int) -> tuple[int, ...]:
    """Only this encounter's legs: an entry may touch others, which are none of its business."""
    ours = [leg for leg in entry.postings if leg.encounter_id == encounter_id]
    by_account = [
        sum(leg.cents for leg in ours if leg.account in accounts) for _, accounts in COLUMNS
    ]
    is_patients = any(leg.account in OF_GUARANTOR for leg in entry.postings)
    # Cash belongs to the guarantor and names no encounter: it is the other side of our legs.
    patient_paid = -sum(leg.cents for leg in ours) if is_patients else 0
    return (*by_account, patient_paid)
