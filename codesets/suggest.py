"""Codes that a note proposes, each with its words, its place and the rule that found it. Only what
the note concludes is read; a family of codes is offered as a choice, never filled in."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from itertools import islice

from codesets import icd10cm, terms
from codesets.match import Match, match_diagnosis, match_service, match_similar, match_symptom
from codesets.sections import Phrase, Section, read_phrases
from codesets.triggers import find_afterthought, find_cautions, without_triggers
from domain.coding import (
    Caution,
    Choice,
    CodeWords,
    PassedOver,
    Suggestion,
    Suggestions,
)

_NOTE_MAX = 200_000
_PHRASES_MAX = 400
_UNITS = re.compile(r"\s+[x\u00d7]\s*(\d{1,3})\s*$", re.IGNORECASE)
_HEADING_WORDS = 8
_LINK = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|\s+with\s+|\s+due to\s+", re.IGNORECASE)


def suggest(note_text: str, on: dt.date) -> Suggestions:
    """What the note proposes for an encounter of that day; each code once, in the note's order."""
    phrases = list(islice(read_phrases(note_text[:_NOTE_MAX]), _PHRASES_MAX))
    concluded = [
        found
        for phrase in phrases
        if phrase.section in (Section.CONCLUSION, Section.PLAN)
        for found in _suggest_diagnoses(phrase, on)
    ]
    if not any(isinstance(found, Suggestion | Choice) for found in concluded):
        concluded += _suggest_symptoms(phrases, on)
    services = [_suggest_service(one) for one in phrases if one.section is Section.SERVICES]
    return Suggestions(
        diagnoses=_once(found for found in concluded if isinstance(found, Suggestion)),
        procedures=_once(service for service in services if service is not None),
        choices=tuple(
            {found.header: found for found in concluded if isinstance(found, Choice)}.values()
        ),
        passed_over=tuple(found for found in concluded if isinstance(found, PassedOver)),
    )


def _once(found: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """The first suggestion of each code."""
    by_code: dict[str, Suggestion] = {}
    for suggestion in found:
        by_code.setdefault(suggestion.code, suggestion)
    return tuple(by_code.values())


def _suggest_symptoms(phrases: list[Phrase], on: dt.date) -> Iterator[Suggestion]:
    """Where nothing is concluded, an encounter is coded by what brought the patient."""
    for phrase in phrases:
        if phrase.section is Section.COMPLAINT:
            for part in _split(phrase):
                hit = match_symptom(part.text)
                placed = _place(part, hit, on) if hit else None
                if isinstance(placed, Suggestion):
                    yield placed


def _suggest_diagnoses(phrase: Phrase, on: dt.date) -> Iterator[Suggestion | Choice | PassedOver]:
    """A phrase that is a name as it stands is taken whole; only then is it read for its parts,
    since official names themselves hold "without" and "history of"."""
    whole = match_diagnosis(phrase.text)
    taken_back = find_afterthought(phrase.rest)
    if phrase.text.endswith("?"):
        taken_back = Caution.UNCERTAIN
    if whole is not None:
        yield _pass_over(phrase, taken_back) if taken_back else _place(phrase, whole, on)
        return
    parts = list(_split(phrase))
    cautions = find_cautions([part.text for part in parts])
    if taken_back is not None and cautions:
        cautions[-1] = taken_back
    found = False
    for part, caution in zip(parts, cautions, strict=True):
        hit = match_diagnosis(without_triggers(part.text) if caution else part.text)
        if hit is not None:
            found = True
            yield _pass_over(part, caution) if caution else _place(part, hit, on)
    if not found and not any(cautions) and phrase.section is Section.CONCLUSION:
        near = match_similar(phrase.text)
        if near is not None:
            yield _place(phrase, near, on)


def _place(phrase: Phrase, hit: Match, on: dt.date) -> Suggestion | Choice | PassedOver:
    if "manifestation" in icd10cm.flags(hit.code, on):
        return _pass_over(phrase, Caution.MANIFESTATION)
    if icd10cm.is_billable(hit.code, on):
        return Suggestion(
            code=hit.code,
            words=phrase.text,
            start=phrase.start,
            end=phrase.end,
            rule=hit.rule,
            confidence=hit.confidence,
        )
    children = icd10cm.children(hit.code, on)
    if not children:
        return _pass_over(phrase, Caution.NOT_IN_FORCE)
    return Choice(
        header=hit.code,
        words=phrase.text,
        start=phrase.start,
        end=phrase.end,
        children=tuple(
            CodeWords(code=child, words=terms.describe(child) or "")
            for child in sorted(children, key=len)
        ),
    )


def _pass_over(phrase: Phrase, caution: Caution) -> PassedOver:
    return PassedOver(words=phrase.text, start=phrase.start, end=phrase.end, caution=caution)


def _split(phrase: Phrase) -> Iterator[Phrase]:
    """The phrase cut at its commas and links; a plan's longer sentences are prose, left alone."""
    if phrase.section is not Section.CONCLUSION and len(phrase.text.split()) > _HEADING_WORDS:
        return
    start = 0
    for link in [*_LINK.finditer(phrase.text), None]:
        end = link.start() if link else len(phrase.text)
        if phrase.text[start:end].strip():
            yield Phrase(
                section=phrase.section, text=phrase.text[start:end], start=phrase.start + start
            )
        start = link.end() if link else end


def _suggest_service(phrase: Phrase) -> Suggestion | None:
    counted = _UNITS.search(phrase.text)
    words = phrase.text[: counted.start()] if counted else phrase.text
    hit = match_service(terms.normalize(words))
    if hit is None:
        return None
    return Suggestion(
        code=hit.code,
        words=phrase.text,
        start=phrase.start,
        end=phrase.end,
        rule=hit.rule,
        confidence=hit.confidence,
        units=max(1, int(counted.group(1))) if counted else 1,
    )
