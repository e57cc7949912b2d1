"""Money is whole cents. An X12 amount is read exactly or refused, and written without rounding;
people read it in one format everywhere."""

import re
from functools import lru_cache

# On pages, on paper and in sentences; X12 has a hyphen.
MINUS = "\N{MINUS SIGN}"
# Eighteen digits, its cents included, are the longest amount X12 lets an 835 carry (element 782),
# and all that a column of cents holds.
_DIGITS_MAX = 18
_DECIMALS_MAX = 2
# A payer's file has millions of amounts, but its fee schedule makes few that differ.
_AMOUNTS_KEPT_MAX = 4_096
_AMOUNT = re.compile(r"(-?)([0-9]*)(?:\.([0-9]*))?")


def cents_of(text: str) -> int:
    """Cents of an X12 decimal such as `150`, `.5` or `-12.34`; ValueError says what is wrong."""
    whole, point, decimals = text.partition(".")
    if text.isascii() and whole.isdigit() and len(whole) + _DECIMALS_MAX <= _DIGITS_MAX:
        # As nearly every amount is written.
        if not point:
            return int(whole) * 100
        if decimals.isdigit() and len(decimals) == _DECIMALS_MAX:
            return int(whole + decimals)
    return _cents_of_any(text)


repeated_cents_of = lru_cache(maxsize=_AMOUNTS_KEPT_MAX)(cents_of)
"""The same, where the same amounts come again and again."""


def _cents_of_any(text: str) -> int:
    parts = _AMOUNT.fullmatch(text)
    if parts is None or not (parts[2] or parts[3]):
        raise ValueError(f"{text[:24]!r} is not an amount: write digits, and at most one point.")
    whole, decimals = parts[2] or "0", parts[3] or ""
    if len(decimals) > _DECIMALS_MAX:
        raise ValueError(f"{text[:24]!r} has more than two decimals; an amount ends at the cent.")
    if len(whole) + _DECIMALS_MAX > _DIGITS_MAX:
        raise ValueError(f"An amount of more than {_DIGITS_MAX} digits cannot be money.")
    cents = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return -cents if parts[1] else cents


def x12_amount(cents: int) -> str:
    """The shortest X12 decimal: `150`, `150.5`, `.5`, `-12.34`, `0`."""
    whole, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    if rest == 0:
        return f"{sign}{whole}"
    decimals = f"{rest:02d}".rstrip("0")
    return f"{sign}{whole or ''}.{decimals}"


def amount(cents: int) -> str:
    """For columns: `1,140.00`, with a true minus sign so that they line up."""
    sign = MINUS if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def dollars(cents: int) -> str:
    """As a person reads it in a sentence or a sum: `$1,234.50`, `−$0.05`."""
    sign = MINUS if cents < 0 else ""
    return f"{sign}${amount(abs(cents))}"
