"""Between a task's fields and the inputs of its page: rows of codes and of services are several
inputs each, and become one field again before `casework` reads them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict

from casework.refusals import Problem, Refused

ACCEPT = "accept:"
FIX = "fix:"
# The parts of one row of services, in the order in which `casework` reads them.
LINE_PARTS = ("code", "modifiers", "units", "pointers")


@dataclass(frozen=True, kw_only=True)
class Typed:
    """What somebody typed, kept over a refusal; empty for a page that is opened anew."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    problems: Mapping[str, Problem] = field(default_factory=dict)

    def of(self, name: str, recommended: Sequence[str]) -> Sequence[str]:
        """The values of one field: the typed ones if the form was sent, else the recommended."""
        return self.values.get(name, () if self.values else recommended)


def typed(form: MultiDict[str, str], refusal: Refused) -> Typed:
    return Typed(values=as_answer(form), problems=refusal.problems)


def with_fixes(form: MultiDict[str, str]) -> Typed | None:
    """The form with a suggestion put in, when the button of one was pressed; it is not sent yet."""
    fixes = {
        name.removeprefix(FIX): [row for value in values for row in value.splitlines()]
        for name, values in form.lists()
        if name.startswith(FIX)
    }
    if not fixes:
        return None
    return Typed(values={**as_answer(form), **fixes})


def as_answer(form: MultiDict[str, str]) -> dict[str, list[str]]:
    """The fields as `casework` names them: accepted codes and filled rows of services gathered."""
    answer: dict[str, list[str]] = {}
    for name, values in form.lists():
        if name.startswith(ACCEPT):
            _, field_name, code = name.split(":", 2)
            answer.setdefault(field_name, []).extend([code] if "yes" in values else [])
        elif name.startswith(FIX) or "." in name:
            continue
        else:
            answer.setdefault(name, []).extend(values)
    return answer | _lines(form)


def _lines(form: MultiDict[str, str]) -> dict[str, list[str]]:
    names = {name.split(".", 1)[0] for name in form if "." in name and ":" not in name}
    return {name: _rows(form, name) for name in sorted(names)}


def _rows(form: MultiDict[str, str], name: str) -> list[str]:
    columns = [form.getlist(f"{name}.{part}") for part in LINE_PARTS]
    rows = (tuple(cell.strip() for cell in row) for row in zip(*columns, strict=False))
    return [" | ".join(row) for row in rows if row[0]]
