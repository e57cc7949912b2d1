"""Which punctuation a locator of a UB-04 keeps, and which may lose its end at its box."""

from forms.form_grid import Key
from forms.form_text import Box, fitted, place_of
from forms.ub04_grid import positions

# What may lose its end: a reader still knows who and where is meant.
_WORDS = frozenset({"name", "street", "city", "words", "last", "first", "group", "employer"})
_WORDY_ITEMS = frozenset({"38", "80"})


def printed(key: Key, text: str) -> str:
    """What stands at a position; empty for nothing."""
    box = Box(
        where=place_of(key, form_word="locator", row_word="line"),
        length=positions()[key].length,
        keep=_kept(key),
        may_be_cut=key.part in _WORDS or key.item in _WORDY_ITEMS,
    )
    return fitted(box, text)


def _kept(key: Key) -> str:
    """A comma parts a person's names; a point stands in a quantity, a day's price and a value."""
    if key.part == "name" and key.item in ("8b", "58A", "58B", "58C"):
        return ",-"
    return ".-" if key.item in ("43", "44", "46", "81a", "81b", "81c", "81d") else "-"
