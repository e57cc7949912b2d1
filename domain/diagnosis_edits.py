"""Edits on the diagnoses: whether each may be billed on the date of service, for this patient, in
this place of the list."""

import datetime as dt
from collections.abc import Iterator

from domain.claim_form import ClaimForm
from domain.findings import CodeBook, EditRule, EditSubject, Finding, Fix, Severity

# On a professional claim.
DIAGNOSES_MAX = 12
_FACILITY_DIAGNOSES_MAX = 25
_MAX_LISTED = 8
# Ages in years of the national code editor. It has had no sex edits since October 2024.
_AGES = {"newborn": (0, 0), "pediatric": (0, 17), "maternity": (9, 64), "adult": (15, 124)}


def diagnoses_max(form: ClaimForm) -> int:
    return _FACILITY_DIAGNOSES_MAX if form is ClaimForm.INSTITUTIONAL else DIAGNOSES_MAX


def check_diagnoses(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    yield from diagnosis_count(subject)
    yield from diagnosis_validity(subject, book)
    yield from diagnosis_twice(subject)
    yield from diagnosis_age(subject, book)
    yield from diagnosis_first(subject, book)


def diagnosis_count(subject: EditSubject) -> Iterator[Finding]:
    if not subject.diagnoses:
        yield _finding(
            EditRule.DIAGNOSIS_MISSING,
            Severity.STOP,
            "diagnoses",
            "The claim has no diagnosis: a coder must choose at least one from the note.",
        )
    most = diagnoses_max(subject.form)
    if len(subject.diagnoses) > most:
        yield _finding(
            EditRule.DIAGNOSES_TOO_MANY,
            Severity.STOP,
            "diagnoses",
            f"A claim holds {most} diagnoses and this one has {len(subject.diagnoses)}:"
            " keep those that the lines point to.",
        )


def diagnosis_validity(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    for index, code in enumerate(subject.diagnoses):
        if book.is_diagnosis_billable(code, subject.service_on):
            continue
        children = book.diagnosis_children(code, subject.service_on)
        if children:
            yield _header(index, code, children)
        else:
            yield _finding(
                EditRule.DIAGNOSIS_INVALID,
                Severity.STOP,
                _place(index),
                f"{code} is not a valid ICD-10-CM code on {subject.service_on}: choose another.",
            )


def diagnosis_twice(subject: EditSubject) -> Iterator[Finding]:
    for index, code in enumerate(subject.diagnoses):
        if code in subject.diagnoses[:index]:
            yield _finding(
                EditRule.DIAGNOSIS_TWICE,
                Severity.WARN,
                _place(index),
                f"{code} stands twice in the list: remove one of them.",
            )


def diagnosis_age(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    """A warning on professional claims: the editor that stops these is for hospital stays."""
    age = age_on(subject.birth_on, subject.service_on)
    for index, code in enumerate(subject.diagnoses):
        words = book.diagnosis_flags(code, subject.service_on)
        for word, (youngest, oldest) in _AGES.items():
            if word in words and not youngest <= age <= oldest:
                yield _finding(
                    EditRule.DIAGNOSIS_AGE,
                    Severity.WARN,
                    _place(index),
                    f"{code} is a {word} diagnosis and the patient is {age} years old:"
                    " check the birth date and the code.",
                )


def diagnosis_first(subject: EditSubject, book: CodeBook) -> Iterator[Finding]:
    for code in subject.diagnoses[:1]:
        words = book.diagnosis_flags(code, subject.service_on)
        if "manifestation" in words or "ecodepdx" in words:
            kind = "a manifestation" if "manifestation" in words else "an external cause"
            yield _finding(
                EditRule.DIAGNOSIS_NOT_FIRST,
                Severity.WARN,
                _place(0),
                f"{code} is {kind} and should not come first: put the disease or injury before.",
            )


def age_on(birth_on: dt.date, day: dt.date) -> int:
    had_birthday = (day.month, day.day) >= (birth_on.month, birth_on.day)
    return day.year - birth_on.year - (not had_birthday)


def _header(index: int, code: str, children: tuple[str, ...]) -> Finding:
    listed = ", ".join(children[:_MAX_LISTED]) + (" …" if len(children) > _MAX_LISTED else "")
    # With one code below there is nothing to choose; with more, only a coder may.
    fix = Fix(field=f"diagnoses.{index}", value=children[0]) if len(children) == 1 else None
    return Finding(
        rule=EditRule.DIAGNOSIS_HEADER,
        severity=Severity.STOP,
        place=_place(index),
        words=f"{code} only heads more exact codes: choose one of {listed}.",
        fix=fix,
        choices=children,
    )


def _place(index: int) -> str:
    return f"diagnosis {index + 1}"


def _finding(rule: EditRule, severity: Severity, place: str, words: str) -> Finding:
    return Finding(rule=rule, severity=severity, place=place, words=words, fix=None)
