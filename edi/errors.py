"""Two culprits, two errors: what we were about to write wrongly, and what they sent wrongly."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What is wrong in a file we were sent. Segments count from 1: in their set (ST is 1) when
    `set_control` is given, else in their interchange (ISA is 1). Never holds patient data."""

    segment: int
    segment_id: str
    words: str
    set_control: str | None = None
    interchange_control: str | None = None

    def __str__(self) -> str:
        inside = f" of set {self.set_control}" if self.set_control else ""
        return f"Segment {self.segment} ({self.segment_id}){inside}: {self.words}"


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
