"""Identifiers of a person stay masked on a page until somebody asks to see them, which is recorded;
a mask that comes back in a form means what it stands for."""

from collections.abc import Sequence
from dataclasses import replace

from casework.refusals import Refused
from domain.questions import Fact, Field, Question
from web.presenters import masked

MASK = "·"
WORDS = "Write the whole number, or leave it as it stands."

Answer = dict[str, list[str]]


def hidden(question: Question) -> Question:
    """The question with the last four of every identifier, known or asked."""
    sections = tuple(
        replace(section, facts=tuple(_hidden_fact(fact) for fact in section.facts))
        for section in question.sections
    )
    return replace(
        question, sections=sections, fields=tuple(_hidden_field(one) for one in question.fields)
    )


def holds_mask(answer: Answer) -> bool:
    return any(MASK in value for values in answer.values() for value in values)


def restored(answer: Answer, question: Question) -> Answer:
    """The answer with each untouched mask put back. Raises `Refused` for a changed one."""
    known = {field.name: field.values for field in question.fields if field.is_identifier}
    return answer | {
        name: [_restored(name, value, known[name]) for value in values]
        for name, values in answer.items()
        if name in known
    }


def _hidden_fact(fact: Fact) -> Fact:
    return replace(fact, value=masked(fact.value)) if fact.is_identifier else fact


def _hidden_field(field: Field) -> Field:
    if not field.is_identifier:
        return field
    return replace(field, values=tuple(masked(value) for value in field.values))


def _restored(name: str, typed: str, known: Sequence[str]) -> str:
    if MASK not in typed:
        return typed
    for value in known:
        if typed.strip() == masked(value):
            return value
    raise Refused.of(name, WORDS)
