"""A file of any size read in one pass, in the memory of one claim: what `read` says, bit by bit.

What is wrong at a file's end is known at its end: nothing may be kept of a claim before the walk
is over and its set is found sound.
"""

from collections.abc import Iterator, Sequence

from domain.remittance import RemitClaim, Remittance
from edi import nul
from edi.assembly import BETWEEN_SETS, Assembly
from edi.cutting import Cutter, Source, blocks_of
from edi.envelope import Interchange, TransactionSet, Usage
from edi.read import File, Item, ReadInterchange, SetKind, decode, file_of, interchange_of
from edi.reading import Gather
from edi.segments import Segment, Separators
from edi.x835 import RemittanceReader
from edi.x835_rows import Row

_REMITTANCE = "835"
# Where an 835 may end, and what counts for the interchange wherever it stands.
_LOOKED_AT = BETWEEN_SETS | {"SE", "TA1"}


class Walk:
    """`claims` gives every claim of every 835, each with its 835's place in the file from 0. After
    it `file` is what `read` would have returned, but its remittances have no claims."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.file: File = file_of([], headers=0)
        self.remittances: list[RemittanceReader] = []
        """By their place in the file."""

    def place(self, remittance: Remittance) -> int:
        """That of one of the file's remittances."""
        return next(
            place for place, one in enumerate(self.remittances) if one.remittance is remittance
        )

    def claims(self) -> Iterator[tuple[int, RemitClaim]]:
        cutter = Cutter(blocks_of(self._source))
        found: list[ReadInterchange] = []
        while (separators := cutter.header()) is not None:
            passage = _Passage(separators, self.remittances)
            for text in cutter.texts(separators):
                yield from passage.take(text)
            yield from passage.end()
            found.append(passage.interchange())
        self.file = file_of(found, headers=cutter.headers)


class _Passage:
    """Through one interchange."""

    def __init__(self, separators: Separators, remittances: list[RemittanceReader]) -> None:
        self._separators = separators
        self._element, self._end = separators.element, separators.terminator
        self._claim_start = f"CLP{self._element}"
        self._assembly = Assembly(separators)
        self._remittances = remittances
        self._before = len(remittances)
        self._number = 0
        """Of the segment that was looked at last; ISA is 1."""
        self._opening: Segment | None = None
        """The ST of the 835 in which we are."""

    def take(self, text: str) -> Iterator[tuple[int, RemitClaim]]:
        """Some whole segments, each with its terminator: claims that are written as usual one by
        one, and all else row by row."""
        if nul.is_in(text, self._separators):
            self._assembly.doubt(*nul.doubts(self._number + 1, text, self._separators))
            text = nul.shown(text, self._separators)
        first, *claims = text[:-1].split(f"{self._end}{self._claim_start}")
        yield from self._take_rows(first)
        for claim in claims[:-1]:
            reader = self._remittances[-1] if self._opening else None
            if reader is not None and reader.is_open:
                yield from self._placed(reader.finish())
            size = claim.count(self._end) + 1
            usual = reader.take_claim(claim, size) if reader is not None else None
            if usual is not None:
                self._number += size
                self._assembly.pass_by(size)
                yield len(self._remittances) - 1, usual
            else:
                yield from self._take_rows(f"{self._claim_start}{claim}")
        # Of the last it is not known whether it goes on behind this text.
        for claim in claims[-1:]:
            yield from self._take_rows(f"{self._claim_start}{claim}")

    def _take_rows(self, text: str) -> Iterator[tuple[int, RemitClaim]]:
        rows = [each.split(self._element) for each in text.split(self._end)]
        at = 0
        while at < len(rows):
            end = self._end_of_remittance(rows, at) if self._opening else at
            if end > at:
                self._number += end - at
                self._assembly.pass_by(end - at, self._segment(self._number, rows[end - 1]))
                yield from self._placed(self._remittances[-1].take(rows[at:end]))
                at = end
            else:
                yield from self._look_at(rows[at])
                at += 1

    def end(self) -> Iterator[tuple[int, RemitClaim]]:
        if self._opening is not None:
            self._opening = None
            yield from self._placed(self._remittances[-1].end())

    def interchange(self) -> ReadInterchange:
        readers = iter(self._remittances[self._before :])

        def with_passed(
            kind: SetKind, raw: TransactionSet, envelope: Interchange, gather: Gather
        ) -> tuple[Item, ...]:
            if kind is not SetKind.REMITTANCE:
                return decode(kind, raw, envelope, gather)
            reader = next(readers)
            gather.findings += reader.findings
            return (reader.remittance,) if reader.remittance else ()

        return interchange_of(self._assembly.end(), with_passed)

    def _look_at(self, row: Row) -> Iterator[tuple[int, RemitClaim]]:
        self._number += 1
        self._assembly.take(self._segment(self._number, row))
        opening = self._assembly.opening
        if self._opening is not None:
            if opening is self._opening:
                yield from self._placed(self._remittances[-1].take([row]))
                return
            yield from self.end()
        if opening is not None and opening.at(1) == _REMITTANCE:
            self._opening = opening
            self._remittances.append(self._reader(opening))

    def _end_of_remittance(self, rows: Sequence[Row], start: int) -> int:
        if _LOOKED_AT.isdisjoint([row[0] for row in rows]):
            return len(rows)
        return next((at for at in range(start, len(rows)) if rows[at][0] in _LOOKED_AT), len(rows))

    def _reader(self, opening: Segment) -> RemittanceReader:
        return RemittanceReader(
            self._separators,
            control_number=opening.at(2),
            is_test=self._assembly.first.at(15) == Usage.TEST,
        )

    def _placed(self, claims: Iterator[RemitClaim]) -> Iterator[tuple[int, RemitClaim]]:
        place = len(self._remittances) - 1
        return ((place, claim) for claim in claims)

    def _segment(self, number: int, row: Row) -> Segment:
        return Segment(number, tuple(row), self._separators)
