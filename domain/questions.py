"""What a task asks a person: facts to read, and a form whose recommended answer is filled in."""

from dataclasses import dataclass, field
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


@dataclass(frozen=True, kw_only=True)
class Fact:
    label: str
    value: str
    aside: str = ""


@dataclass(frozen=True, kw_only=True)
class FactSection:
    """Facts under a heading, or a table (`columns` and `rows`), or a document's text."""

    title: str
    aside: str = ""
    facts: tuple[Fact, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""
    # (start, end, field value) spans of `text` that a value rests on.
    evidence: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """A task page's whole content. `submit` says the effect, e.g. "Send appeal"."""

    lead: str
    sections: tuple[FactSection, ...]
    fields: tuple[Field, ...]
    submit: str
    consequences: tuple[str, ...] = field(default=())
