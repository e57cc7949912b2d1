"""What a note proposes to a coder: codes with the words and the place that gave rise to them. A
proposal is never a code on a claim; a person accepts it."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """How a phrase led to a code."""

    OWN_WORDS = "own words"
    ABBREVIATION = "abbreviation"
    OFFICIAL_NAME = "official name"
    SIMILAR_NAME = "similar name"
    COMPLAINT = "symptom that brought the patient"


class Caution(StrEnum):
    """Why a phrase that names a condition proposes nothing."""

    NEGATED = "the note says that it is absent"
    UNCERTAIN = "uncertain: an outpatient claim codes what is known, not what is suspected"
    FAMILY = "it belongs to a relative"
    HISTORY = "it is past: consider a history code"
    MANIFESTATION = (
        "a manifestation: the disease behind it comes first, so a person must choose both"
    )
    NOT_IN_FORCE = "the code may not be billed on the date of service"


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """`start` and `end` are offsets in the note; `confidence` runs from 0 to 100."""

    code: str
    words: str
    start: int
    end: int
    rule: Rule
    confidence: int
    units: int = 1


@dataclass(frozen=True, kw_only=True)
class CodeWords:
    code: str
    words: str


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The note names a whole family of codes: a person must choose among the billable ones."""

    header: str
    words: str
    start: int
    end: int
    children: tuple[CodeWords, ...]


@dataclass(frozen=True, kw_only=True)
class PassedOver:
    words: str
    start: int
    end: int
    caution: Caution


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    diagnoses: tuple[Suggestion, ...] = ()
    procedures: tuple[Suggestion, ...] = ()
    choices: tuple[Choice, ...] = ()
    passed_over: tuple[PassedOver, ...] = ()
