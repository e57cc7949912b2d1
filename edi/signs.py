"""Signs that X12 has not are told in words; one that changes a number is never just dropped: where
no words surely say the same, the text is refused, and a person words it.
"""

import re
import unicodedata

_WORDS = str.maketrans(
    {
        "ʼ": "'", "ʻ": "'", "ʹ": "'", "’": "'", "‘": "'", "`": "'", "´": "'", "′": "'",
        "“": '"', "”": '"', "„": '"', "″": '"',
        "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-", "⁻": "-", "⁺": "+", "•": "-", "·": "-",
        "⁄": "/", "∕": "/", "÷": "/", "×": "X", "±": "+/-", "µ": "U", "μ": "U",
        "≥": ">=", "≤": "<=", "→": "->", "↑": " UP ", "↓": " DOWN ", "≠": " NOT EQUAL TO ",
        "≈": " ABOUT ", "≅": " ABOUT ", "≃": " ABOUT ", "∼": " ABOUT ",
        "°": " DEG ", "˚": " DEG ", "‰": " PER MILLE ",
        "®": "", "™": "", "©": "",
        "€": "EUR ", "£": "GBP ", "¢": " CENTS ", "№": "NO ", "§": "SEC ",
    }
)  # fmt: skip
_NOTHING_TO_TELL = re.compile(r"[A-Za-z0-9 !\"&'()+,\-./;?=%@\[\]_{}\\|<>#$]*")
_FRACTIONS = {
    sign: unicodedata.normalize("NFKD", sign).replace("⁄", "/") for sign in "¼½¾⅐⅑⅒⅓⅔⅕⅖⅗⅘⅙⅚⅛⅜⅝⅞↉"
}
_RAISED, _LOWERED, _RINGED = "⁰¹²³⁴⁵⁶⁷⁸⁹", "₀₁₂₃₄₅₆₇₈₉", "①-⓿❶-➓"
# Stands apart from the number before it: five and a half would be 51/2.
_FRACTION = re.compile(f"[{''.join(_FRACTIONS)}]")
_BUILT_FRACTION = re.compile(rf"([{_RAISED}]+)[/⁄∕]([{_LOWERED}]+)")
# 10³ is not 103. Behind a letter a raised number reads well as it is: CM2.
_POWER = re.compile(rf"(?<=\d)([⁺⁻]?[{_RAISED}]+)")
_POWER_TYPED = re.compile(r"(?<=\d)\s*\^\s*([-+]?\d+)")
_POWER_OF_UNIT = re.compile(r"(?<=[A-Za-z])\^(?=[-+]?\d)")
_TIMES = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
_ABOUT = re.compile(r"(?<!\d)(?<!\d )~\s*(?=\d)")
# Numbers with colons between them are a time of day or a ratio.
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
_COLONS = re.compile(rf"(?<!\d){_NUMBER}(?:(?::|\s:\s){_NUMBER})+")
_CLOCK = re.compile(r"(?:[01]?\d|2[0-4])(?::[0-5]\d){1,2}")
# One to forty is a titre, and twenty to two is a time: a word beside it tells.
_TIME_OR_RATIO = re.compile(r"1:[0-5]\d")
_TIME_BEFORE = re.compile(r"\b(?:AT|TIME)\s+$", re.IGNORECASE)
_TIME_AFTER = re.compile(r"\s?[AP]\.?M\b", re.IGNORECASE)
# A dash there would be a minus.
_COLON_BEFORE_NUMBER = re.compile(r"\s*:\s*(?=[-+.]?\d)")
# A dot that is a point, a product or a dash; a small letter that could be a nought; a number set
# high, low or in a ring before or behind another.
_TWO_WAYS = re.compile(
    rf"\d\s*[·•∙⋅]\s*\d|\d[ºªᵒ]|[{_RAISED}{_LOWERED}{_RINGED}]\d|\d[{_LOWERED}{_RINGED}]"
)
# A small letter that is surely a degree.
_DEGREE = re.compile(r"(?<=\d)\s?º(?=\s?[CF]\b)")
_STRUCK_OUT = "\N{COMBINING LONG SOLIDUS OVERLAY}"
# Brackets, quotation marks, dashes and spaces of all kinds say no more than a space.
_SILENT = frozenset({"Ps", "Pe", "Pi", "Pf", "Pc", "Pd", "Zs", "Zl", "Zp", "Cc", "Cf", "Mn"})


def told(text: str) -> str:
    """ValueError for what two readers would read in two ways."""
    if _NOTHING_TO_TELL.fullmatch(text):
        return text
    text = _DEGREE.sub("°", text)
    if found := _TWO_WAYS.search(text):
        raise ValueError(f"can be read in two ways at {found[0]!r}; write it in words")
    powers = _POWER.sub(_power, _FRACTION.sub(_fraction, _BUILT_FRACTION.sub(_built, text)))
    typed = _POWER_OF_UNIT.sub("", _POWER_TYPED.sub(_power, powers))
    parted = _COLON_BEFORE_NUMBER.sub("; ", _COLONS.sub(_colons, _TIMES.sub(" X ", typed)))
    return _ABOUT.sub(" ABOUT ", parted.translate(_WORDS))


def require_none_lost(text: str, dropped: re.Pattern[str]) -> None:
    """ValueError where a sign that is about to be dropped would alter what is said."""
    for found in dropped.finditer(text):
        sign = found[0]
        if unicodedata.category(sign) in _SILENT and sign != _STRUCK_OUT:
            continue
        if _says_something(sign) or _is_beside_number(text, found.start()):
            raise ValueError(f"has the sign {sign!r}, which X12 cannot carry; write it in words")


def marks_letter(sign: str) -> bool:
    """Whether it is a mark of the letter before it, without which that letter can be read."""
    return unicodedata.combining(sign) > 0 and sign != _STRUCK_OUT


def _says_something(sign: str) -> bool:
    return sign == _STRUCK_OUT or (not sign.isascii() and unicodedata.category(sign) == "Sm")


def _is_beside_number(text: str, place: int) -> bool:
    before, after = text[:place].rstrip()[-1:], text[place + 1 :].lstrip()[:1]
    return before.isdigit() or after.isdigit()


def _built(found: re.Match[str]) -> str:
    return " " + unicodedata.normalize("NFKD", f"{found[1]}/{found[2]}") + _gap(found)


def _fraction(found: re.Match[str]) -> str:
    return f" {_FRACTIONS[found[0]]}{_gap(found)}"


def _gap(found: re.Match[str]) -> str:
    return " " if found.string[found.end() :][:1].isdigit() else ""


def _power(found: re.Match[str]) -> str:
    exponent = unicodedata.normalize("NFKD", found[1].translate(_WORDS))
    return f" TO THE POWER {exponent} "


def _colons(found: re.Match[str]) -> str:
    numbers = found[0]
    if _CLOCK.fullmatch(numbers) is None:
        return " TO ".join(re.split(r"\s?:\s?", numbers))
    if _TIME_OR_RATIO.fullmatch(numbers) and not _is_said_to_be_time(found):
        raise ValueError(f"can be a time or a ratio at {numbers!r}; write AT before it, or 1 TO")
    return numbers.replace(":", ".")


def _is_said_to_be_time(found: re.Match[str]) -> bool:
    before, after = found.string[: found.start()], found.string[found.end() :]
    return bool(_TIME_BEFORE.search(before) or _TIME_AFTER.match(after))
