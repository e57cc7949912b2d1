"""Ways in which a file comes otherwise than it was written: damaged, or the same in other clothes.

Each takes the bytes and a chance, so that a seed names a mutation for ever.
"""

import random
import re
from collections.abc import Callable

from edi.assembly import unwrap
from edi.segments import Separators

Mutation = Callable[[bytes, random.Random], bytes]
_SPARE = "|!;>}<^\x1c\x1d\x1e\x1f"
_LINE_ENDS = (b"\n", b"\r\n", b"\r", b"\n\n", b"\r\n \t")
_TRAILING = (b"\x1a", b"\n\n\n", b"\x00" * 40, b"-- end of transmission 7 --\r\n", b" " * 80)
_LEADING = (b"\xef\xbb\xbf", b"\r\n\r\n", b"Content-Type: application/EDI-X12\r\n\r\n", b"\x00")


def delete_segment(data: bytes, chance: random.Random) -> bytes:
    pieces, end = _pieces(data)
    del pieces[chance.randrange(len(pieces))]
    return end.join(pieces)


def double_segment(data: bytes, chance: random.Random) -> bytes:
    pieces, end = _pieces(data)
    place = chance.randrange(len(pieces))
    pieces.insert(place, pieces[place])
    return end.join(pieces)


def swap_segments(data: bytes, chance: random.Random) -> bytes:
    pieces, end = _pieces(data)
    first, second = chance.randrange(len(pieces)), chance.randrange(len(pieces))
    pieces[first], pieces[second] = pieces[second], pieces[first]
    return end.join(pieces)


def flip_bytes(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(whole_length(data))]


def change_separators(data: bytes, chance: random.Random) -> bytes:
    """Other separators, in header and data alike; none of them stands in the data already."""
    separators = _separators(data)
    spare = [char for char in _SPARE if char.encode() not in data]
    chance.shuffle(spare)
    old = [separators.element, separators.component, separators.terminator]
    old += [separators.repetition] if separators.repetition else []
    table = bytes.maketrans("".join(old).encode(), "".join(spare[: len(old)]).encode())
    return data.translate(table)


def break_lines(data: bytes, chance: random.Random) -> bytes:
    """A line end after each segment, or wherever a line of eighty characters is full."""
    end = chance.choice(_LINE_ENDS)
    if chance.random() < 0.5:
        pieces, terminator = _pieces(data)
        return (terminator + end).join(piece.strip() for piece in pieces)
    bare = re.sub(rb"[\r\n]", b"", data)
    return end.strip(b" \t").join(bare[at : at + 80] for at in range(0, len(bare), 80))


def surround(data: bytes, chance: random.Random) -> bytes:
    return chance.choice(_LEADING) + data + chance.choice(_TRAILING)


DAMAGES: tuple[Mutation, ...] = (
    delete_segment,
    double_segment,
    swap_segments,
    flip_bytes,
    truncate,
)
OTHER_CLOTHES: tuple[Mutation, ...] = (change_separators, break_lines, surround)


def has_one_plain_interchange(data: bytes) -> bool:
    """Whose terminator is no line end, so that lines can be broken, and which starts the file."""
    found = unwrap(data)
    return len(found) == 1 and found[0].separators.terminator not in "\r\n"


def whole_length(data: bytes) -> int:
    """Up to the last byte that says something: a cut before it has lost something."""
    return len(data.rstrip(b"\r\n\t " + _separators(data).terminator.encode()))


def _separators(data: bytes) -> Separators:
    return unwrap(data)[0].separators


def _pieces(data: bytes) -> tuple[list[bytes], bytes]:
    end = _separators(data).terminator.encode()
    return data.split(end), end
