"""Service lines as a coder types them (`code | modifiers | units | pointers`), and their
mending.
"""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from casework import coding_checks
from casework.refusals import Refused
from db.models import ChargeLine, Denial, Diagnosis, Encounter
from domain.findings import EditLine, Fix

MENDS_MAX = 20
# What a coder adds first when a payer misses a modifier: a separate visit, else a separate service.
VISIT_MODIFIERS, SERVICE_MODIFIERS = ("25", "57", "24"), ("59", "XS", "76")


@dataclass(frozen=True, kw_only=True)
class CodedLine:
    code: str
    modifiers: tuple[str, ...]
    units: int
    pointers: tuple[int, ...]

    def as_row(self) -> str:
        pointers = ",".join(map(str, self.pointers))
        return f"{self.code} | {' '.join(self.modifiers)} | {self.units} | {pointers}"


def parse(row: str, field: str) -> CodedLine:
    """One typed line. Raises `Refused` that quotes it."""
    parts = [part.strip() for part in row.split("|")]
    parts += [""] * (4 - len(parts))
    try:
        return CodedLine(
            code=parts[0].upper(),
            modifiers=tuple(parts[1].upper().replace(",", " ").split()),
            units=int(parts[2] or "1"),
            pointers=tuple(int(p) for p in parts[3].replace(",", " ").split()) or (1,),
        )
    except ValueError:
        raise Refused.of(
            field, f"“{row[:60]}” is not a line: write code | modifiers | units | pointers."
        ) from None


def of(line: ChargeLine) -> CodedLine:
    return CodedLine(
        code=line.code,
        modifiers=tuple(line.modifiers),
        units=line.units,
        pointers=tuple(line.pointers),
    )


def apply(
    session: Session,
    encounter: Encounter,
    diagnoses: tuple[str, ...],
    lines: tuple[CodedLine, ...],
) -> None:
    """Replace the encounter's codes. A charge line keeps its identity; one too many is void."""
    for old in encounter.diagnoses:
        session.delete(old)
    session.flush()
    session.add_all(
        Diagnosis(encounter_id=encounter.id, rank=rank, code=code)
        for rank, code in enumerate(diagnoses, start=1)
    )
    held = encounter.coded_lines
    for index, coded in enumerate(lines):
        if index < len(held):
            _update(held[index], coded)
        else:
            session.add(_new(encounter, index + 1, coded))
    for surplus in held[len(lines) :]:
        surplus.is_void = True
    session.flush()
    session.expire(encounter, ["diagnoses", "charge_lines"])


def mended(
    encounter: Encounter, diagnoses: tuple[str, ...], lines: tuple[CodedLine, ...]
) -> tuple[tuple[str, ...], tuple[CodedLine, ...]]:
    """The codes after every fix that the edits know, as a careful coder would leave them."""
    for _ in range(MENDS_MAX):
        found = coding_checks.of_codes(encounter, diagnoses, tuple(_edited(x) for x in lines))
        fix = next((finding.fix for finding in found if finding.fix), None)
        if fix is None:
            break
        if fix.field.startswith("diagnoses"):
            diagnoses = mend_diagnoses(diagnoses, fix)
        else:
            lines = mend_lines(lines, fix)
    return diagnoses, lines


def mend_diagnoses(diagnoses: tuple[str, ...], fix: Fix) -> tuple[str, ...]:
    """`fix.field` is `diagnoses.<index>`."""
    changed = list(diagnoses)
    changed[int(fix.field.split(".")[1])] = fix.value
    return tuple(dict.fromkeys(changed))


def mend_lines(lines: tuple[CodedLine, ...], fix: Fix) -> tuple[CodedLine, ...]:
    _, index, what = fix.field.split(".", 2)
    number, changed = int(index), list(lines)
    match what:
        case "remove":
            del changed[number]
        case "pointers":
            pointers = tuple(int(p) for p in fix.value.split(","))
            changed[number] = replace(changed[number], pointers=pointers)
        case "units":
            changed[number] = replace(changed[number], units=int(fix.value))
        case "modifiers":
            changed[number] = replace(changed[number], modifiers=tuple(fix.value.split(",")))
        case _:
            changed[number] = replace(changed[number], code=fix.value)
    return tuple(changed)


def answer_denials(
    lines: tuple[CodedLine, ...], diagnoses: int, denials: list[Denial]
) -> tuple[CodedLine, ...]:
    """What a coder tries first: the missing modifier, or another of the diagnoses in front."""
    refused = {denial.charge_line.ordinal: denial.carc for denial in denials}
    changed = []
    for ordinal, line in enumerate(lines, start=1):
        match refused.get(ordinal):
            case "4":
                changed.append(replace(line, modifiers=_with_another(line)))
            case None:
                changed.append(line)
            case _:
                turned = (*line.pointers[1:], line.pointers[0])
                pointers = turned if len(turned) > 1 else (min(diagnoses, 2),)
                changed.append(replace(line, pointers=pointers))
    return tuple(changed)


def _with_another(line: CodedLine) -> tuple[str, ...]:
    """With the first likely modifier that it lacks: the same again would be refused again."""
    likely = VISIT_MODIFIERS if line.code.startswith("99") else SERVICE_MODIFIERS
    missing = [modifier for modifier in likely if modifier not in line.modifiers]
    return (*line.modifiers, *missing[:1])


def _edited(line: CodedLine) -> EditLine:
    return EditLine(
        code=line.code,
        modifiers=line.modifiers,
        units=line.units,
        pointers=line.pointers,
        charge_cents=1,
    )


def _update(line: ChargeLine, coded: CodedLine) -> None:
    line.code = coded.code
    line.modifiers = list(coded.modifiers)
    line.units = coded.units
    line.pointers = list(coded.pointers)
    line.is_void = False


def _new(encounter: Encounter, ordinal: int, coded: CodedLine) -> ChargeLine:
    return ChargeLine(
        encounter_id=encounter.id,
        ordinal=ordinal,
        code=coded.code,
        modifiers=list(coded.modifiers),
        units=coded.units,
        pointers=list(coded.pointers),
        service_on=encounter.service_on,
    )
