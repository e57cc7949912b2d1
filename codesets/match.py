"""One phrase to one code: first the practice's own words, then abbreviations, then official names,
and last a name spelled or ordered a little differently."""

import re
from dataclasses import dataclass

from codesets import phrases, terms
from domain.coding import Rule

_FUZZY_WORDS = range(1, 8)
_LINKS = frozenset({"in", "to", "with", "and"})
_SAME_WORD = 83.0
_SPELLABLE = 5
_NO_FINDINGS = frozenset({"counseling", "screening", "illness", "examination", "follow up"})
_SERVICE_LIKELY = 88
_NAME_WORDS = 20
_COURSE = re.compile(
    r"^(?:worsening|worsened|increasing|increased|new|recurrent)\s+", re.IGNORECASE
)
_CODE_IN_NOTE = re.compile(r"\s*\([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?\)\s*$")


@dataclass(frozen=True, kw_only=True)
class Match:
    code: str
    rule: Rule
    confidence: int


def match_diagnosis(text: str) -> Match | None:
    words = _CODE_IN_NOTE.sub("", text)
    norm = terms.normalize(words)
    if not norm or norm in _NO_FINDINGS or len(norm.split()) > _NAME_WORDS:
        return None
    if norm in phrases.finding_codes():
        return Match(code=phrases.finding_codes()[norm], rule=Rule.OWN_WORDS, confidence=100)
    if norm in phrases.phrase_codes():
        return Match(code=phrases.phrase_codes()[norm], rule=Rule.ABBREVIATION, confidence=90)
    exact = terms.find_exact(words)
    return Match(code=exact, rule=Rule.OFFICIAL_NAME, confidence=95) if exact else None


def match_symptom(text: str) -> Match | None:
    """A symptom, for a note that concludes nothing: a code of chapter R and no other."""
    found = match_diagnosis(_COURSE.sub("", text.strip()))
    if found is None or not found.code.startswith("R"):
        return None
    return Match(code=found.code, rule=Rule.COMPLAINT, confidence=50)


def match_similar(text: str) -> Match | None:
    """Spelling and word order may differ, words may not: a name with another word in it is another
    disease."""
    norm = terms.normalize(text)
    if norm in _NO_FINDINGS or len(norm.split()) not in _FUZZY_WORDS:
        return None
    own = [*phrases.finding_codes().items(), *phrases.phrase_codes().items()]
    listed = [(term.norm, term.code) for term in terms.find_near(text)]
    scored = [(_likeness(norm, name), code) for name, code in own + listed]
    score, code = min(scored, key=lambda hit: (-hit[0], len(hit[1]), hit[1]))
    if not score:
        return None
    return Match(code=code, rule=Rule.SIMILAR_NAME, confidence=round(score * 0.8))


def _likeness(ours: str, theirs: str) -> float:
    """0 unless each word of either has its like in the other."""
    from rapidfuzz import fuzz

    left, right = set(ours.split()) - _LINKS, set(theirs.split()) - _LINKS
    if len(left) != len(right) or not left:
        return 0.0
    best = [max(_word_likeness(word, other) for other in right) for word in left]
    back = [max(_word_likeness(word, other) for other in left) for word in right]
    if min(best + back) < _SAME_WORD:
        return 0.0
    return float(fuzz.token_sort_ratio(ours, theirs))


def _word_likeness(word: str, other: str) -> float:
    from rapidfuzz import fuzz

    if min(len(word), len(other)) < _SPELLABLE:
        return 100.0 if word == other else 0.0
    return float(fuzz.ratio(word, other))


def match_service(norm: str) -> Match | None:
    if norm in phrases.service_codes():
        return Match(code=phrases.service_codes()[norm], rule=Rule.OWN_WORDS, confidence=100)
    from rapidfuzz import fuzz, process

    best = process.extractOne(norm, phrases.service_codes().keys(), scorer=fuzz.token_sort_ratio)
    if best is None or best[1] < _SERVICE_LIKELY:
        return None
    return Match(
        code=phrases.service_codes()[best[0]],
        rule=Rule.SIMILAR_NAME,
        confidence=round(best[1] * 0.8),
    )
