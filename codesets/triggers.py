"""Words around a condition which mean that this patient does not have it now."""

import re

from domain.coding import Caution

_TRIGGERS = {
    Caution.NEGATED: (
        "no|not|denies|denied|denying|without|negative for|free of|absence of|no evidence of"
        "|no signs? of|ruled out|not consistent with|unlikely|no longer has|rather than|never had"
    ),
    Caution.UNCERTAIN: (
        "possible|possibly|probable|probably|likely|suspected|suspect|suspicious for|concern for"
        "|concerning for|rule out|r/o|versus|vs|questionable|consider|may have|might be|could be"
        "|appears to be|cannot exclude|not confirmed"
        "|differential|evaluate for|screen for|at risk (?:for|of)"
        "|working diagnosis|compatible with|consistent with"
    ),
    Caution.FAMILY: (
        "family history|fh|mother|father|brother|sister|sibling|parent|grandmother|grandfather"
        "|aunt|uncle"
    ),
    Caution.HISTORY: (
        "history of|h/o|hx of|past medical history|status post|s/p|previous|previously|prior"
        "|resolved|remote|in the past|in remission|childhood"
    ),
}
_PATTERNS = {
    caution: re.compile(rf"(?<![\w/])(?:{words})(?![\w/])", re.IGNORECASE)
    for caution, words in _TRIGGERS.items()
}
_EDGES = " ?.()"
_AFTERTHOUGHT = re.compile(
    r"[\s:;,.(\[\u2013\u2014-]*(?:(?:now|since|was|were|is|has been|have been) )*"
    r"(?:resolved|ruled out|rule out|r/o|unlikely|in remission|possible|suspected|questionable"
    r"|not confirmed)\s*(?:$|[.,;)\]]|(?:by|with|after|on)\b)",
    re.IGNORECASE,
)


def find_cautions(parts: list[str]) -> list[Caution | None]:
    """For each part of a phrase the reason for which it proposes nothing, or None. A trigger holds
    for its own part and those after it ("no fever, cough"); an afterthought ("resolved") for the
    part before."""
    cautions: list[Caution | None] = []
    active: Caution | None = None
    for part in parts:
        found = _find_caution(part)
        if found is not None and cautions and _AFTERTHOUGHT.match(part):
            cautions[-1] = found
        else:
            active = found or active
        cautions.append(active)
    return cautions


def find_afterthought(rest: str) -> Caution | None:
    """What the line goes on to say of the phrase before: "Pneumonia: ruled out by radiograph"."""
    found = _AFTERTHOUGHT.match(rest)
    if found:
        return _find_caution(found.group())
    return Caution.UNCERTAIN if rest.lstrip().startswith("?") else None


def without_triggers(part: str) -> str:
    """What is left to look up: the words after the last trigger, or before one at the end."""
    for pattern in _PATTERNS.values():
        pieces = [piece for piece in pattern.split(part) if piece.strip(_EDGES)]
        part = pieces[-1] if pieces else ""
    return part.strip(_EDGES)


def _find_caution(part: str) -> Caution | None:
    """The gravest that applies."""
    for caution, pattern in _PATTERNS.items():
        if pattern.search(part):
            return caution
    return Caution.UNCERTAIN if part.rstrip().endswith("?") else None
