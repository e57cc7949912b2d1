"""X12 as text: separators are read from each ISA, every envelope's counts are checked or made."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

ISA_LENGTH = 106
OURS = "CLEARHOUSE"


class BadX12Error(Exception):
    """A file whose envelope cannot be trusted; `code` is the TA1 note code."""

    def __init__(self, message: str, *, code: str, control: str = "000000000") -> None:
        super().__init__(message)
        self.code = code
        self.control = control


@dataclass(frozen=True)
class Segment:
    """One segment; elements count from 1 as in the guides, absent ones are empty."""

    parts: tuple[str, ...]
    component: str = ":"

    @property
    def tag(self) -> str:
        return self.parts[0]

    def __getitem__(self, place: int) -> str:
        return self.parts[place] if place < len(self.parts) else ""

    def composite(self, place: int) -> list[str]:
        return self[place].split(self.component)

    def cents(self, place: int) -> int:
        return to_cents(self[place])


@dataclass(frozen=True, kw_only=True)
class TransactionSet:
    kind: str
    control: str
    version: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, kw_only=True)
class Group:
    functional_id: str
    control: str
    version: str
    sets: tuple[TransactionSet, ...]


@dataclass(frozen=True, kw_only=True)
class Interchange:
    sender: str
    receiver: str
    control: str
    day: str
    time: str
    groups: tuple[Group, ...]


def to_cents(text: str) -> int:
    """Decimal text to cents; X12 leaves out the point or the zeros as it likes."""
    if not text:
        return 0
    sign = -1 if text.startswith("-") else 1
    whole, _, part = text.lstrip("-+").partition(".")
    return sign * (int(whole or 0) * 100 + int((part + "00")[:2]))


def amount(cents: int) -> str:
    whole, part = divmod(abs(cents), 100)
    text = f"{whole}.{part:02}".rstrip("0").rstrip(".") if part else str(whole)
    return f"-{text}" if cents < 0 else text


def read_interchanges(text: str) -> list[Interchange]:
    """All interchanges of a file; raises `BadX12Error` for the first that is broken."""
    found = []
    rest = text.lstrip("\ufeff\r\n ")
    while rest:
        one, rest = _read_one(rest)
        found.append(one)
        rest = rest.lstrip("\r\n ")
    return found


def _read_one(text: str) -> tuple[Interchange, str]:
    if not text.startswith("ISA") or len(text) < ISA_LENGTH:
        raise BadX12Error("The file does not begin with an ISA segment.", code="024")
    element, component, terminator = text[3], text[104], text[105]
    control = text[:105].split(element)[13]
    end = text.find(f"{terminator}IEA{element}")
    end = end if end >= 0 else text.find(f"\nIEA{element}")
    close = text.find(terminator, end + 1) if end >= 0 else -1
    if end < 0 or close < 0:
        raise BadX12Error("The interchange is cut off before IEA.", code="023", control=control)
    raw = [piece.strip("\r\n") for piece in text[:close].split(terminator)]
    segments = [Segment(tuple(piece.split(element)), component) for piece in raw if piece]
    return _interchange(segments, control), text[close + 1 :]


def _interchange(segments: Sequence[Segment], control: str) -> Interchange:
    isa, iea = segments[0], segments[-1]
    if iea[2] != control:
        raise BadX12Error("IEA02 differs from ISA13.", code="001", control=control)
    groups = tuple(_groups(segments[1:-1], control))
    if int(iea[1]) != len(groups):
        raise BadX12Error("IEA01 miscounts the groups.", code="021", control=control)
    return Interchange(
        sender=isa[6].strip(),
        receiver=isa[8].strip(),
        control=control,
        day=isa[9],
        time=isa[10],
        groups=groups,
    )


def _groups(segments: Sequence[Segment], control: str) -> Iterator[Group]:
    start = 0
    for at, segment in enumerate(segments):
        if segment.tag == "GS":
            start = at
        if segment.tag == "GE":
            head = segments[start]
            if segment[2] != head[6]:
                raise BadX12Error("GE02 differs from GS06.", code="024", control=control)
            yield Group(
                functional_id=head[1],
                control=head[6],
                version=head[8],
                sets=tuple(_sets(segments[start + 1 : at])),
            )


def _sets(segments: Sequence[Segment]) -> Iterator[TransactionSet]:
    start = 0
    for at, segment in enumerate(segments):
        if segment.tag == "ST":
            start = at
        if segment.tag == "SE":
            head = segments[start]
            yield TransactionSet(
                kind=head[1],
                control=head[2],
                version=head[3],
                segments=tuple(segments[start : at + 1]),
            )


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """To whom an answer goes and under which numbers."""

    receiver: str
    at: dt.datetime
    control: int

    def isa(self) -> str:
        day, hour = self.at.strftime("%y%m%d"), self.at.strftime("%H%M")
        return (
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{OURS:15}*ZZ*{self.receiver:15}*{day}*{hour}"
            f"*^*00501*{self.control:09}*0*T*:~"
        )

    def wrap(self, functional_id: str, version: str, body: Sequence[str]) -> str:
        """One interchange of one group of one transaction set; `body` is what ST and SE enclose."""
        kind, guide = _ST[functional_id, version]
        head = f"ST*{kind}*0001" + (f"*{guide}" if guide else "")
        day, hour = self.at.strftime("%Y%m%d"), self.at.strftime("%H%M")
        lines = [
            self.isa()[:-1],
            f"GS*{functional_id}*{OURS}*{self.receiver}*{day}*{hour}*{self.control}*X*{version}",
            head,
            *body,
            f"SE*{len(body) + 2}*0001",
            f"GE*1*{self.control}",
            f"IEA*1*{self.control:09}",
        ]
        return "".join(f"{line}~\n" for line in lines)

    def wrap_ta1(self, line: str) -> str:
        lines = [self.isa()[:-1], line, f"IEA*0*{self.control:09}"]
        return "".join(f"{one}~\n" for one in lines)


_ST = {
    ("FA", "005010X231A1"): ("999", "005010X231A1"),
    ("HN", "005010X214"): ("277", "005010X214"),
    ("HN", "005010X212"): ("277", "005010X212"),
    ("HB", "005010X279A1"): ("271", "005010X279A1"),
    ("HP", "005010X221A1"): ("835", ""),
}


def clean(text: str, longest: int = 60) -> str:
    """Text that cannot break a segment."""
    return "".join(" " if one in "*:~^\n\r" else one for one in text).strip().upper()[:longest]
