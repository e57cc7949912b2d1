"""Text of any size cut into segments, whoever wrote it and however. What was cut is not kept."""

import codecs
import io
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import BinaryIO

from edi.segments import Separators

# A header is 106 characters; some senders do not pad it. Sixteen separators further apart than
# this are prose that happens to hold the letters ISA.
_HEADER_CHARACTERS_MAX = 160
_HEADER_START = re.compile(r"ISA([^A-Za-z0-9 \r\n\t])")
# `ISA*00*`, or as much of that as is left at the end of a file that was cut short.
_HEADER_BEGINNING = re.compile(
    r"(?<![A-Za-z0-9])ISA([^A-Za-z0-9 \r\n\t])(?:[0-9]{2}\1|[0-9]{0,2}\Z)"
)
_BEGINNING_CHARACTERS = len("ISA*00*")
# Within a header it means that this one was cut short, and that the next file begins here.
_ANOTHER_HEADER = re.compile(r"[^A-Za-z0-9]ISA\Z")
_ENVELOPE = re.compile(r"I(?:SA[^A-Za-z0-9 \r\n\t]|EA)")
_HEADER_ELEMENTS = 16
_REPETITION_PLACE = 11
_BLANKS = "\r\n\t "
_BLOCK = 64 * 1024
_ENDS_MAX = 64

Source = bytes | BinaryIO
"""A file in memory, or one that can be read from its start again and again."""


