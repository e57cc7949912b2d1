"""Human work: the kinds of task, whose queue each belongs to, and how long each may wait."""

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


class TaskStatus(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


QUEUE_OF: dict[TaskKind, Role] = {
    TaskKind.CODING_REVIEW: Role.CODER,
    TaskKind.PROVIDER_QUERY: Role.PROVIDER,
    TaskKind.REGISTRATION_FIX: Role.FRONT_DESK,
    TaskKind.MISSING_MASTER_DATA: Role.ADMINISTRATOR,
    TaskKind.QUARANTINED_FILE: Role.ADMINISTRATOR,
    TaskKind.WRITE_OFF_APPROVAL: Role.SUPERVISOR,
    TaskKind.VOID_APPROVAL: Role.SUPERVISOR,
    TaskKind.EDIT_FIX: Role.BILLER,
    TaskKind.REJECTION: Role.BILLER,
    TaskKind.FOLLOW_UP: Role.BILLER,
    TaskKind.DENIAL: Role.BILLER,
    TaskKind.UNDERPAYMENT: Role.BILLER,
    TaskKind.APPEAL_REVIEW: Role.BILLER,
    TaskKind.APPEAL_DECISION: Role.BILLER,
    TaskKind.POSTING_EXCEPTION: Role.BILLER,
    TaskKind.PATIENT_BALANCE: Role.BILLER,
    TaskKind.PATIENT_CREDIT: Role.BILLER,
    TaskKind.RETURNED_PAYMENT: Role.BILLER,
    TaskKind.MAIL_TO_SORT: Role.BILLER,
}

# Business days until a task escalates to a supervisor; nothing is ever decided by the date.
DUE_IN_BUSINESS_DAYS: dict[TaskKind, int] = {
    TaskKind.CODING_REVIEW: 3,
    TaskKind.PROVIDER_QUERY: 5,
    TaskKind.REGISTRATION_FIX: 2,
    TaskKind.MISSING_MASTER_DATA: 2,
    TaskKind.EDIT_FIX: 2,
    TaskKind.REJECTION: 2,
    TaskKind.FOLLOW_UP: 3,
    TaskKind.DENIAL: 5,
    TaskKind.UNDERPAYMENT: 10,
    TaskKind.APPEAL_REVIEW: 5,
    TaskKind.APPEAL_DECISION: 3,
    TaskKind.WRITE_OFF_APPROVAL: 5,
    TaskKind.VOID_APPROVAL: 5,
    TaskKind.POSTING_EXCEPTION: 2,
    TaskKind.PATIENT_BALANCE: 10,
    TaskKind.PATIENT_CREDIT: 10,
    TaskKind.RETURNED_PAYMENT: 5,
    TaskKind.QUARANTINED_FILE: 1,
    TaskKind.MAIL_TO_SORT: 3,
}
