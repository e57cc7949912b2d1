"""Our ledger against the world's own books, to the cent and to the claim."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, text

Json = dict[str, Any]
LISTED_MAX = 40

_SENT = text("SELECT pcn, channel FROM submission WHERE sent_at IS NOT NULL ORDER BY pcn")
_PAID = text(
    """
    SELECT p.payer_no, rc.pcn, sum(rl.paid_cents)
      FROM remit_line rl
      JOIN remit_claim rc ON rc.id = rl.remit_claim_id AND rc.posting = 'posted'
      JOIN remittance r ON r.id = rc.remittance_id
      JOIN payer p ON p.id = r.payer_id
     GROUP BY p.payer_no, rc.pcn
    """
)
# The world's patients pay fees like anything else; the summary's figure leaves fees out.
_PATIENT_CASH = text("SELECT coalesce(sum(cents), 0) FROM posting WHERE account = 'cash:patient'")


def compare(connection: Connection, money: Json, books: Json) -> Json:
    cash = int(connection.scalar(_PATIENT_CASH) or 0)
    differences = [
        *_totals({**money, "patient_paid_cents": cash}, books["totals"]),
        *_claims_received(connection, books),
        *_paid_by_claim(connection, books),
        *_appeals(connection, books),
    ]
    return {"agrees": not differences, "differences": differences[:LISTED_MAX]}


def _totals(ours: Json, theirs: Json) -> Iterator[str]:
    for name in ("insurance_paid_cents", "patient_paid_cents", "interest_cents"):
        if ours[name] != theirs[name]:
            yield f"{name}: we have {ours[name]}, the world says {theirs[name]}"


def _claims_received(connection: Connection, books: Json) -> Iterator[str]:
    sent = {pcn for pcn, _ in connection.execute(_SENT)}
    received = {claim["pcn"]: claim["times"] for claim in books["claims"]}
    for pcn in sorted(sent - set(received)):
        yield f"{pcn}: sent, but never received"
    for pcn in sorted(set(received) - sent):
        yield f"{pcn}: received, but we did not send it"
    for pcn, times in sorted(received.items()):
        if times != 1:
            yield f"{pcn}: received {times} times"


def _paid_by_claim(connection: Connection, books: Json) -> Iterator[str]:
    ours = {(payer, pcn): int(cents) for payer, pcn, cents in connection.execute(_PAID)}
    theirs: Mapping[tuple[str, str], int] = _by_claim(books)
    for key in sorted(set(ours) | set(theirs)):
        if ours.get(key, 0) != theirs.get(key, 0):
            payer, pcn = key
            yield f"{pcn} at {payer}: posted {ours.get(key, 0)}, paid {theirs.get(key, 0)}"


def _by_claim(books: Json) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for row in books["by_claim"]:
        key = (row["payer"], row["pcn"])
        found[key] = found.get(key, 0) + int(row["paid_cents"])
    return found


def _appeals(connection: Connection, books: Json) -> Iterator[str]:
    sent = set(
        connection.scalars(text("SELECT reference FROM appeal_case WHERE sent_at IS NOT NULL"))
    )
    received = {appeal["reference"] for appeal in books["appeals"]}
    for reference in sorted(sent ^ received):
        where = "sent, never received" if reference in sent else "received, never sent"
        yield f"{reference}: {where}"
