"""Text becomes the capitals that every X12 receiver takes, with all that it means, or is refused.

Names and streets keep to the basic set; notes may use the extended one, without our separators.
"""

import re
import unicodedata

from edi import signs

# What NFKD does not take apart.
_LETTERS = str.maketrans(
    {
        "ß": "SS", "ẞ": "SS", "Æ": "AE", "æ": "AE", "Œ": "OE", "œ": "OE", "Ø": "O", "ø": "O",
        "Ł": "L", "ł": "L", "Đ": "D", "đ": "D", "Ð": "D", "ð": "D", "Þ": "TH", "þ": "TH",
        "ı": "I", "Ħ": "H", "ħ": "H", "Ŧ": "T", "ŧ": "T", "Ŋ": "N", "ŋ": "N", "Ə": "E", "ə": "E",
        "ĸ": "K",
    }
)  # fmt: skip
# The basic set of X12 without our four separators.
_NOT_BASIC = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=]")
_NOT_EXTENDED = re.compile(r"[^A-Z0-9 !\"&'()+,\-./;?=%@\[\]_{}\\|<>#$]")
_SENDABLE = re.compile(r"[A-Za-z0-9 !\"&'()+,\-./;?=%@\[\]_{}\\|<>#$]*")
_FOREIGN_LETTER = re.compile(r"[^\W_A-Z0-9]")
# A number sign says "unit" where no word before it does.
_UNIT_WORDS = r"APARTMENT|APT|BUILDING|BLDG|FLOOR|FL|LOT|ROOM|RM|SPACE|SPC|STE|SUITE|TRLR|UNIT|BOX"
_NUMBERED_UNIT = re.compile(rf"\b({_UNIT_WORDS})\.?\s*#\s*")
# "APT" is not parted from its number.
_UNIT_AT_END = re.compile(rf"\s({_UNIT_WORDS})\.?$")
_NUMBER_SIGN = re.compile(r"#\s*(?=\w)")
# What the extended set has, and names and streets may not use.
_NAMED = str.maketrans({"%": " PERCENT ", "@": " AT ", ":": " "})


def plain(text: str) -> str:
    """A name; ValueError when a letter of it cannot be written, or nothing is left."""
    return _kept(_NUMBER_SIGN.sub("NO ", _capitals(text)).translate(_NAMED), _NOT_BASIC)


def note(text: str) -> str:
    """A sentence; signs that X12 has not are told in words."""
    return _kept(_capitals(text).replace(":", " -"), _NOT_EXTENDED)


def street(text: str) -> str:
    """A street or what stands below it; `#4` alone is `UNIT 4`, and `APT #4` is `APT 4`."""
    numbered = _NUMBERED_UNIT.sub(r"\1 ", _capitals(text))
    return _kept(_NUMBER_SIGN.sub("UNIT ", numbered).translate(_NAMED), _NOT_BASIC)


def shortened(text: str, length_max: int) -> str:
    """An organization's name, cut after a word where it is too long: it is known by its number."""
    written = plain(text)
    if len(written) <= length_max:
        return written
    whole_words = written[: length_max + 1].rpartition(" ")[0]
    return (whole_words or written[:length_max]).rstrip()


def two_lines(first: str, second: str | None, length_max: int) -> tuple[str, str]:
    """A street over the two lines that there are: what does not fit in the first goes into the
    second, so that no apartment is cut off. ValueError when both are full.
    """
    one, two = street(first), street(second) if second and second.strip() else ""
    if len(one) > length_max:
        head = _UNIT_AT_END.sub("", one[: length_max + 1].rpartition(" ")[0]) or one[:length_max]
        one, two = head, f"{one[len(head) :]} {two}".strip()
    if len(two) > length_max:
        raise ValueError(f"does not fit into two lines of {length_max} characters")
    return one, two


def is_sendable(text: str) -> bool:
    """Whether an identifier may go out as it is, which no mapping may alter."""
    return _SENDABLE.fullmatch(text) is not None


def _capitals(text: str) -> str:
    """Letters without their marks. NFKD takes ligatures and wide letters apart too."""
    text = signs.told(text).translate(_LETTERS)
    if text.isascii():
        return text.upper()
    # A joiner or a soft hyphen is no letter, and does not part a name in two.
    apart = "".join(
        each
        for each in unicodedata.normalize("NFKD", text)
        if not signs.marks_letter(each) and unicodedata.category(each) != "Cf"
    )
    return signs.told(apart).upper()


def _kept(capitals: str, not_taken: re.Pattern[str]) -> str:
    if not capitals.isprintable() and any(map(_is_control, capitals)):
        raise ValueError("has a sign that nobody sees (a control character); type it anew")
    if _FOREIGN_LETTER.search(capitals):
        raise ValueError("has a letter that X12 cannot carry; give a Latin spelling")
    signs.require_none_lost(capitals, not_taken)
    kept = " ".join(not_taken.sub(" ", capitals).split())
    if not kept:
        raise ValueError("has nothing that can be written in X12; give a Latin spelling")
    return kept


def _is_control(sign: str) -> bool:
    return unicodedata.category(sign) == "Cc" and not sign.isspace()
