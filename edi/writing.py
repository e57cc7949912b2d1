"""Segments out: trailing empties trimmed, counts and control numbers right by construction."""

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal
from itertools import chain

from edi import characters
from edi.characters import is_sendable
from edi.envelope import Envelope
from edi.errors import OurFinding, OurX12Error
from edi.segments import OURS

_ID_MIN, _ID_MAX = 2, 15
_CONTROL_MAX = 999_999_999


class Writer:
    """Gathers one transaction set and every reason why it cannot be sent."""

    def __init__(self) -> None:
        self.reference = ""
        self.findings: list[OurFinding] = []
        self._segments: list[str] = []
        self._levels = 0

    def add(self, *elements: str) -> None:
        """A segment of simple elements, checked to hold no separator and no foreign character."""
        if not is_sendable("".join(elements)):
            self._mind_signs([(element,) for element in elements])
        self._segments.append(OURS.element.join(elements).rstrip(OURS.element))

    def add_composites(self, *elements: Sequence[str]) -> None:
        """A segment whose elements are given by their components."""
        if not is_sendable("".join(chain.from_iterable(elements))):
            self._mind_signs(elements)
        joined = [OURS.component.join(each).rstrip(OURS.component) for each in elements]
        self._segments.append(OURS.element.join(joined).rstrip(OURS.element))

    def name(self, where: str, text: str, length_max: int, *, called: str) -> str:
        """A name made sendable, never cut; a finding that names the field if it cannot be sent."""
        return self._written(where, text, characters.plain, length_max, called)

    def note(self, where: str, text: str, length_max: int, *, called: str) -> str:
        """A sentence made sendable, never cut: half of it could say something else."""
        return self._written(where, text, characters.note, length_max, called)

    def organization(self, where: str, text: str, length_max: int, *, called: str) -> str:
        """The name of a body that a number identifies: cut after a word if need be."""
        return self._written(
            where, text, lambda name: characters.shortened(name, length_max), length_max, called
        )

    def streets(self, where: str, first: str, second: str | None, length_max: int) -> Sequence[str]:
        try:
            return characters.two_lines(first, second, length_max)
        except ValueError as reason:
            self.mind(where, f"The street {reason}.")
            return ("", "")

    def _written(
        self,
        where: str,
        text: str,
        write: Callable[[str], str],
        length_max: int,
        called: str,
    ) -> str:
        try:
            written = write(text)
        except ValueError as reason:
            self.mind(where, f"The {called} {reason}.")
            return ""
        if len(written) > length_max:
            self.mind(where, f"The {called} is longer than the {length_max} characters of X12.")
        return written

    def required(self, where: str, value: str) -> str:
        """An identifier as it is, and a finding if it is empty."""
        if not value.strip():
            self.mind(where, "is empty, but every receiver requires it.")
        return value

    def level(self, parent: int | None, code: str, *, has_children: bool) -> int:
        """An HL and its number."""
        self._levels += 1
        number = self._levels
        self.add("HL", str(number), str(parent or ""), code, "1" if has_children else "0")
        return number

    def mind(self, where: str, words: str) -> None:
        self.findings.append(OurFinding(where=where, words=words, reference=self.reference))

    def _mind_signs(self, elements: Sequence[Sequence[str]]) -> None:
        for place, element in enumerate(elements):
            if not all(map(is_sendable, element)):
                where = f"{elements[0][0]}{place:02d}"
                self.mind(where, "holds a character that X12 cannot carry; correct the value")

    def wrap(self, envelope: Envelope, *, functional_id: str, set_id: str, version: str) -> bytes:
        """The interchange, or OurX12Error with all findings."""
        if self.findings:
            raise OurX12Error(self.findings)
        control = f"{envelope.set_control:04d}"
        body = [
            OURS.element.join(("ST", set_id, control, version)),
            *self._segments,
            OURS.element.join(("SE", str(len(self._segments) + 2), control)),
        ]
        lines = [*_opening(envelope, functional_id, version), *body, *_closing(envelope)]
        return "".join(f"{line}{OURS.terminator}\n" for line in lines).encode("ascii")


def day(date: dt.date) -> str:
    return f"{date:%Y%m%d}"


def period(start: dt.date, end: dt.date | None) -> tuple[str, str]:
    """DTP02 and DTP03 for a day or a span of days."""
    if end is None or end == start:
        return "D8", day(start)
    return "RD8", f"{day(start)}-{day(end)}"


def number(value: Decimal) -> str:
    """A quantity in plain digits: `1`, `1.5`, never `1E+1`."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _opening(envelope: Envelope, functional_id: str, version: str) -> list[str]:
    at = envelope.written_at
    sender, receiver = envelope.sender_id, envelope.receiver_id
    _fit(sender, receiver, envelope)
    header = (
        "ISA", "00", " " * 10, "00", " " * 10, "ZZ", f"{sender:<15}", "ZZ", f"{receiver:<15}",
        f"{at:%y%m%d}", f"{at:%H%M}", OURS.repetition or "", "00501",
        f"{envelope.interchange_control:09d}", "0", envelope.usage, OURS.component,
    )  # fmt: skip
    group = (
        "GS", functional_id, sender, receiver, f"{at:%Y%m%d}", f"{at:%H%M}",
        str(envelope.group_control), "X", version,
    )  # fmt: skip
    return [OURS.element.join(header), OURS.element.join(group)]


def _fit(sender: str, receiver: str, envelope: Envelope) -> None:
    """The header is of fixed width: what does not fit would shift every separator."""
    for where, text in (("ISA06", sender), ("ISA08", receiver)):
        if not _ID_MIN <= len(text) <= _ID_MAX or not is_sendable(text):
            raise OurX12Error([OurFinding(where=where, words="must be 2 to 15 X12 characters.")])
    controls = (envelope.interchange_control, envelope.group_control, envelope.set_control)
    if not all(0 < control <= _CONTROL_MAX for control in controls):
        raise OurX12Error(
            [OurFinding(where="ISA13", words="A control number must have 1 to 9 digits.")]
        )


def _closing(envelope: Envelope) -> list[str]:
    return [
        OURS.element.join(("GE", "1", str(envelope.group_control))),
        OURS.element.join(("IEA", "1", f"{envelope.interchange_control:09d}")),
    ]
