"""Where in the set stands what a rule minds of a claim that was read from it: the segment, and the
element where one alone can be meant. What is missing is looked for at the head of its loop."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from domain.claims import HealthClaim
from domain.institutional import InstitutionalClaim
from edi.errors import Finding, OurFinding, about
from edi.parties_in import party_of
from edi.segments import Segment, each, first, loops
from edi.x837_read import ClaimLoop

_Segments = Sequence[Segment]
# `N403`, `CLM05-1`, `NTE`: the segment, and perhaps an element of it.
_NAMED = re.compile(r"([A-Z][A-Z0-9]{1,2}?)([0-9]{2})?(?:-[0-9])?")
# Whom a loop names (NM101): at the top, and within a claim of either guide or its lines.
_ABOVE = {"2010AA": "85", "2010AB": "87", "2010BA": "IL", "2010BB": "PR", "2010CA": "QC"}
_PROFESSIONAL = {
    "2310A": "DN",
    "2310B": "82",
    "2310C": "77",
    "2310D": "DQ",
    "2310E": "PW",
    "2420A": "82",
    "2420B": "QB",
    "2420C": "77",
    "2420D": "DQ",
    "2420E": "DK",
    "2420F": "DN",
}
_INSTITUTIONAL = {
    "2310A": "71",
    "2310B": "72",
    "2310C": "ZZ",
    "2310D": "82",
    "2310E": "77",
    "2310F": "DN",
    "2420A": "72",
    "2420B": "ZZ",
    "2420C": "82",
    "2420D": "DN",
}
_OTHER_PARTIES = {"2330A": "IL", "2330B": "PR"}
# What tells, where a qualifier chose the segment.
_TOLD = {"AMT": 2, "DTP": 3, "REF": 2}


def placed(found: OurFinding, claim: HealthClaim, loop: ClaimLoop) -> Finding:
    """The finding with its segment, and with its element where that is sure."""
    names = _INSTITUTIONAL if isinstance(claim, InstitutionalClaim) else _PROFESSIONAL
    walk = _Walk(loop=loop, names=names, scope=_own(loop.head), below=loop.head)
    segment, place = walk.to(found.where.split())
    return about(segment, str(found), place)


@dataclass(kw_only=True)
class _Walk:
    """Goes from a claim to the place that a rule names, word by word."""

    loop: ClaimLoop
    names: dict[str, str]
    scope: _Segments
    """What belongs to the loop itself; its first segment stands for what is missing in it."""
    below: _Segments
    """With the parties that it names."""
    is_claim: bool = field(default=True)

    def to(self, words: Sequence[str]) -> tuple[Segment, int | None]:
        rest = list(words)
        while rest:
            word = rest.pop(0)
            if word == "line":
                self._enter(self.loop.lines[int(rest.pop(0)) - 1])
            elif word == "2320" or word in _OTHER_PARTIES:
                self._enter_other(word, rest)
            elif word == "2430":
                self._enter_line_of_other(rest)
            elif word in _ABOVE:
                self._enter(party_of(self._level(word), _ABOVE[word]))
            elif word[0].isdigit() or (rest and word.startswith("NM1*")) or word == "P3":
                self._enter(party_of(self.below, self._name(word)))
            else:
                return self._found(word)
        return self.scope[0], None

    def _name(self, word: str) -> str:
        return word.partition("*")[2] or self.names.get(word, word)

    def _enter(self, segments: _Segments) -> None:
        """What is not there leaves us where we are."""
        if segments:
            self.scope, self.is_claim = _own(segments), False
            self.below = segments if segments[0].id != "NM1" else self.below

    def _enter_other(self, word: str, rest: list[str]) -> None:
        order = rest.pop(0) if rest and len(rest[0]) == 1 else ""
        other = [one for one in self.loop.others if one[0].at(1) == order]
        for one in other[:1]:
            self._enter(one)
            if word in _OTHER_PARTIES:
                self._enter(party_of(one, _OTHER_PARTIES[word]))

    def _enter_line_of_other(self, rest: list[str]) -> None:
        control = rest.pop(0) if rest and rest[0] != "CAS" else ""
        for line in self.loop.lines:
            if control and first(line, "REF", "6R", control):
                self._enter(line)

    def _level(self, word: str) -> _Segments:
        return {"2010AA": self.loop.billing, "2010AB": self.loop.billing}.get(
            word, self.loop.patient if word == "2010CA" else self.loop.subscriber
        )

    def _found(self, word: str) -> tuple[Segment, int | None]:
        """Where several stand that can be meant, the loop that holds them is named."""
        for segments in self._places():
            if spots := list(_spots(segments, word)):
                return spots[0] if len(spots) == 1 else (self._common(spots), None)
        return self.scope[0], None

    def _common(self, spots: Sequence[tuple[Segment, int | None]]) -> Segment:
        segments = {segment.number: segment for segment, _ in spots}
        return spots[0][0] if len(segments) == 1 else self.scope[0]

    def _places(self) -> Iterator[_Segments]:
        yield self.scope
        if self.is_claim:
            yield from (self.loop.patient, self.loop.subscriber, self.loop.billing)


def _own(segments: _Segments) -> _Segments:
    """Without the parties that it names, the lines' adjudications and forms."""
    head, _ = loops(segments[1:], ("NM1", "SVD", "LQ"))
    return (*segments[:1], *head)


def _spots(segments: _Segments, word: str) -> Iterator[tuple[Segment, int | None]]:
    name, _, qualifier = word.partition("*")
    if name == "HI" and qualifier:
        yield from _codes(segments, qualifier)
    elif qualifier:
        found = each(segments, name, qualifier)
        yield from ((segment, _TOLD.get(name)) for segment in found)
    elif named := _NAMED.fullmatch(word):
        place = int(named[2]) if named[2] else None
        candidates = list(each(segments, named[1]))
        # The diagnoses stand in the first HI, before codes of other lists.
        yield from ((one, place) for one in (candidates[:1] if name[:2] == "HI" else candidates))


def _codes(segments: _Segments, qualifier: str) -> Iterator[tuple[Segment, int | None]]:
    for segment in each(segments, "HI"):
        for place in range(1, len(segment.elements)):
            if segment.part(place, 1) == qualifier:
                yield segment, place
