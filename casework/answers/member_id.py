"""A member id as people type it from a card: one rule for every form that takes one."""

import re

from casework.answers.form import Form
from casework.refusals import Refused
from db.models import Coverage
from domain.questions import Field, FieldKind

NAME = "member_id"
# X12 would carry more; cards do not, and a foreign sign is a slip of the finger.
_MEMBER_ID = re.compile(r"[A-Z0-9][A-Z0-9-]{0,78}[A-Z0-9]|[A-Z0-9]")


def field(coverage: Coverage, *, depends_on: tuple[str, tuple[str, ...]]) -> Field:
    """What the coverage has, to be corrected when the answer takes that way."""
    return Field(
        name=NAME,
        label="Member id",
        kind=FieldKind.TEXT,
        values=(coverage.member_id,),
        is_identifier=True,
        is_required=False,
        depends_on=depends_on,
    )


def read(form: Form) -> str:
    """The member id in capitals. Raises `Refused`, with what it probably is, for anything else."""
    typed = form.text(NAME, required="Enter the member id from the card.").upper()
    if not _MEMBER_ID.fullmatch(typed):
        kept = "".join(character for character in typed if character.isalnum())
        raise Refused.of(NAME, "A member id has letters, digits and hyphens only.", kept)
    return typed
