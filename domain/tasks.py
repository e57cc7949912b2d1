"""Human work: the kinds of task, whose queue each belongs to, and how long each may wait.

To add a kind: a member of `TaskKind` and its `RULES` here, a module in `casework/answers` with its
line in `registry.py`, and a migration for the check of `task.kind`.
"""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a person is here to do; rights are derived from it in one place, `web/access.py`."""

    CODER = "coder"
    BILLER = "biller"
    SUPERVISOR = "supervisor"
    PROVIDER = "provider"
    FRONT_DESK = "front_desk"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class TaskKind(StrEnum):
    CODING_REVIEW = "coding_review"
    PROVIDER_QUERY = "provider_query"
    REGISTRATION_FIX = "registration_fix"
    MISSING_MASTER_DATA = "missing_master_data"
    EDIT_FIX = "edit_fix"
    REJECTION = "rejection"
    FOLLOW_UP = "follow_up"
    DENIAL = "denial"
    UNDERPAYMENT = "underpayment"
    APPEAL_REVIEW = "appeal_review"
    APPEAL_DECISION = "appeal_decision"
    WRITE_OFF_APPROVAL = "write_off_approval"
    VOID_APPROVAL = "void_approval"
    POSTING_EXCEPTION = "posting_exception"
    PATIENT_BALANCE = "patient_balance"
    PATIENT_CREDIT = "patient_credit"
    RETURNED_PAYMENT = "returned_payment"
    QUARANTINED_FILE = "quarantined_file"
    MAIL_TO_SORT = "mail_to_sort"
    PORTAL_CLAIM = "portal_claim"
    EXCHANGE_PROBLEM = "exchange_problem"


class TaskStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True)
class Rules:
    """Whose queue a kind of task is in, the queue's name, and the business days until it escalates
    to a supervisor; nothing is ever decided by the date."""

    queue: Role
    name: str
    business_days: int


RULES: dict[TaskKind, Rules] = {
    TaskKind.CODING_REVIEW: Rules(queue=Role.CODER, name="Coding", business_days=3),
    TaskKind.PROVIDER_QUERY: Rules(queue=Role.PROVIDER, name="Queries", business_days=5),
    TaskKind.REGISTRATION_FIX: Rules(queue=Role.FRONT_DESK, name="Registration", business_days=2),
    TaskKind.MISSING_MASTER_DATA: Rules(
        queue=Role.ADMINISTRATOR, name="Missing data", business_days=2
    ),
    TaskKind.EDIT_FIX: Rules(queue=Role.BILLER, name="Edits", business_days=2),
    TaskKind.REJECTION: Rules(queue=Role.BILLER, name="Rejections", business_days=2),
    TaskKind.FOLLOW_UP: Rules(queue=Role.BILLER, name="No answer", business_days=3),
    TaskKind.DENIAL: Rules(queue=Role.BILLER, name="Denials", business_days=5),
    TaskKind.UNDERPAYMENT: Rules(queue=Role.BILLER, name="Underpaid", business_days=10),
    TaskKind.APPEAL_REVIEW: Rules(queue=Role.BILLER, name="Appeals", business_days=5),
    TaskKind.APPEAL_DECISION: Rules(queue=Role.BILLER, name="Decisions", business_days=3),
    TaskKind.WRITE_OFF_APPROVAL: Rules(queue=Role.SUPERVISOR, name="Write-offs", business_days=5),
    TaskKind.VOID_APPROVAL: Rules(queue=Role.SUPERVISOR, name="Voids", business_days=5),
    TaskKind.POSTING_EXCEPTION: Rules(queue=Role.BILLER, name="Posting", business_days=2),
    TaskKind.PATIENT_BALANCE: Rules(queue=Role.BILLER, name="Patient balances", business_days=10),
    TaskKind.PATIENT_CREDIT: Rules(queue=Role.BILLER, name="Credits", business_days=10),
    TaskKind.RETURNED_PAYMENT: Rules(queue=Role.BILLER, name="Returned", business_days=5),
    TaskKind.QUARANTINED_FILE: Rules(queue=Role.ADMINISTRATOR, name="Quarantine", business_days=1),
    TaskKind.MAIL_TO_SORT: Rules(queue=Role.BILLER, name="Mail", business_days=3),
    TaskKind.PORTAL_CLAIM: Rules(queue=Role.BILLER, name="Portals", business_days=2),
    TaskKind.EXCHANGE_PROBLEM: Rules(queue=Role.ADMINISTRATOR, name="Exchange", business_days=1),
}
