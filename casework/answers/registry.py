"""Which module asks and acts for which kind of task."""

from typing import Protocol

from sqlalchemy.orm import Session

from casework.answers import (
    appeal_decision,
    appeal_review,
    coding_review,
    denial,
    edit_fix,
    exchange_problem,
    follow_up,
    mail_to_sort,
    missing_master_data,
    patient_balance,
    patient_credit,
    portal_claim,
    posting_exception,
    provider_query,
    quarantined_file,
    registration_fix,
    rejection,
    returned_payment,
    underpayment,
    void_approval,
    write_off_approval,
)
from casework.answers.form import Form
from casework.moment import Moment
from db.models import Task, User
from domain.questions import Question
from domain.tasks import TaskKind


class Kind(Protocol):
    """What a module in this package offers."""

    def ask(self, session: Session, task: Task, now: Moment) -> Question: ...

    def act(self, session: Session, task: Task, form: Form, by: User, now: Moment) -> str: ...


KINDS: dict[TaskKind, Kind] = {
    TaskKind.CODING_REVIEW: coding_review,
    TaskKind.PROVIDER_QUERY: provider_query,
    TaskKind.REGISTRATION_FIX: registration_fix,
    TaskKind.MISSING_MASTER_DATA: missing_master_data,
    TaskKind.EDIT_FIX: edit_fix,
    TaskKind.REJECTION: rejection,
    TaskKind.FOLLOW_UP: follow_up,
    TaskKind.DENIAL: denial,
    TaskKind.UNDERPAYMENT: underpayment,
    TaskKind.APPEAL_REVIEW: appeal_review,
    TaskKind.APPEAL_DECISION: appeal_decision,
    TaskKind.WRITE_OFF_APPROVAL: write_off_approval,
    TaskKind.VOID_APPROVAL: void_approval,
    TaskKind.POSTING_EXCEPTION: posting_exception,
    TaskKind.PATIENT_BALANCE: patient_balance,
    TaskKind.PATIENT_CREDIT: patient_credit,
    TaskKind.RETURNED_PAYMENT: returned_payment,
    TaskKind.QUARANTINED_FILE: quarantined_file,
    TaskKind.MAIL_TO_SORT: mail_to_sort,
    TaskKind.PORTAL_CLAIM: portal_claim,
    TaskKind.EXCHANGE_PROBLEM: exchange_problem,
}
