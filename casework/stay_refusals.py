"""What a person says of a stay and no claim can say: each told at its field of the page."""

from collections.abc import Callable, Iterator, Sequence

from casework.claim_edits import BOOK
from casework.refusals import Problem, Refused
from casework.stay_said import StaySaid
from db.models import Encounter
from domain import stay_codes
from domain.institutional import PresentOnAdmission

Told = Iterator[tuple[str, str]]


def require_readable(said: StaySaid, encounter: Encounter) -> None:
    """Raises `Refused` with the first thing that is wrong with each field."""
    problems: dict[str, Problem] = {}
    for told in (_rows(said), _codes(said, encounter), _people(said)):
        for field, words in told:
            problems.setdefault(field, Problem(words=words))
    if problems:
        raise Refused(problems)


def _rows(said: StaySaid) -> Told:
    readers: tuple[tuple[str, Callable[[Sequence[str]], object], Sequence[str]], ...] = (
        ("charges", stay_codes.charges, said.charges),
        ("procedures", stay_codes.procedures, said.procedures),
        ("occurrences", stay_codes.occurrences, said.occurrences),
        ("spans", stay_codes.spans, said.spans),
        ("value_codes", stay_codes.values, said.value_codes),
        ("condition_codes", stay_codes.conditions, said.condition_codes),
        ("external_causes", stay_codes.causes, said.external_causes),
        ("treatment_codes", stay_codes.treatments, said.treatment_codes),
    )
    for field, read, rows in readers:
        try:
            read(rows)
        except stay_codes.BadRow as bad:
            yield field, str(bad)
    if said.from_on and said.to_on and said.to_on < said.from_on:
        yield "to_on", "The statement ends before it begins."


def _codes(said: StaySaid, encounter: Encounter) -> Told:
    every: tuple[tuple[str, tuple[str, ...]], ...] = (
        ("admitting_diagnosis", (said.admitting_diagnosis or "",)),
        ("visit_reasons", said.visit_reasons),
        ("external_causes", tuple(row.split()[0] for row in said.external_causes)),
    )
    for field, codes in every:
        wrong = [c for c in codes if c and not BOOK.is_diagnosis_billable(c, encounter.service_on)]
        if wrong:
            yield field, f"{wrong[0]} is no ICD-10-CM code that may be billed on the day."
    yield from _on_admission(said.on_admission, encounter)


def _on_admission(rows: Sequence[str], encounter: Encounter) -> Told:
    ours = {diagnosis.code for diagnosis in encounter.diagnoses}
    for row in rows:
        code, _, told = row.upper().partition(" ")
        if code not in ours:
            yield "on_admission", f"“{row[:40]}” begins with no diagnosis of this encounter."
        elif told.strip() not in set(PresentOnAdmission):
            yield "on_admission", f"“{row[:40]}” must end in Y, N, U or W."


def _people(said: StaySaid) -> Told:
    if said.other_operating_id and said.operating_id is None:
        yield "other_operating", "Name first who operated, then who did too."
    elif said.other_operating_id and said.other_operating_id == said.operating_id:
        yield "other_operating", "This is who operated: name another."
