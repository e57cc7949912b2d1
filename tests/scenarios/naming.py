"""What a scenario calls accounts and tasks, and what we call them. Amounts are never mapped."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.denials import WriteOffReason
from domain.ledger import Account
from domain.tasks import TaskKind

OF_PAYER = (Account.AR_INSURANCE, Account.CLEARING, Account.PAYER_OFFSET)

# What we file another name's write-off under. Their name is given back where balances are compared.
REASON_OF = {
    "charity": WriteOffReason.HARDSHIP,
    "financial_assistance": WriteOffReason.HARDSHIP,
    "no_authorisation": WriteOffReason.NO_AUTHORIZATION,
    "authorization": WriteOffReason.NO_AUTHORIZATION,
    "underpayment": WriteOffReason.UNDERPAID,
    "timely": WriteOffReason.TIMELY_FILING,
    "filing_limit": WriteOffReason.TIMELY_FILING,
}

# The first of these that a scenario's name of a task contains says which kind of ours it is.
# A plan within our rules is agreed by the biller alone; docs/scenarios.md says why.
KINDS: tuple[tuple[str, TaskKind | None], ...] = (
    ("plan approval", None),
    ("void", TaskKind.VOID_APPROVAL),
    ("write-off", TaskKind.WRITE_OFF_APPROVAL),
    ("lost", TaskKind.DENIAL),
    ("appeal", TaskKind.APPEAL_REVIEW),
    ("underpa", TaskKind.UNDERPAYMENT),
    ("returned", TaskKind.RETURNED_PAYMENT),
    ("credit", TaskKind.PATIENT_CREDIT),
    ("rejection", TaskKind.REJECTION),
    ("denial", TaskKind.DENIAL),
    ("other coverage", TaskKind.DENIAL),
    ("835", TaskKind.POSTING_EXCEPTION),
    ("reversal", TaskKind.POSTING_EXCEPTION),
    ("balance", TaskKind.PATIENT_BALANCE),
    ("bad debt", TaskKind.PATIENT_BALANCE),
    ("no answer", TaskKind.FOLLOW_UP),
    ("follow", TaskKind.FOLLOW_UP),
)


@dataclass(kw_only=True)
class Names:
    """Learns, while a scenario is played, what it calls what was given up."""

    written_off: dict[WriteOffReason, str] = field(default_factory=dict)

    def reason(self, account: str) -> WriteOffReason:
        """Our reason for a scenario's account of something given up."""
        name = account.partition(":")[2]
        known = name in set(WriteOffReason)
        reason = WriteOffReason(name) if known else REASON_OF.get(name, WriteOffReason.OTHER)
        self.written_off[reason] = account
        return reason

    def account(self, account: Account, payer: str | None, reason: str | None) -> str:
        if account is Account.WRITE_OFF:
            return self.written_off.get(WriteOffReason(reason or "other"), f"writeoff:{reason}")
        name = str(account).replace("ar:", "AR:")
        return f"{name}:{payer}" if payer and account in OF_PAYER else name


def kind_of(name: str) -> TaskKind | None:
    return next(kind for part, kind in KINDS if part in name.lower())


def expected_kinds(scenario: Mapping[str, Any]) -> list[TaskKind]:
    """The tasks a scenario names, and those in which we keep what it tells as an event only."""
    named = [kind_of(name) for name in scenario["tasks"]]
    return sorted([kind for kind in named if kind] + _ours(scenario["events"]))


def _ours(events: Sequence[Mapping[str, Any]]) -> list[TaskKind]:
    """The second person of a write-off, the letter of a dispute, a decision that comes by mail."""
    kinds: list[TaskKind] = []
    for event in events:
        match event:
            case {"kind": "write_off", "approver": "second person"}:
                kinds.append(TaskKind.WRITE_OFF_APPROVAL)
            case {"kind": "action", "what": "dispute"}:
                kinds.append(TaskKind.APPEAL_REVIEW)
            case {"kind": "action", "what": "decision"}:
                kinds.append(TaskKind.APPEAL_DECISION)
    return kinds
