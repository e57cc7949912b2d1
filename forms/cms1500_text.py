"""Text as a form's scanner reads it: ASCII capitals, cut or refused by one rule.

Words may lose their end at the edge of their box; a number, code or amount never does.
"""

import unicodedata

from forms.cms1500_grid import Key, positions

# What may lose its end: a reader still knows who and where is meant.
_WORDS = frozenset({"name", "street", "city", "line 1", "line 2", "plan", "signature", "words"})

# Letters that Unicode does not take apart into a base and an accent.
_PLAIN = str.maketrans({"Ł": "L", "Ø": "O", "Đ": "D", "Æ": "AE", "Œ": "OE", "Þ": "TH", "Ħ": "H"})


class FormTextError(ValueError):
    """A text that cannot stand in its box without saying something else."""


def fitted(key: Key, text: str) -> str:
    """What is printed at a position; empty for nothing."""
    plain = plain_capitals(text, keep=_kept(key))
    length = positions()[key].length
    if len(plain) <= length or key.part in _WORDS:
        return plain[:length].rstrip()
    where = f"item {key.item}" + (f", service line {key.row}" if key.row else "")
    raise FormTextError(
        f"{where}: {key.part} holds {length} characters, {len(plain)} are given; shorten it."
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


def _kept(key: Key) -> str:
    """A hyphen in names, zips and numbers; a comma only between the parts of a person's name."""
    return ",-" if key.part == "name" and key.item in ("2", "4", "9") else "-"
