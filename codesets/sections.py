"""Where in a note the conclusions stand. Every phrase carries its offsets in the note, so that a
coder can be shown the very words."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto


class Section(Enum):
    CONCLUSION = auto()
    PLAN = auto()
    SERVICES = auto()
    COMPLAINT = auto()
    EVIDENCE = auto()


_CONCLUSIONS = (
    "ASSESSMENT AND PLAN|ASSESSMENT & PLAN|ASSESSMENT/PLAN|A/P|A&P|ASSESSMENT|IMPRESSION"
    "|(?:PRE|POST)-?OPERATIVE DIAGNOS[IE]S|(?:FINAL |DISCHARGE )?DIAGNOS[IE]S|A"
)
_HEADINGS = (
    (Section.COMPLAINT, re.compile(r"\s*(?:CHIEF COMPLAINT|CC)\s*(?::|$)", re.IGNORECASE)),
    (Section.CONCLUSION, re.compile(rf"\s*(?:{_CONCLUSIONS})\s*(?::|$)", re.IGNORECASE)),
    (Section.PLAN, re.compile(r"\s*(?:PLAN|P)\s*(?::|$)", re.IGNORECASE)),
    (
        Section.SERVICES,
        re.compile(r"\s*(?:SERVICES|PROCEDURES? PERFORMED)\s*(?::|$)", re.IGNORECASE),
    ),
)
_OTHER_HEADING = re.compile(r"\s*[A-Z][A-Z &/,()-]{3,60}:?\s*$|\s*[SO]\s*:")
_NUMBER = re.compile(r"\s*(?:\d{1,2}[.)]|[-*\u2022])?\s*")
_END_OF_PHRASE = re.compile(r"\s*(?::|;|\s[\u2014\u2013]\s|\s-\s|\.(?:\s|$)|\[|$)")


@dataclass(frozen=True, kw_only=True)
class Phrase:
    section: Section
    text: str
    start: int
    rest: str = ""
    """What follows in the line, where an afterthought may take the phrase back."""

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def read_phrases(note: str) -> Iterator[Phrase]:
    """The opening phrase of each line of the sections that hold conclusions or services."""
    section, offset = Section.EVIDENCE, 0
    for line in note.splitlines(keepends=True):
        begins_at = 0
        heading = _heading(line)
        if heading is not None:
            section, begins_at = heading
        if section is not Section.EVIDENCE:
            phrase = _phrase(line.rstrip("\r\n"), begins_at, section, offset)
            if phrase.text:
                yield phrase
        offset += len(line)


def _heading(line: str) -> tuple[Section, int] | None:
    bare = line.rstrip()
    for section, pattern in _HEADINGS:
        found = pattern.match(bare)
        if found:
            return section, found.end()
    return (Section.EVIDENCE, len(bare)) if _OTHER_HEADING.match(bare) else None


def _phrase(line: str, begins_at: int, section: Section, offset: int) -> Phrase:
    opening = _NUMBER.match(line, begins_at)
    start = opening.end() if opening else begins_at
    if section is Section.SERVICES:
        text = line[start:].strip()
    else:
        closing = _END_OF_PHRASE.search(line, start)
        text = line[start : closing.start() if closing else len(line)]
    rest = line[start + len(text) :]
    return Phrase(section=section, text=text, start=offset + start, rest=rest)
