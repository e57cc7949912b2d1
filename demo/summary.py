"""The summary of an unattended run (DESIGN 10): counts and money from the ledger, never from
memory.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, text

Json = dict[str, Any]

_OPEN = text(
    """
    SELECT e.encounter_no, e.stage,
           coalesce((SELECT w.what FROM wait w WHERE w.subject = 'encounter:' || e.encounter_no
                       AND w.ended_at IS NULL ORDER BY w.until_at LIMIT 1), 'nothing') AS why
      FROM encounter e WHERE e.stage NOT IN ('closed', 'cancelled') ORDER BY e.encounter_no
    """
)
_BALANCES = text("SELECT account, reason, sum(cents) FROM posting GROUP BY account, reason")
_LINE_CLEARING = text(
    "SELECT coalesce(sum(cents), 0) FROM posting"
    " WHERE account = 'clearing' AND claim_id IS NOT NULL"
)
_CLAIMS = text(
    """
    SELECT (SELECT count(*) FROM submission WHERE sent_at IS NOT NULL) AS sent,
           (SELECT count(*) FROM submission WHERE accepted_at IS NOT NULL) AS accepted,
           (SELECT count(DISTINCT submission_id) FROM ack
             WHERE NOT is_accepted) AS rejected,
           (SELECT count(DISTINCT claim_id) FROM remit_claim
             WHERE posting = 'posted' AND paid_cents > 0) AS paid,
           (SELECT count(DISTINCT claim_id) FROM denial WHERE NOT is_underpayment) AS denied,
           (SELECT count(*) FROM claim_version WHERE because LIKE 'corrected%') AS corrected,
           (SELECT count(*) FROM appeal_case WHERE sent_at IS NOT NULL) AS appealed
    """
)
_TASKS = text(
    "SELECT kind, count(*) FROM task WHERE status = 'answered' GROUP BY kind ORDER BY kind"
)


def counts(connection: Connection) -> Json:
    encounters = connection.scalar(text("SELECT count(*) FROM encounter")) or 0
    still_open = [
        {"encounter": number, "stage": stage, "why": why}
        for number, stage, why in connection.execute(_OPEN)
    ]
    claims = connection.execute(_CLAIMS).mappings().one()
    return {
        "encounters": encounters,
        "closed": encounters - len(still_open),
        "open": still_open,
        "claims": {name: int(value) for name, value in claims.items()},
        "tasks": {kind: int(count) for kind, count in connection.execute(_TASKS)},
    }


def money(connection: Connection) -> Json:
    """Debits positive in the ledger; every figure here is positive as people say it."""
    balances: dict[str, int] = {}
    write_offs: dict[str, int] = {}
    for account, reason, cents in connection.execute(_BALANCES):
        if account == "writeoff":
            write_offs[reason] = write_offs.get(reason, 0) + int(cents)
        elif account == "adj:bundled":
            write_offs["bundled"] = write_offs.get("bundled", 0) + int(cents)
        else:
            balances[account] = balances.get(account, 0) + int(cents)
    return _figures(balances, write_offs, int(connection.scalar(_LINE_CLEARING) or 0))


def _figures(
    balances: Mapping[str, int], write_offs: Mapping[str, int], insurance_paid: int
) -> Json:
    def of(*accounts: str) -> int:
        return sum(balances.get(account, 0) for account in accounts)

    return {
        "charges_cents": -of("revenue:charges"),
        "insurance_paid_cents": insurance_paid,
        "patient_paid_cents": of("cash:patient", "income:nsf_fee", "ar:fees"),
        "contractual_cents": of("adj:contractual", "adj:sequestration", "adj:capitation"),
        "write_off_cents": sum(write_offs.values()),
        "write_off_by_reason": dict(sorted(write_offs.items())),
        "interest_cents": -of("income:interest"),
        "capitation_cents": -of("revenue:capitation"),
        "open_cents": of("ar:insurance", "ar:patient"),
    }
