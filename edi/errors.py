"""Two culprits, two errors: what we were about to write wrongly, and what they sent wrongly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from edi.segments import Segment

_SHOWN_MAX = 60


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong in a file we were sent. Segments count from 1: in their set (ST is 1) when
    `set_control` is given, else in their interchange (ISA is 1). Its words hold no patient data."""

    segment: int
    segment_id: str
    words: str
    element: str | None = None
    """`CLP03`; None where the segment as a whole is in the wrong."""
    text: str | None = None
    """What stands in that element, or the segment, cut short. It may be patient data: it is shown
    to whoever may see the file, and is neither logged nor part of the sentence."""
    set_control: str | None = None
    interchange_control: str | None = None
    is_doubt: bool = False
    """It can be read, and is used as it stands; it is only hard to believe."""

    def __str__(self) -> str:
        inside = f" of set {self.set_control}" if self.set_control else ""
        return f"Segment {self.segment} ({self.segment_id}){inside}: {self.words}"

    @property
    def quoted(self) -> str:
        """The sentence with the text in question, for whoever has the file before them."""
        if self.text is None:
            return str(self)
        where = f"{self.element} is" if self.element else "it is"
        return f"{self} [{where} {self.text!r}]"


def refusing(findings: Iterable[Finding]) -> list[Finding]:
    """Those for which nothing of a set or an interchange may be used."""
    return [found for found in findings if not found.is_doubt]


def about(segment: Segment, words: str, place: int | None = None) -> Finding:
    """Of one element of the segment, by its X12 place, or of the segment as a whole."""
    text = segment.at(place) if place else segment.separators.element.join(segment.elements)
    return Finding(
        segment=segment.number,
        segment_id=segment.id[:3],
        words=words,
        element=element_name(segment, place) if place else None,
        text=text[:_SHOWN_MAX],
    )


def element_name(segment: Segment, place: int) -> str:
    """`CLP03`."""
    return f"{segment.id[:3]}{place:02d}"


@dataclass(frozen=True, kw_only=True)
class OurFinding:
    """What keeps a claim or a request of ours from being written: the X12 place and a sentence."""

    where: str
    words: str
    reference: str = ""
    """Control number of the claim, or trace of the request."""

    def __str__(self) -> str:
        return f"{self.reference or 'File'}, {self.where}: {self.words}"


class OurX12Error(Exception):
    """We are wrong: nothing was written. All findings are gathered."""

    def __init__(self, findings: Sequence[OurFinding]) -> None:
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)
