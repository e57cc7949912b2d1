"""Edits on the claim's lines: codes, modifiers, pointers, units, charges, and lines that exclude
each other."""

import re
from collections.abc import Iterator

from domain.claim_form import ClaimForm
from domain.findings import CodeBook, EditLine, EditRule, EditSubject, Finding, Fix, Severity

_MAX_POINTERS = 4
_OXIMETRY = "94760"
_VISIT = re.compile(r"99(?:20[2-5]|21[1-5]|22[1-3]|23[1-9]|28[1-5]|38[1-7]|39[1-7])|G0438|G0439")
_MODIFIER = re.compile(r"[0-9A-Z]{2}")
_REPEATS = frozenset({"76", "77", "91"})
_PARTS = frozenset({"59", "XE", "XP", "XS", "XU", "25", "58", "78", "79"})
_SIDES = frozenset({"50", "LT", "RT"})


def check_lines(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    yield from lines_missing(subject)
    yield from line_codes(subject, book)
    yield from line_pointers(subject)
    yield from line_charges(subject)
    yield from line_units(subject, book)
    yield from line_pairs(subject, book)
    yield from oximetry_with_visit(subject)
    yield from lines_twice(subject)


def check_facility_lines(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    """A facility's lines point at no diagnosis, and limits and pairs are other ones there."""
    yield from lines_missing(subject)
    yield from line_codes(subject, book)
    yield from line_charges(subject)


def lines_missing(subject: EditSubject) -> Iterator[Finding]:
    if not subject.lines:
        yield _finding(
            EditRule.LINE_MISSING,
            Severity.STOP,
            "lines",
            "The claim has no line: enter at least one service.",
        )


def line_codes(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    for number, line in enumerate(subject.lines, start=1):
        is_bare = not line.code and subject.form is ClaimForm.INSTITUTIONAL
        if not is_bare and not book.has_procedure_shape(line.code):
            yield _finding(
                EditRule.PROCEDURE_SHAPE,
                Severity.STOP,
                _place(number),
                f"{line.code!r} is not a procedure code (five characters): correct it.",
            )
        for modifier in line.modifiers:
            if not _MODIFIER.fullmatch(modifier):
                yield _finding(
                    EditRule.MODIFIER_SHAPE,
                    Severity.STOP,
                    _place(number),
                    f"Modifier {modifier!r} is not two letters or digits: correct it.",
                )
            elif not book.is_modifier_known(modifier):
                yield _finding(
                    EditRule.MODIFIER_UNKNOWN,
                    Severity.WARN,
                    _place(number),
                    f"Modifier {modifier} is not in our list: check it.",
                )


def line_pointers(subject: EditSubject) -> Iterator[Finding]:
    count = len(subject.diagnoses)
    for number, line in enumerate(subject.lines, start=1):
        good = [pointer for pointer in line.pointers if 1 <= pointer <= count]
        if good and len(good) == len(line.pointers) <= _MAX_POINTERS:
            continue
        cure = good[:_MAX_POINTERS] or ([1] if count == 1 else [])
        yield _finding(
            EditRule.POINTER_RANGE,
            Severity.STOP,
            _place(number),
            f"The line must point to one to four of the claim's {count} diagnoses.",
            _fix(number, "pointers", ",".join(map(str, cure))) if cure else None,
        )


def line_charges(subject: EditSubject) -> Iterator[Finding]:
    for number, line in enumerate(subject.lines, start=1):
        if line.charge_cents <= 0:
            yield _finding(
                EditRule.CHARGE_MISSING,
                Severity.STOP,
                _place(number),
                f"{line.code} has no price in the fee schedule: add the price.",
            )


def line_units(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    """A limit by day counts all lines of the code together, and is told at the first of them."""
    told: set[tuple[str, object]] = set()
    for number, line in enumerate(subject.lines, start=1):
        limit = book.unit_limit(line.code)
        if line.units < 1:
            yield _finding(
                EditRule.UNITS_INVALID,
                Severity.STOP,
                _place(number),
                "The units of a line must be one or more.",
            )
        elif limit is not None and (line.code, line.service_on) not in told:
            same = [line] if limit.is_by_line else _same_day(subject, line)
            units = sum(other.units for other in same)
            if units > limit.max_units:
                told.add((line.code, line.service_on))
                yield _finding(
                    EditRule.UNITS_ABOVE_LIMIT,
                    Severity.STOP,
                    _place(number),
                    f"{line.code} is billed with {units} units; at most {limit.max_units} are paid"
                    " for one day: correct the units from the note.",
                    _fix(number, "units", str(limit.max_units)) if len(same) == 1 else None,
                )


def line_pairs(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    for first in subject.lines:
        for number, line in enumerate(subject.lines, start=1):
            if first.service_on != line.service_on:
                continue
            pair = book.pair_limit(first.code, line.code, line.service_on or subject.service_on)
            if pair is None or (pair.may_be_parted and _has(_PARTS, first, line)):
                continue
            cure = (
                "add a modifier if the note shows that they were apart, else remove it"
                if pair.may_be_parted
                else "remove it, no modifier parts them"
            )
            yield _finding(
                EditRule.PAIR_BUNDLED,
                Severity.STOP,
                _place(number),
                f"{line.code} is part of {first.code} on the same day: {cure}.",
                None if pair.may_be_parted else _fix(number, "remove", "yes"),
            )


def oximetry_with_visit(subject: EditSubject) -> Iterator[Finding]:
    visits_on = {line.service_on for line in subject.lines if _VISIT.fullmatch(line.code)}
    for number, line in enumerate(subject.lines, start=1):
        if line.code == _OXIMETRY and line.service_on in visits_on:
            yield _finding(
                EditRule.OXIMETRY_WITH_VISIT,
                Severity.WARN,
                _place(number),
                f"{line.code} is usually paid as part of the visit of the same day.",
            )


def lines_twice(subject: EditSubject) -> Iterator[Finding]:
    seen: dict[tuple[object, ...], int] = {}
    for number, line in enumerate(subject.lines, start=1):
        if _has(_REPEATS | _PARTS, line):
            continue
        key = (line.code, line.service_on, frozenset(line.modifiers) & _SIDES)
        if key in seen:
            yield _finding(
                EditRule.LINE_TWICE,
                Severity.STOP,
                _place(number),
                f"{line.code} is already on line {seen[key]}: raise the units there, or add"
                " modifier 76 or 59 if the note shows that it was done again.",
            )
        seen.setdefault(key, number)


def _same_day(subject: EditSubject, line: EditLine) -> list[EditLine]:
    """The lines with its code on its day."""
    return [
        each
        for each in subject.lines
        if (each.code, each.service_on) == (line.code, line.service_on)
    ]


def _has(modifiers: frozenset[str], *lines: EditLine) -> bool:
    return any(modifiers.intersection(line.modifiers) for line in lines)


def _place(number: int) -> str:
    return f"line {number}"


def _fix(number: int, field: str, value: str) -> Fix:
    return Fix(field=f"lines.{number - 1}.{field}", value=value)


def _finding(
    rule: EditRule, severity: Severity, place: str, words: str, fix: Fix | None = None
) -> Finding:
    return Finding(rule=rule, severity=severity, place=place, words=words, fix=fix)
