"""The world's own books: what was received, said to be paid, appealed and paid by patients."""

import json
from pathlib import Path
from typing import Any

from sim.store import Doc, Store

PAYMENT_COLUMNS = (
    "paid_cents",
    "contractual_cents",
    "sequestration_cents",
    "patient_cents",
    "other_cents",
)


def store_path(home: Path) -> Path:
    return home / "sim" / "sim.sqlite"


def read_books(home: Path) -> Doc:
    """Everything an auditor would compare with the practice's ledger, in one document."""
    store = Store(store_path(home))
    try:
        return {
            "expected_cents": _expected(store),
            "claims": _rows(store, "select * from receipt order by pcn"),
            "totals": _totals(store),
            "counts": _counts(store),
            "payments": _payments(store),
            "by_claim": _by_claim(store),
            "traces": _rows(store, "select * from trace order by trace"),
            "provider_adjustments": _rows(store, "select * from plb order by trace, reason"),
            "appeals": _rows(store, "select * from appeal order by reference"),
            "patient_payments": _rows(store, "select * from patient_payment order by id"),
            "unreadable": _rows(store, "select * from unreadable order by route, name"),
            "debts": _rows(store, "select * from debt order by payer, reference"),
        }
    finally:
        store.close()


def _rows(store: Store, query: str) -> list[Doc]:
    return [dict(row) for row in store.db.execute(query)]


def _value(store: Store, query: str) -> Any:
    return store.db.execute(query).fetchone()[0] or 0


def _expected(store: Store) -> int:
    """Fixed when the world was made; nothing that happens later moves it."""
    return int(json.loads(store.meta("world") or "{}").get("expected_cents", 0))


def _totals(store: Store) -> Doc:
    sums = ", ".join(f"coalesce(sum({name}), 0) {name}" for name in PAYMENT_COLUMNS)
    totals = _rows(store, f"select {sums} from payment")[0]  # noqa: S608 -- our own column names
    return {
        "insurance_paid_cents": totals.pop("paid_cents"),
        **totals,
        "interest_cents": -_value(store, "select sum(cents) from plb where reason = 'L6'"),
        "plb_cents": _value(store, "select sum(cents) from plb"),
        "bank_cents": _value(store, "select sum(bpr_cents) from trace"),
        "patient_paid_cents": _value(store, "select sum(cents) from patient_payment"),
    }


def _counts(store: Store) -> Doc:
    denied = "select count(distinct pcn) from payment where denial not in ('', 'OA-18')"
    states = "select json_extract(doc, '$.state') from claim where pcn = receipt.pcn"
    return {
        "received": _value(store, "select count(*) from receipt"),
        "received_again": _value(store, "select count(*) from receipt where times > 1"),
        "rejected": _value(
            store,
            f"select count(*) from receipt where ({states}) = 'rejected'",  # noqa: S608
        ),
        "denied": _value(store, denied),
        "partly_denied": _value(
            store,
            "select count(*) from (select pcn from payment where status not in ('22')"
            " group by pcn, icn having sum(denial not in ('', 'OA-18')) > 0"
            " and sum(denial = '') > 0)",
        ),
        "secondary": _value(
            store, "select count(distinct pcn || payer) from payment where status in ('2', '3')"
        ),
        "crossovers": _value(store, "select count(distinct pcn) from payment where status = '19'"),
        "reversals": _value(store, "select count(distinct icn) from payment where status = '22'"),
        "duplicates": _value(
            store, "select count(distinct pcn) from payment where denial = 'OA-18'"
        ),
        "provider_adjustments": _value(store, "select count(*) from plb"),
        "appeals": _value(store, "select count(*) from appeal where kind = 'appeal'"),
        "remittances": _value(store, "select count(*) from trace"),
    }


def _payments(store: Store) -> list[Doc]:
    """Net of reversals, by payer, claim and line."""
    sums = ", ".join(f"sum({name}) {name}" for name in PAYMENT_COLUMNS)
    return _rows(
        store,
        f"select payer, pcn, control, code, sum(charge_cents) charge_cents, {sums}"  # noqa: S608
        " from payment group by payer, pcn, control, code order by payer, pcn, control",
    )


def _by_claim(store: Store) -> list[Doc]:
    return _rows(
        store,
        "select payer, pcn, encounter, sum(paid_cents) paid_cents from payment"
        " group by payer, pcn, encounter order by payer, pcn",
    )
