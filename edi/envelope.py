"""What stands around the segments of a file, both when written and when read."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from edi.errors import Finding
from edi.segments import Segment, Separators


class Usage(StrEnum):
    TEST = "T"
    PRODUCTION = "P"


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """Everything around what we send. The caller numbers it, so that same input is same bytes."""

    sender_id: str
    sender_name: str
    contact_name: str
    contact_phone: str
    receiver_id: str
    receiver_name: str
    interchange_control: int
    group_control: int
    set_control: int
    written_at: dt.datetime
    usage: Usage


@dataclass(frozen=True, kw_only=True)
class TransactionSet:
    """ST to SE of one set, renumbered so that ST is 1."""

    set_id: str
    control_number: str
    version: str
    segments: tuple[Segment, ...]
    findings: tuple[Finding, ...]

    @property
    def body(self) -> tuple[Segment, ...]:
        """Without ST and SE."""
        return self.segments[1:-1] if self.segments[-1].id == "SE" else self.segments[1:]


@dataclass(frozen=True, kw_only=True)
class Group:
    functional_id: str
    control_number: str
    version: str
    header: Segment
    trailer: Segment | None
    sets: tuple[TransactionSet, ...]


@dataclass(frozen=True, kw_only=True)
class Interchange:
    """ISA to IEA. With findings of its own, none of its sets may be used."""

    sender_id: str
    receiver_id: str
    control_number: str
    usage: str
    separators: Separators
    segments: tuple[Segment, ...]
    acks: tuple[Segment, ...]
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
