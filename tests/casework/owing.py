"""An account whose payers have answered, and which owes what they left."""

from tests.casework.conftest import AccountWorld


def owing(account: AccountWorld, cents: int, *, day: int = 20) -> None:
    """One encounter that leaves `cents` to the patient on this day."""
    made = account.charge(cents * 2)
    account.day(day)
    account.answer_835(made, paid=0, contractual=cents, patient=cents)
    account.settle(made)
