"""Patients' money: what they owe once every payer has answered, how they are asked, what they pay.

An account (`patient-balance:<account_no>`) is a guarantor's; callers lock encounters before it.
"""

from casework.patients.account import expects_more, read_account
from casework.patients.account_subjects import look_again, tell_encounter
from casework.patients.credits import apply_unapplied
from casework.patients.plans import agree_plan
from casework.patients.receipts import receive_payment
from casework.patients.refunds import refund_credit
from casework.patients.returns import (
    record_return,
    return_payment,
    returnable_checks,
    unreturned_check,
    waive_fees,
)
from casework.patients.steps import standing, take_step

__all__ = [
    "agree_plan",
    "apply_unapplied",
    "expects_more",
    "look_again",
    "read_account",
    "receive_payment",
    "record_return",
    "refund_credit",
    "return_payment",
    "returnable_checks",
    "standing",
    "take_step",
    "tell_encounter",
    "unreturned_check",
    "waive_fees",
]
