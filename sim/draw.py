"""Chance without order: every draw is a hash of the seed and of what it is about."""

from collections.abc import Sequence
from hashlib import sha256
from typing import TypeVar

T = TypeVar("T")


def fraction(*about: object) -> float:
    """A number from 0 up to 1 that depends on nothing but its arguments."""
    digest = sha256("|".join(map(str, about)).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def between(low: int, high: int, *about: object) -> int:
    """A whole number from low to high, both included."""
    return low + int(fraction(*about) * (high - low + 1))


def choose(options: Sequence[T], *about: object) -> T:
    return options[between(0, len(options) - 1, *about)]


def shuffled(items: Sequence[T], *about: object) -> list[T]:
    order = sorted(range(len(items)), key=lambda place: fraction(*about, place))
    return [items[place] for place in order]
