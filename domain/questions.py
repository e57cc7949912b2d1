"""What a task asks a person: facts to read, and a form whose recommended answer is filled in."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum


class FieldKind(StrEnum):
    RADIO = "radio"
    SELECT = "select"
    TEXT = "text"
    TEXTAREA = "textarea"
    DATE = "date"
    MONEY = "money"
    CHECKBOX = "checkbox"
    CODES = "codes"
    LINES = "lines"


@dataclass(frozen=True, kw_only=True)
class Option:
    value: str
    label: str
    because: str = ""
    is_recommended: bool = False


@dataclass(frozen=True, kw_only=True)
class Field:
    """One input. `values` is the recommended answer; CODES and LINES hold one value per line.

    A line of CODES is a code; a line of LINES is `code | modifiers | units | pointers`.
    """

    name: str
    label: str
    kind: FieldKind
    values: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    hint: str = ""
    is_required: bool = True
    # Shown only when the radio `depends_on` has one of these values, e.g. ("route",
    # ("write_off",)).
    depends_on: tuple[str, tuple[str, ...]] | None = None
    # Who reads the page sees its last four characters until they ask for all of it.
    is_identifier: bool = False


def radio(
    name: str, label: str, options: Iterable[Option], *, recommended: str | None, hint: str = ""
) -> Field:
    """One choice of several: the recommended one, if there is any, says so and is filled in."""
    return Field(
        name=name,
        label=label,
        kind=FieldKind.RADIO,
        values=(recommended,) if recommended is not None else (),
        options=tuple(
            replace(option, is_recommended=option.value == recommended) for option in options
        ),
        hint=hint,
    )


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: str
    value: str
    aside: str = ""
    is_identifier: bool = False


@dataclass(frozen=True, kw_only=True)
class FactSection:
    """Facts under a heading, or a table (`columns` and `rows`), or a document's text."""

    title: str
    aside: str = ""
    facts: tuple[Fact, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    # For each row the field of the page of claim facts where it is mended; empty for none.
    fields: tuple[str, ...] = ()
    text: str = ""
    # (start, end, field value) spans of `text` that a value rests on.
    evidence: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Amount:
    label: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class Share:
    """Cents that have a place once the field of this name has a value."""

    field: str
    cents: int


@dataclass(frozen=True, kw_only=True)
class RunningSum:
    """Money that an answer must place to the cent: what came, less what has its place already, less
    what is placed here.

    `choice` names the radio; with one of `whole` everything is placed, else what `shares` say.
    """

    came: Amount
    less: tuple[Amount, ...]
    here_cents: int
    choice: str
    whole: tuple[str, ...]
    shares: tuple[Share, ...] = ()

    @property
    def open_cents(self) -> int:
        """What is left for this answer to place."""
        return self.came.cents - sum(amount.cents for amount in self.less)

    def placed_cents(self, values: Mapping[str, Sequence[str]]) -> int:
        """What is placed here by these values of the form."""
        if any(value in self.whole for value in values.get(self.choice, ())):
            return self.here_cents
        return sum(share.cents for share in self.shares if any(values.get(share.field, ())))


@dataclass(frozen=True, kw_only=True)
class Question:
    """A task page's whole content. `submit` says the effect, e.g. "Send appeal"."""

    lead: str
    sections: tuple[FactSection, ...]
    fields: tuple[Field, ...]
    submit: str
    consequences: tuple[str, ...] = field(default=())
    running_sum: RunningSum | None = None
