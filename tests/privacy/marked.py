"""A world whose people bear marks: words, dates and numbers that mean nobody else, so that each
hit is a leak.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest

from sim import invention, main, people
from sim.world import Encounter, World

LETTERS = "abcdefghijklmnopqrstuvwxyz"
# In every name, street, town and note. Long enough that ciphertext never holds it by chance.
MARK = "zzqxmar"
BIRTH_DATES = ("%Y-%m-%d", "%Y%m%d", "%m/%d/%Y", "%m%d%Y", "%b %d, %Y", "%d %b %Y")


@dataclass(frozen=True, kw_only=True)
class Marks:
    """Everything that tells who somebody is; found whatever the case of its letters."""

    words: tuple[str, ...]

    def in_text(self, text: str) -> list[str]:
        return self.in_bytes(text.encode())

    def in_bytes(self, content: bytes) -> list[str]:
        lowered = content.lower()
        return [word for word in self.words if word.encode() in lowered]


def mark_the_world(patch: pytest.MonkeyPatch) -> None:
    """From now on the simulator invents marked people only."""
    lasts = [f"Zzqxmark{first}{second}" for first in "abc" for second in LETTERS]
    patch.setattr(people, "LAST", lasts[: len(people.LAST)])
    patch.setattr(people, "FIRST_F", [f"Zzqxmarf{letter}" for letter in LETTERS])
    patch.setattr(people, "FIRST_M", [f"Zzqxmarm{letter}" for letter in LETTERS])
    patch.setattr(people, "STREETS", tuple(f"Zzqxmars {one}" for one in people.STREETS))
    towns = tuple((f"Zzqxmart {town}", *rest) for town, *rest in people.TOWNS)
    patch.setattr(people, "TOWNS", towns)

    def make_marked(**asked: Any) -> World:
        made = invention.make_world(**asked)
        marked = tuple(
            replace(one, complaint=f"{one.complaint} Zzqxmarnote") for one in made.encounters
        )
        return replace(made, encounters=marked)

    patch.setattr(main, "make_world", make_marked)


def marks_of(world: World) -> Marks:
    return Marks(words=(MARK, *sorted({word.lower() for word in _numbers(world.encounters)})))


def _numbers(encounters: Iterable[Encounter]) -> Iterator[str]:
    for encounter in encounters:
        yield encounter.patient.mrn
        yield from _dates(encounter.patient.born_on)
        for cover in encounter.patient.covers:
            yield cover.member_id


def _dates(born_on: dt.date) -> Iterator[str]:
    for form in BIRTH_DATES:
        yield born_on.strftime(form)
