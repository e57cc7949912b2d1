"""Which punctuation an item of a CMS-1500 keeps, and which may lose its end at its box."""

from forms.cms1500_grid import positions
from forms.form_grid import Key
from forms.form_text import Box, fitted, place_of, plain_capitals

# Item 19 holds 48 characters of the usual size; the instructions let it have 71, set small.
SMALL = {Key("19", 0, "words"): 71}
# Between two supplements of one service line; a run of blanks elsewhere is one.
GAP = "   "

# What may lose its end: a reader still knows who and where is meant.
_WORDS = frozenset({"name", "street", "city", "line 1", "line 2", "plan", "signature", "words"})


def printed(key: Key, text: str) -> str:
    """What stands at a position; empty for nothing."""
    box = Box(
        where=place_of(key, form_word="item", row_word="service line"),
        length=SMALL.get(key, positions()[key].length),
        keep=_kept(key),
        may_be_cut=key.part in _WORDS,
    )
    if key in SMALL:
        return _whole_words(plain_capitals(text, keep=box.keep), box.length)
    if key.part != "supplemental":
        return fitted(box, text)
    parts = [fitted(box, part) for part in text.split(GAP)]
    return GAP.join(part for part in parts if part)[: box.length].rstrip()


def _whole_words(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length + 1].rpartition(" ")[0]


def _kept(key: Key) -> str:
    """A hyphen in names, zips and numbers; a comma only between the parts of a person's name; a
    point where a quantity may have a fraction."""
    if key.part == "name" and key.item in ("2", "4", "9"):
        return ",-"
    return ".-" if key.part in ("supplemental", "units") else "-"
