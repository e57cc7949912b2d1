"""Why something could not be posted or taken: a closed set, one form for each."""

from enum import StrEnum


class ExceptionCase(StrEnum):
    OUT_OF_BALANCE = "out_of_balance"
    FOREIGN_ACK = "foreign_ack"
    KEYED_DIFFERS = "keyed_differs"
    NAMESAKE = "namesake"
    UNREAD_ACK = "unread_ack"
    UNMATCHED_ANSWER = "unmatched_answer"
    REJECTED_AFTER_835 = "rejected_after_835"
    UNMATCHED = "unmatched"
    OTHER_PAYER = "other_payer"
    UNKNOWN_CODE = "unknown_code"
    LINE = "line"
    CHARGE = "charge"
    OVERPOSTED = "overposted"
    REVERSAL_DIFFERS = "reversal_differs"
    EARLY_REVERSAL = "early_reversal"
