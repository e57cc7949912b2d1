"""Text as a form's scanner reads it: ASCII capitals, cut or refused by one rule.

Words may lose their end at the edge of their box; a number, code or amount never does. Whatever a
box does not hold whole is a `Misfit` that a person reads before the form is printed.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from forms.form_grid import Key

# Letters that Unicode does not take apart into a base and an accent.
_PLAIN = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H"})
# State and postal code, American or Canadian, behind a city in one box.
_PLACE_END = re.compile(r" [A-Z]{2} (\d{5}(-?\d{4})?|[A-Z]\d[A-Z] ?\d[A-Z]\d)$")

Cut = Callable[[str, int], str]


class FormTextError(ValueError):
    """A text that cannot stand in its box without saying something else."""


@dataclass(frozen=True, kw_only=True)
class Misfit:
    """A text that its box does not hold whole. `words` names the box and tells no value, so that
    it may stand in a title; what was written and what fits are for the page of the claim."""

    where: str
    words: str
    written: str
    fits: str
    """What is printed of it; nothing where it is refused."""
    is_refused: bool


@dataclass(frozen=True, kw_only=True)
class Fit:
    printed: str
    misfit: Misfit | None = None


def at_the_edge(text: str, room: int) -> str:
    """A city loses its end; the state and the postal code behind it never do."""
    end = _PLACE_END.search(text)
    kept = end.group() if end else ""
    return f"{text[: room - len(kept)].rstrip()}{kept}"


def between_words(text: str, room: int) -> str:
    return text[: room + 1].rpartition(" ")[0] or text[:room]


@dataclass(frozen=True, kw_only=True)
class Box:
    """What a position takes: so many characters, which punctuation, and how an end may go, if it
    may."""

    where: str
    """In the words of a person who looks for it on the form."""
    length: int
    keep: str = "-"
    cut: Cut | None = None


def fit(box: Box, text: str, plain: str | None = None) -> Fit:
    """What is printed at a position, and what is lost. `plain` is for who puts it together."""
    try:
        plain = plain_capitals(text, keep=box.keep) if plain is None else plain
    except FormTextError as error:
        return _refused(box, text, f"{box.where}: {error}")
    if len(plain) <= box.length:
        return Fit(printed=plain)
    room = f"{box.where} holds {box.length} characters, {len(plain)} are given"
    if box.cut is None:
        return _refused(box, text, f"{room}; shorten it.")
    return cut(box.where, f"{room}: the end is cut.", text, box.cut(plain, box.length))


def cut(where: str, words: str, written: str, fits: str) -> Fit:
    lost = Misfit(where=where, words=words, written=written, fits=fits, is_refused=False)
    return Fit(printed=fits, misfit=lost)


def printed(found: Fit) -> str:
    """What stands at a position; empty for nothing."""
    if found.misfit and found.misfit.is_refused:
        raise FormTextError(found.misfit.words)
    return found.printed


def plain_capitals(text: str, *, keep: str) -> str:
    """Accents go, and all punctuation but what is to be kept; a lost letter is refused."""
    capitals = unicodedata.normalize("NFKD", text.upper().translate(_PLAIN))
    lost = {c for c in capitals if c.isalnum() and not c.isascii()}
    if lost:
        raise FormTextError(
            f"The form has no {', '.join(sorted(lost))}: write it in the letters A to Z."
        )
    plain = (c for c in capitals if c.isascii() and (c.isalnum() or c in keep or c == " "))
    return " ".join("".join(plain).split())


def place_of(key: Key, *, form_word: str, row_word: str) -> str:
    """`item 24F, service line 1: dollars`."""
    row = f", {row_word} {key.row}" if key.row else ""
    return f"{form_word} {key.item}{row}: {key.part}"


def refusal(where: str, words: str, written: str = "") -> Misfit:
    return Misfit(where=where, words=words, written=written, fits="", is_refused=True)


def _refused(box: Box, text: str, words: str) -> Fit:
    return Fit(printed="", misfit=refusal(box.where, words, text))
