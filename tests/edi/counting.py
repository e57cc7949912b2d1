"""The counts of SE01, GE01 and IEA01 made by hand, for files whose header stands where it should;
and a set's own count put right again after its segments were changed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from edi.assembly import unwrap

HEADER = 106


def is_countable(data: bytes) -> bool:
    """The header is padded, and stands at the very start."""
    return len(data) > HEADER and data[:3] == b"ISA" and not data[HEADER - 1 : HEADER].isalnum()


@dataclass(frozen=True, kw_only=True)
class Counts:
    wrong: frozenset[str]
    """Those of SE01, GE01 and IEA01 that are not what they count."""
    sound_sets: int
    """How many sets may be used: none where the envelope's own counts are wrong."""


def counted(data: bytes) -> Counts:
    groups = sets = segments = sound = 0
    wrong = set()
    for tag, stated in _rows(data):
        segments += 1
        match tag:
            case b"GS":
                groups, sets = groups + 1, 0
            case b"ST":
                sets, segments = sets + 1, 1
            case b"SE":
                wrong |= {"SE01"} if stated != segments else set()
                sound += stated == segments
            case b"GE":
                wrong |= {"GE01"} if stated != sets else set()
            case b"IEA":
                wrong |= {"IEA01"} if stated != groups else set()
                is_usable = not wrong & {"GE01", "IEA01"}
                return Counts(wrong=frozenset(wrong), sound_sets=sound if is_usable else 0)
    return Counts(wrong=frozenset(wrong), sound_sets=0)


def _rows(data: bytes) -> Iterator[tuple[bytes, int]]:
    element, end = data[3:4], data[HEADER - 1 : HEADER]
    for piece in data.split(end):
        tag, _, rest = piece.replace(b"\r", b"").replace(b"\n", b"").lstrip().partition(element)
        first = rest.partition(element)[0]
        if tag:
            yield tag, int(first) if first.isdigit() else -1


def recounted(data: bytes) -> bytes:
    """With SE01 put right, where there is one set; else as it is."""
    if not unwrap(data):
        return data
    end = unwrap(data)[0].separators.terminator.encode()
    pieces = data.split(end)
    tags = [re.split(rb"[^A-Z0-9]", piece.strip())[0] for piece in pieces]
    if tags.count(b"ST") != 1 or tags.count(b"SE") != 1:
        return data
    start, last = tags.index(b"ST"), tags.index(b"SE")
    count = str(sum(bool(tag) for tag in tags[start : last + 1])).encode()
    pieces[last] = re.sub(rb"(SE[^0-9])[0-9]+", lambda found: found[1] + count, pieces[last])
    return end.join(pieces)
