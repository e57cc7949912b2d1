"""Why Medicare is not first, as a person tells it in an answer: one field for every form."""

from casework.answers.form import Form
from casework.refusals import Refused
from db.models import Coverage
from domain.medicare import WORDS, SecondBecause, is_medicare
from domain.questions import Field, FieldKind, Option

NAME = "second_because"
NOT_TOLD = Option(value="", label="not told")


def fields(coverage: Coverage, *, depends_on: tuple[str, tuple[str, ...]]) -> tuple[Field, ...]:
    """Nothing of another payer."""
    if not is_medicare(coverage.plan.payer.filing_code):
        return ()
    field = Field(
        name=NAME,
        label="Why another pays before Medicare, if one does",
        kind=FieldKind.SELECT,
        values=(coverage.second_because or "",),
        options=(NOT_TOLD, *(Option(value=each, label=words) for each, words in WORDS.items())),
        is_required=False,
        depends_on=depends_on,
    )
    return (field,)


def keep(form: Form, coverage: Coverage) -> None:
    """What the form has no field for stays as it is."""
    if not is_medicare(coverage.plan.payer.filing_code):
        coverage.second_because = None
    elif form.has(NAME):
        told = form.text(NAME)
        coverage.second_because = _read(told) if told else None


def _read(told: str) -> SecondBecause:
    try:
        return SecondBecause(told)
    except ValueError:
        raise Refused.of(NAME, "Choose one of the list.") from None
