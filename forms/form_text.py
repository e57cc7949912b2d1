"""Text as a form's scanner reads it: ASCII capitals, cut or refused by one rule.

Words may lose their end at the edge of their box; a number, code or amount never does.
"""

import unicodedata
from dataclasses import dataclass

from forms.form_grid import Key

# Letters that Unicode does not take apart into a base and an accent.
_PLAIN = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H"})


class FormTextError(ValueError):
    """A text that cannot stand in its box without saying something else."""


@dataclass(frozen=True, kw_only=True)
class Box:
    """What a position takes: so many characters, which punctuation, and whether an end may go."""

    where: str
    """In the words of a person who looks for it on the form."""
    length: int
    keep: str = "-"
    may_be_cut: bool = False


def fitted(box: Box, text: str) -> str:
    """What is printed at a position; empty for nothing."""
    plain = plain_capitals(text, keep=box.keep)
    if len(plain) <= box.length or box.may_be_cut:
        return plain[: box.length].rstrip()
    raise FormTextError(
        f"{box.where} holds {box.length} characters, {len(plain)} are given; shorten it."
    )


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
