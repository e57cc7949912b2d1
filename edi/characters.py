"""Names in any alphabet of Latin letters become the capitals that every X12 receiver takes."""

import re
import unicodedata

# What NFKD does not take apart. Right single quote is how word processors write O'Neil.
_LETTERS = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O",
        "Ł": "L", "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH",
        "ı": "I", "Ħ": "H", "ħ": "H", "Ŧ": "T", "ŧ": "T", "’": "'", "‘": "'", "`": "'",
        "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-",
    }
)  # fmt: skip
# The basic set of X12 without our four separators, and without those that some receivers use.
_NOT_TAKEN = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=]")
_SENDABLE = re.compile(r"[A-Za-z0-9 !\"&'()+,\-./;?=%@\[\]_{}\\|<>#$]*")


def plain(text: str, length_max: int) -> str:
    """Text as X12 can carry it, cut to its length; ValueError when nothing is left."""
    apart = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    letters = "".join(each for each in apart if not unicodedata.combining(each))
    kept = " ".join(_NOT_TAKEN.sub(" ", letters.upper()).split())[:length_max].rstrip()
    if not kept:
        raise ValueError("no letter of this text can be written in X12; give a Latin spelling")
    return kept


def is_sendable(text: str) -> bool:
    """Whether an identifier may go out as it is, which no mapping may alter."""
    return _SENDABLE.fullmatch(text) is not None
