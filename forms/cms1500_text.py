"""Which punctuation an item of a CMS-1500 keeps, and which may lose its end at its box."""

from forms.cms1500_grid import positions
from forms.cms1500_lines import is_drug
from forms.form_grid import Key
from forms.form_text import (
    Box,
    Fit,
    FormTextError,
    at_the_edge,
    between_words,
    fit,
    place_of,
    plain_capitals,
)

# Item 19 holds 48 characters of the usual size; the instructions let it have 71, set small.
SMALL = {Key("19", 0, "words"): 71}
# Between two supplements of one service line; a run of blanks elsewhere is one.
GAP = "   "

# What may lose its end: a reader still knows who and where is meant.
_WORDS = frozenset({"name", "street", "city", "line 1", "line 2", "plan", "signature"})


def fit_at(key: Key, text: str) -> Fit:
    """What stands at a position, and what of the text does not."""
    if key in SMALL:
        return fit(_box(key, SMALL[key], words=True), text)
    if key.part == "supplemental":
        return _supplements(key, text)
    return fit(_box(key, positions()[key].length, words=key.part == "words"), text)


def _box(key: Key, length: int, *, words: bool) -> Box:
    return Box(
        where=_where(key),
        length=length,
        keep=_kept(key),
        cut=between_words if words else at_the_edge if key.part in _WORDS else None,
    )


def _where(key: Key) -> str:
    if key.item == "carrier":
        return f"the payer's address on top: {key.part}"
    return place_of(key, form_word="item", row_word="service line")


def _supplements(key: Key, text: str) -> Fit:
    """A drug stands first and is a code; the narrative behind it may lose its end."""
    box = _box(key, positions()[key].length, words=True)
    first, _, _ = text.partition(GAP)
    if is_drug(first) and len(first) > box.length:
        return fit(_box(key, box.length, words=False), first)
    try:
        parts = [plain_capitals(part, keep=box.keep) for part in text.split(GAP)]
    except FormTextError:
        return fit(box, text)
    return fit(box, text, GAP.join(part for part in parts if part))


def _kept(key: Key) -> str:
    """A hyphen in names, zips and numbers; a comma only between the parts of a person's name; a
    point where a quantity may have a fraction."""
    if key.part == "name" and key.item in ("2", "4", "9"):
        return ",-"
    return ".-" if key.part in ("supplemental", "units") else "-"
