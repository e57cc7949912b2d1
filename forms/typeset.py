"""One way from a template and plain data to a tagged PDF: same data, same bytes, on any machine.

Data reaches the template as JSON and is shown as text, so nothing in a name is ever markup; only
the fonts inside the typst wheel are used, so no machine's fonts change a page.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import typst

FOLDER = Path(__file__).parent

Data: TypeAlias = "str | bool | int | Mapping[str, Data] | Sequence[Data] | None"

_UNDISPLAYED = re.compile(r'the text `"(.*?)"` could not be displayed')


class UnprintableTextError(ValueError):
    """A character that our fonts lack: a person must write it in Latin, Greek or Cyrillic."""


def pdf(template: str, data: Mapping[str, Data], *, dated_on: dt.date) -> bytes:
    """The document, marked PDF/UA-1, created on the date that it bears."""
    return b"".join(_pages(template, data, dated_on, "pdf"))


def _pages(
    template: str, data: Mapping[str, Data], dated_on: dt.date, form: Literal["pdf", "png"]
) -> list[bytes]:
    try:
        compiled = typst.compile(
            FOLDER / template,
            root=FOLDER,
            ignore_system_fonts=True,
            format=form,
            sys_inputs={"data": _json(data)},
            pdf_standards=["ua-1"] if form == "pdf" else [],
            timestamp=dt.datetime.combine(dated_on, dt.time(12), dt.UTC),
        )
    except typst.TypstError as error:
        raise _explained(error) from error
    assert compiled is not None, "without an output path typst returns the bytes"
    return compiled if isinstance(compiled, list) else [compiled]


def _json(data: Mapping[str, Data]) -> str:
    """Without control characters, which pasted text brings along and no font shows."""
    return json.dumps(_printable(data), ensure_ascii=False)


def _printable(data: Data) -> Data:
    if isinstance(data, str):
        return "".join(c for c in data if c in "\n\t" or c.isprintable() or c.isspace())
    if isinstance(data, Mapping):
        return {key: _printable(value) for key, value in data.items()}
    if isinstance(data, Sequence):
        return [_printable(value) for value in data]
    return data


def _explained(error: typst.TypstError) -> Exception:
    """A refusal in words where a person can mend the text; else the bug as it came."""
    if found := _UNDISPLAYED.search(str(error)):
        return UnprintableTextError(
            f"The paper cannot show {found[1]!r}: our fonts have Latin, Greek and Cyrillic "
            "letters. Write it in one of these."
        )
    return error
