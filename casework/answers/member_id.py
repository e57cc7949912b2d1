"""A member id as people type it from a card: one rule for every form that takes one."""

import re

from casework.answers.form import Form
from casework.refusals import Refused

FIELD = "member_id"
# X12 would carry more; cards do not, and a foreign sign is a slip of the finger.
_MEMBER_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,78}[A-Z0-9]|[A-Z0-9]")


def read(form: Form) -> str:
    """The member id in capitals. Raises `Refused`, with what it probably is, for anything else."""
    typed = form.text(FIELD, required="Enter the member id from the card.").upper()
    if not _MEMBER_ID.fullmatch(typed):
        kept = "".join(character for character in typed if character.isalnum())
        raise Refused.of(FIELD, "A member id has letters, digits and hyphens only.", kept)
    return typed