def text_of(data: bytes) -> str:
    """UTF-8 if it is that, else Latin-1, which takes any byte; a mark of byte order is dropped."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def blocks_of(source: Source, size: int = _BLOCK) -> Iterator[str]:
    """The same text as `text_of`, a part at a time: it is gone through once for its encoding."""
    file = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        for _ in _decoded(file, "utf-8-sig", size):
            pass
    except UnicodeDecodeError:
        yield from _decoded(file, "latin-1", size)
    else:
        yield from _decoded(file, "utf-8-sig", size)


def headers_begun(source: Source) -> int:
    """How many headers begin, whole or not. With one that is not whole an interchange is lost, and
    nothing else would say so."""
    count = _HeaderCount()
    for block in blocks_of(source):
        count.look_at(block)
    return count.total


class Cutter:
    """Goes through a text once: `header` finds an interchange, `segments` cuts it."""

    def __init__(self, blocks: Iterator[str]) -> None:
        self._blocks = blocks
        self._text = ""
        self._cursor = 0
        self._is_all_read = False
        self._headers = _HeaderCount()

    @property
    def headers(self) -> int:
        """How many headers begin in what was read, whole or not."""
        return self._headers.total

    def header(self) -> Separators | None:
        """Goes on to the next ISA. What stands before it is not ours to read."""
        while True:
            self._see(_HEADER_CHARACTERS_MAX)
            found = _HEADER_START.search(self._text, self._cursor)
            if found is not None:
                self._cursor = found.start()
                separators = self._separators_at(0, found[1])
                if separators is not None:
                    return separators
                self._cursor += len("ISA*")
            elif self._is_all_read:
                return None
            else:
                self._cursor = max(self._cursor, len(self._text) - len("ISA"))

    def segments(self, separators: Separators) -> Iterator[list[str]]:
        """Segments without their ends, many at a time. Empty ones are left out."""
        for text in self.texts(separators):
            yield text[:-1].split(separators.terminator)

    def texts(self, separators: Separators) -> Iterator[str]:
        """Many whole segments at a time, each with its terminator and nothing between them, up to
        IEA, before the next ISA, or to where the text stops."""
        end = separators.terminator
        is_begun = is_over = False
        while not is_over and (part := self._part(end)):
            text = _all_at_once(part, end) if is_begun else None
            if text is not None:
                self._cursor += len(part)
            else:
                cut, is_over = self._cut_singly(part, end, is_begun=is_begun)
                text = "".join(f"{segment}{end}" for segment in cut)
            if text:
                is_begun = True
                yield text

    def _part(self, end: str) -> str:
        """What is read up to its last terminator; at the end of the text, all that is left."""
        last = self._text.rfind(end, self._cursor)
        if last < 0:
            # A segment may be longer than a block.
            read = [self._text[self._cursor :]]
            while not self._is_all_read and (len(read) == 1 or end not in read[-1]):
                read.append(self._next_block())
            self._text, self._cursor = "".join(read), 0
            last = self._text.rfind(end)
        return self._text[self._cursor : last + 1 if last >= 0 else None]

    def _cut_singly(self, part: str, end: str, *, is_begun: bool) -> tuple[list[str], bool]:
        """Segment by segment; True once the interchange is over."""
        found: list[str] = []
        start = 0
        while start < len(part):
            last = part.find(end, start)
            raw = part[start : last if last >= 0 else None]
            following = self._header_within(raw) if found or is_begun else None
            segment = _without_line_ends(raw[:following])
            if segment:
                found.append(segment)
            size = len(raw) + (last >= 0) if following is None else following
            start, self._cursor = start + size, self._cursor + size
            if following is not None or segment.startswith("IEA"):
                return found, True
        return found, False

    def _header_within(self, raw: str) -> int | None:
        """Where the next interchange begins, perhaps with separators of its own: at the start of
        what is before us, or on a new line inside it when the one before was cut short."""
        for match in _HEADER_START.finditer(raw):
            before = raw[: match.start()]
            is_a_start = not before.strip(_BLANKS) or before[-1] in "\r\n"
            if is_a_start and self._separators_at(match.start(), match[1]):
                return match.start()
        return None

    def _separators_at(self, after: int, element: str) -> Separators | None:
        self._see(after + _HEADER_CHARACTERS_MAX)
        start = self._cursor + after
        return _separators(self._text[start : start + _HEADER_CHARACTERS_MAX], element)

    def _see(self, size: int) -> None:
        """Have so much text before us, or all that is left."""
        while len(self._text) - self._cursor < size and not self._is_all_read:
            self._text, self._cursor = self._text[self._cursor :] + self._next_block(), 0

    def _next_block(self) -> str:
        block = next(self._blocks, None)
        self._is_all_read = block is None
        self._headers.look_at(block or "")
        return block or ""


class _HeaderCount:
    """Sees a text block by block, and every header that begins in it once."""

    def __init__(self) -> None:
        self._before = 0
        self._tail = "\n"
        """One character more than may be the beginning of a header that goes on."""

    @property
    def total(self) -> int:
        return self._before + len(_HEADER_BEGINNING.findall(self._tail, 1))

    def look_at(self, block: str) -> None:
        text = self._tail + block
        whole = max(1, len(text) - _BEGINNING_CHARACTERS)
        if "ISA" in text:
            starts = (match.start() for match in _HEADER_BEGINNING.finditer(text, 1))
            self._before += sum(start < whole for start in starts)
        self._tail = text[whole - 1 :]


def _decoded(file: BinaryIO, encoding: str, size: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    file.seek(0)
    while data := file.read(size):
        yield decoder.decode(data)
    yield decoder.decode(b"", final=True)


def _separators(header: str, element: str) -> Separators | None:
    pieces = header.split(element, _HEADER_ELEMENTS)
    last = pieces[-1][:2]
    if len(pieces) <= _HEADER_ELEMENTS or len(last) < len(":~"):
        return None
    component, terminator = last[0], last[1]
    if component.isalnum() or terminator.isalnum() or " " in last or terminator == element:
        return None
    if any(_ANOTHER_HEADER.search(piece) for piece in pieces[1:_HEADER_ELEMENTS]):
        return None
    repetition = pieces[_REPETITION_PLACE]
    is_separator = len(repetition) == 1 and not repetition.isalnum() and repetition != " "
    return Separators(
        element=element,
        component=component,
        repetition=repetition if is_separator else None,
        terminator=terminator,
    )


def _all_at_once(part: str, end: str) -> str | None:
    """A part without its line ends, if no segment in it needs a look: none is empty or begins with
    a blank, and there is no ISA and no IEA. Nearly every part of a large file is like that."""
    if _ENVELOPE.search(part) or not part.endswith(end):
        return None
    for line_end in "\r\n".replace(end, ""):
        part = part.replace(line_end, "")
    is_odd = part[:1] in f"{end}{_BLANKS}" or _odd_start(end).search(part)
    return None if is_odd else part


@lru_cache(maxsize=_ENDS_MAX)
def _odd_start(end: str) -> re.Pattern[str]:
    """One pattern takes a third of the time of a search for each blank."""
    return re.compile(f"{re.escape(end)}[{re.escape(end)}{_BLANKS}]")


def _without_line_ends(piece: str) -> str:
    """Line ends may stand after a terminator, or anywhere when a file was wrapped to a width."""
    if "\n" in piece or "\r" in piece:
        piece = piece.replace("\r", "").replace("\n", "")
    return piece.lstrip(_BLANKS)
