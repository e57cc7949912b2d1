"""Every outside TA1, 999, 277CA, 277 and 271 says what a person read in its text beforehand."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from domain.acknowledgments import (
    AckLine,
    ClaimAck,
    ClaimAckStatus,
    FunctionalAck,
    InterchangeAck,
    SetError,
    StatusCode,
    StatusNote,
)
from domain.claim_status import StatusAnswer, StatusLine
from domain.eligibility import Benefit, EligibilityAnswer, EligibilityRejection
from edi.errors import refusing
from edi.read import File, Item, SetKind, read

TABLE = Path(__file__).parent / "expected" / "answers.txt"
Placed = (
    InterchangeAck
    | StatusNote
    | ClaimAckStatus
    | AckLine
    | StatusAnswer
    | StatusLine
    | EligibilityAnswer
    | EligibilityRejection
    | Benefit
)
ANSWERS_OF_SETS = {"997", "999", "277", "271"}


@dataclass(kw_only=True)
class Expected:
    """What the table says of one file."""

    findings: list[str] = field(default_factory=list)
    mended: list[tuple[bytes, bytes]] = field(default_factory=list)
    facts: list[str] = field(default_factory=list)


def _table() -> dict[str, Expected]:
    found: dict[str, Expected] = {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("== "):
            one = found[line[3:]] = Expected()
        elif line.startswith("! "):
            one.findings.append(line[2:])
        elif line.startswith("> "):
            wrong, right = line[2:].encode().split(b" -> ")
            one.mended.append((wrong, right))
        elif line and not line.startswith("#"):
            one.facts.append(line)
    return found


EXPECTED = _table()


@pytest.mark.parametrize("name", EXPECTED)
def test_an_outside_answer_says_what_stands_in_it(testdata: Path, name: str) -> None:
    expected, data = EXPECTED[name], (testdata / name).read_bytes()
    file = read(data)

    assert sorted(map(_place, expected.findings)) == sorted(
        (found.segment_id, found.segment) for found in refusing(file.findings)
    )
    for words in expected.findings:
        assert any(words.split()[2] in found.words for found in file.findings), words
    if expected.findings:
        assert file.items == ()
    for wrong, right in expected.mended:
        assert wrong in data
        data = data.replace(wrong, right)
    mended = read(data)
    if expected.mended:
        assert mended.findings == ()
    assert list(_facts(mended)) == expected.facts


def test_the_table_names_every_answer_among_the_outside_files(testdata: Path) -> None:
    answers = {
        path.name
        for path in testdata.iterdir()
        for each in read(path.read_bytes()).interchanges
        if each.envelope.acks or any(s.segments[0].at(1) in ANSWERS_OF_SETS for s in each.sets)
    }

    assert answers == set(EXPECTED)


def _place(words: str) -> tuple[str, int]:
    segment_id, number, _ = words.split()
    return segment_id, int(number)


def _facts(file: File) -> Iterator[str]:
    for one in file.sets:
        if one.kind is SetKind.OTHER:
            yield f"other {one.segments[0].at(1)}"
    for item in file.items:
        yield from _said(item)


def _said(item: Item) -> Iterator[str]:
    match item:
        case InterchangeAck():
            taken = str(item.verdict)
            yield _line(
                "TA1", item.control_number, item.interchange_on, taken, item.code, _at(item)
            )
        case FunctionalAck():
            yield from _functional(item)
        case ClaimAck():
            yield from _claim_ack(item)
        case StatusAnswer():
            yield from _status(item)
        case EligibilityAnswer():
            yield from _eligibility(item)
        case _:
            raise AssertionError(f"{type(item)} is no answer of this table")


def _functional(item: FunctionalAck) -> Iterator[str]:
    counts = f"{item.sets_accepted} of {item.sets_received} of {item.sets_included}"
    yield _line(
        "999", f"group {item.group_control_number}", item.functional_id, item.version,
        str(item.verdict), counts, " ".join(item.codes),
    )  # fmt: skip
    for one in item.sets:
        yield _line(
            f"set {one.control_number}", one.set_id, one.version, str(one.verdict),
            " ".join(one.codes),
        )  # fmt: skip
        for error in one.errors:
            yield _line(
                f"IK3 {error.segment_id} at {error.segment_position} code {error.segment_code}",
                error.loop,
                _named("claim", error.pcn),
                _element(error),
                error.bad_value,
                *_triggers(error),
            )


def _element(error: SetError) -> str:
    if error.element_position is None:
        assert error.code == error.segment_code
        return ""
    place = _joined(error.element_position, error.component_position)
    return f"IK4 {place} element {error.element_reference} code {error.code}"


def _triggers(error: SetError) -> Iterator[str]:
    for one in error.triggers:
        place = _joined(one.element_position, one.component_position)
        where = f"because of {one.segment_id} at {one.segment_position}"
        yield f"{where} place {place}" if place else where


def _joined(*parts: int | None) -> str:
    return ":".join(str(part) for part in parts if part is not None)


def _claim_ack(item: ClaimAck) -> Iterator[str]:
    yield _line(
        "277CA", item.source.value, item.source_name, item.source_id,
        _named("batch", item.batch_reference), _named("received", item.received_on),
        _named("processed", item.processed_on), "whole batch refused" if item.rejects_batch else "",
    )  # fmt: skip
    for level, notes in (
        ("receiver", item.receiver_statuses),
        ("provider", item.provider_statuses),
    ):
        for note in notes:
            yield _line(
                level, _taken(note), note.npi, _codes(note.codes), note.effective_on,
                _dollars(note.charge_cents), _at(note),
            )  # fmt: skip
    for claim in item.claims:
        yield _line(
            f"claim {claim.pcn}", _taken(claim), _codes(claim.codes),
            claim.effective_on, _dollars(claim.charge_cents),
            _named("1K", claim.payer_claim_number), _named("D9", claim.clearinghouse_trace),
            _named("served", claim.service_on), claim.note, _at(claim),
        )  # fmt: skip
        for line in claim.lines:
            yield _line(f"line {line.code}", line.line_control, _codes(line.codes), _at(line))


def _status(item: StatusAnswer) -> Iterator[str]:
    yield _line(
        "277", item.payer_name, item.payer_id, _named("trace", item.trace), _codes(item.codes),
        item.effective_on, _named("charge", _dollars(item.charge_cents)),
        _named("paid", _dollars(item.paid_cents)), _named("adjudicated", item.adjudicated_on),
        _named("check", item.check_number), item.check_on, _named("1K", item.payer_claim_number),
        _named("EJ", item.pcn), _named("D9", item.clearinghouse_trace),
        _named("served", item.service_on), item.note, _at(item),
    )  # fmt: skip
    for line in item.lines:
        yield _line(f"line {line.code}", line.line_control, _codes(line.codes), _at(line))


def _eligibility(item: EligibilityAnswer) -> Iterator[str]:
    active = {True: "active", False: "inactive", None: "not told"}[item.is_active]
    yield _line(
        "271", item.payer_name, item.payer_id, _named("trace", item.trace), active,
        _named("member", item.member_id), _named("group", item.group_number),
        _named("plan", item.plan_name), _named("from", item.begins_on),
        _named("to", item.ends_on), _at(item),
    )  # fmt: skip
    for refused in item.rejections:
        yield _line(
            f"AAA {refused.code} of the {refused.level}, then {refused.follow_up}", _at(refused)
        )
    for benefit in item.benefits:
        yield _benefit(benefit)
    for other in item.other_payers:
        yield _line(f"other payer {other.name}", other.payer_id, other.member_id)


def _benefit(benefit: Benefit) -> str:
    network = {True: "in network", False: "out of network", None: ""}[benefit.is_in_network]
    return _line(
        f"EB {benefit.code}", benefit.coverage_level,
        _named("types", " ".join(benefit.service_types)), benefit.insurance_type,
        _named("plan", benefit.plan_name), _named("period", benefit.period),
        _dollars(benefit.amount_cents), benefit.percent and f"{benefit.percent} of it",
        "needs leave" if benefit.needs_prior_auth else "", network, *benefit.notes, _at(benefit),
    )  # fmt: skip


def _codes(codes: Iterable[StatusCode]) -> str:
    parts = ((c.category, c.status, c.entity or "", c.list_id or "") for c in codes)
    return " ".join(":".join(each).rstrip(":") for each in parts)


def _taken(one: StatusNote | ClaimAckStatus) -> str:
    return "taken" if one.is_accepted else "refused"


def _dollars(cents: int | None) -> str:
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"


def _named(name: str, value: str | dt.date | None) -> str:
    return f"{name} {value}" if value else ""


def _at(one: Placed) -> str:
    return f"@{one.segment}"


def _line(*parts: object) -> str:
    return " | ".join(str(part) for part in parts if part not in (None, ""))
