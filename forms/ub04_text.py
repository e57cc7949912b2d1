"""Which punctuation a locator of a UB-04 keeps, and which may lose its end at its box."""

from forms.cms1500_lines import is_drug
from forms.form_grid import Key
from forms.form_text import Box, Cut, Fit, at_the_edge, between_words, fit, place_of
from forms.ub04_grid import positions

# What may lose its end: a reader still knows who and where is meant.
_WORDS = frozenset({"name", "street", "city", "last", "first", "group", "employer"})
_WORDY_ITEMS = frozenset({"38", "80"})


def fit_at(key: Key, text: str) -> Fit:
    """What stands at a position, and what of the text does not."""
    box = Box(
        where=place_of(key, form_word="locator", row_word="line"),
        length=positions()[key].length,
        keep=_kept(key),
        cut=_cut(key, text),
    )
    return fit(box, text)


def _cut(key: Key, text: str) -> Cut | None:
    """A drug's number is a code, though it stands where words do."""
    if key.part == "words":
        return None if is_drug(text) else between_words
    return at_the_edge if key.part in _WORDS or key.item in _WORDY_ITEMS else None


def _kept(key: Key) -> str:
    """A comma parts a person's names; a point stands in a quantity, a day's price and a value."""
    if key.part == "name" and key.item in ("8b", "58A", "58B", "58C"):
        return ",-"
    return ".-" if key.item in ("43", "44", "46", "81a", "81b", "81c", "81d") else "-"
