"""A file in other shapes, as its sender wrote it: a segment a line, or a set a file."""

from collections.abc import Iterator
from dataclasses import dataclass

from edi.assembly import unwrap
from edi.envelope import Group, Interchange, TransactionSet
from edi.segments import Segment


@dataclass(frozen=True, kw_only=True)
class Part:
    """One transaction set, or the TA1s of an interchange, in a whole interchange of its own."""

    set_id: str
    interchange_control: str
    set_control: str
    content: bytes


def pretty(data: bytes) -> bytes:
    """Every segment on a line of its own, under the separators of its interchange."""
    text = "".join(_lines(interchange.segments) for interchange in unwrap(data))
    return text.encode(_encoding(data))


def parts(data: bytes) -> Iterator[Part]:
    """Each set with the envelope that it came in, whose counts are those of one set."""
    encoding = _encoding(data)
    for interchange in unwrap(data):
        if interchange.acks:
            text = _whole(interchange, interchange.acks, groups=0)
            yield _part(interchange, "TA1", "", text.encode(encoding))
        for group in interchange.groups:
            for one in group.sets:
                text = _whole(interchange, _inside(group, one), groups=1)
                yield _part(interchange, one.set_id, one.control_number, text.encode(encoding))


def _inside(group: Group, one: TransactionSet) -> tuple[Segment, ...]:
    trailer = Segment(0, ("GE", "1", group.control_number), group.header.separators)
    return (group.header, *one.segments, trailer)


def _whole(interchange: Interchange, inside: tuple[Segment, ...], *, groups: int) -> str:
    elements = ("IEA", str(groups), interchange.control_number)
    trailer = Segment(0, elements, interchange.separators)
    return _lines((interchange.segments[0], *inside, trailer))


def _part(interchange: Interchange, set_id: str, set_control: str, content: bytes) -> Part:
    return Part(
        set_id=set_id,
        interchange_control=interchange.control_number,
        set_control=set_control,
        content=content,
    )


def _encoding(data: bytes) -> str:
    """The one in which the file was read: what is written is what was there."""
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "latin-1"
    return "utf-8"


def _lines(segments: tuple[Segment, ...]) -> str:
    return "".join(_line(segment) for segment in segments)


def _line(segment: Segment) -> str:
    end = segment.separators.terminator
    text = segment.separators.element.join(segment.elements)
    return f"{text}{end}" if end in "\r\n" else f"{text}{end}\n"
