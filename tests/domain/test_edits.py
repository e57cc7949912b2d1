"""Each edit finds what it is for, says so in a sentence, and is silent on a clean claim."""

import datetime as dt
from dataclasses import dataclass, field, replace

import pytest

from domain.claim_form import ClaimForm
from domain.edits import (
    EditLine,
    EditRule,
    EditSubject,
    Finding,
    Fix,
    PairLimit,
    PriorPayer,
    Severity,
    UnitLimit,
    run_edits,
)
from domain.medicare import SecondBecause

_SERVICE_ON = dt.date(2026, 2, 3)


@dataclass(frozen=True, kw_only=True)
class SmallBook:
    """A few codes, as the code sets would answer."""

    billable: frozenset[str] = frozenset({"E11.9", "I10", "J06.9", "P07.30", "W19.XXXA", "Z00.00"})
    children: dict[str, tuple[str, ...]] = field(
        default_factory=lambda: {"E11": ("E11.8", "E11.9"), "I9": ("I99.9",)}
    )

    def is_diagnosis_billable(self, code: str, on: dt.date) -> bool:
        return code in self.billable and on < dt.date(2026, 10, 1)

    def diagnosis_children(self, code: str, on: dt.date) -> tuple[str, ...]:
        return self.children.get(code, ()) if on >= dt.date(2015, 10, 1) else ()

    def diagnosis_flags(self, code: str, on: dt.date) -> frozenset[str]:
        flags = {"P07.30": "newborn", "W19.XXXA": "ecodepdx"}
        known = code in flags and on >= dt.date(2015, 10, 1)
        return frozenset({flags[code]}) if known else frozenset()

    def has_procedure_shape(self, code: str) -> bool:
        return len(code) == 5

    def is_modifier_known(self, code: str) -> bool:
        return code in {"25", "59", "76", "LT", "RT"}

    def is_place_known(self, code: str) -> bool:
        return code in {"11", "21", "23"}

    def unit_limit(self, code: str) -> UnitLimit | None:
        limits = {"97110": UnitLimit(max_units=6, is_by_line=False)}
        return limits.get(code)

    def pair_limit(self, column_1: str, column_2: str, on: dt.date) -> PairLimit | None:
        pairs = {
            ("45380", "45378"): PairLimit(may_be_parted=False),
            ("45385", "45380"): PairLimit(may_be_parted=True),
        }
        return pairs.get((column_1, column_2)) if on >= dt.date(2002, 4, 1) else None


_VISIT = EditLine(code="99214", modifiers=(), units=1, pointers=(1,), charge_cents=25600)
_CLEAN = EditSubject(
    today=dt.date(2026, 2, 5),
    service_on=_SERVICE_ON,
    birth_on=dt.date(1980, 5, 1),
    gender="F",
    has_address=True,
    provider_npi="1992000012",
    payer_id="60101",
    payer_takes_frequency_7=True,
    member_id="AH123",
    place_of_service="11",
    diagnoses=("E11.9", "I10"),
    lines=(_VISIT,),
    prior_payers=(),
    timely_filing_on=dt.date(2026, 8, 2),
    frequency="1",
    payer_claim_number=None,
    was_filed_in_time=False,
)


def _run(subject: EditSubject) -> tuple[Finding, ...]:
    return run_edits(subject, SmallBook())


def _line(code: str, **changes: object) -> EditLine:
    return replace(_VISIT, code=code, **changes)  # type: ignore[arg-type]


def _with_lines(*lines: EditLine) -> EditSubject:
    return replace(_CLEAN, lines=lines)


def test_a_clean_claim_has_no_finding() -> None:
    assert _run(_CLEAN) == ()


@pytest.mark.parametrize(
    ("changes", "rule", "severity"),
    [
        ({"member_id": " "}, EditRule.MEMBER_ID_MISSING, Severity.STOP),
        ({"has_address": False}, EditRule.ADDRESS_MISSING, Severity.STOP),
        ({"provider_npi": None}, EditRule.PROVIDER_NPI, Severity.STOP),
        ({"provider_npi": "1992000013"}, EditRule.PROVIDER_NPI, Severity.STOP),
        ({"today": dt.date(2026, 2, 2)}, EditRule.SERVICE_IN_FUTURE, Severity.STOP),
        ({"birth_on": dt.date(2026, 2, 4)}, EditRule.BIRTH_AFTER_SERVICE, Severity.STOP),
        ({"place_of_service": "98"}, EditRule.PLACE_UNKNOWN, Severity.STOP),
        ({"frequency": "9"}, EditRule.FREQUENCY, Severity.STOP),
        ({"frequency": "7"}, EditRule.PAYER_CLAIM_NUMBER_MISSING, Severity.STOP),
        ({"frequency": "8"}, EditRule.PAYER_CLAIM_NUMBER_MISSING, Severity.STOP),
        ({"lines": ()}, EditRule.LINE_MISSING, Severity.STOP),
        ({"is_medicare_second": True}, EditRule.MEDICARE_SECOND_UNTOLD, Severity.STOP),
        (
            {"is_medicare_second": True, "second_because": SecondBecause.WORKING_AGED},
            EditRule.MEDICARE_SECOND_AGE,
            Severity.WARN,
        ),
        ({"diagnoses": ("E11.9", "XXX")}, EditRule.DIAGNOSIS_INVALID, Severity.STOP),
        ({"diagnoses": ("E11.9", "E11")}, EditRule.DIAGNOSIS_HEADER, Severity.STOP),
        ({"diagnoses": ("E11.9", "E11.9")}, EditRule.DIAGNOSIS_TWICE, Severity.WARN),
        ({"diagnoses": ("E11.9",) * 13}, EditRule.DIAGNOSES_TOO_MANY, Severity.STOP),
        ({"diagnoses": ("P07.30",)}, EditRule.DIAGNOSIS_AGE, Severity.WARN),
        ({"diagnoses": ("W19.XXXA",)}, EditRule.DIAGNOSIS_NOT_FIRST, Severity.WARN),
    ],
)
def test_one_fault_of_the_claim_is_found_by_its_rule(
    changes: dict[str, object], rule: EditRule, severity: Severity
) -> None:
    findings = _run(replace(_CLEAN, **changes))  # type: ignore[arg-type]

    assert (rule, severity) in {(found.rule, found.severity) for found in findings}


@pytest.mark.parametrize(
    ("line", "rule", "severity"),
    [
        (_line("9921"), EditRule.PROCEDURE_SHAPE, Severity.STOP),
        (_line("99214", modifiers=("2",)), EditRule.MODIFIER_SHAPE, Severity.STOP),
        (_line("99214", modifiers=("ZZ",)), EditRule.MODIFIER_UNKNOWN, Severity.WARN),
        (_line("99214", pointers=()), EditRule.POINTER_RANGE, Severity.STOP),
        (_line("99214", pointers=(3,)), EditRule.POINTER_RANGE, Severity.STOP),
        (_line("99214", charge_cents=0), EditRule.CHARGE_MISSING, Severity.STOP),
        (_line("99214", units=0), EditRule.UNITS_INVALID, Severity.STOP),
        (_line("97110", units=7), EditRule.UNITS_ABOVE_LIMIT, Severity.STOP),
    ],
)
def test_one_fault_of_a_line_is_the_only_finding_and_names_the_line(
    line: EditLine, rule: EditRule, severity: Severity
) -> None:
    findings = _run(_with_lines(line))

    assert [(found.rule, found.severity) for found in findings] == [(rule, severity)]
    assert findings[0].place == "line 1"


def test_every_finding_is_a_sentence() -> None:
    subject = replace(
        _CLEAN, member_id="", provider_npi=None, diagnoses=(), lines=(), frequency="9"
    )

    findings = _run(subject)

    assert len(findings) == 5
    assert all(found.words.endswith(".") and found.words[0].isupper() for found in findings)


def test_a_claim_without_a_diagnosis_waits_for_a_coder() -> None:
    findings = _run(replace(_CLEAN, diagnoses=()))

    assert EditRule.DIAGNOSIS_MISSING in {found.rule for found in findings}
    assert Severity.STOP in {found.severity for found in findings}


def test_a_header_lists_its_children_and_fills_none_in() -> None:
    (finding,) = _run(replace(_CLEAN, diagnoses=("E11",)))

    assert "E11.8, E11.9" in finding.words
    assert finding.choices == ("E11.8", "E11.9")
    assert finding.fix is None


def test_a_header_with_a_single_child_offers_it() -> None:
    (finding,) = _run(replace(_CLEAN, diagnoses=("I9",)))

    assert finding.fix == Fix(field="diagnoses.0", value="I99.9")


def test_a_code_is_judged_by_the_date_of_service_not_by_today() -> None:
    subject = replace(_CLEAN, today=dt.date(2026, 7, 1), service_on=dt.date(2026, 6, 30))

    assert _run(subject) == ()


@pytest.mark.parametrize(
    ("today", "rule"),
    [
        (dt.date(2026, 7, 17), None),
        (dt.date(2026, 7, 18), EditRule.FILING_LIMIT_NEAR),
        (dt.date(2026, 8, 2), EditRule.FILING_LIMIT_NEAR),
        (dt.date(2026, 8, 3), EditRule.FILED_LATE),
    ],
)
def test_the_filing_limit_warns_fifteen_days_before_and_stops_after_its_last_day(
    today: dt.date, rule: EditRule | None
) -> None:
    findings = _run(replace(_CLEAN, today=today))

    assert [found.rule for found in findings] == ([rule] if rule else [])


def test_a_replacement_of_a_claim_filed_in_time_is_not_late() -> None:
    subject = replace(
        _CLEAN,
        today=dt.date(2026, 12, 1),
        frequency="7",
        payer_claim_number="ICN1",
        was_filed_in_time=True,
    )

    assert _run(subject) == ()


def test_a_payer_without_replacements_is_sent_a_new_claim() -> None:
    subject = replace(
        _CLEAN, frequency="7", payer_claim_number="ICN1", payer_takes_frequency_7=False
    )

    (finding,) = _run(subject)

    assert finding.rule is EditRule.FREQUENCY
    assert finding.fix == Fix(field="frequency", value="1")


def test_late_charges_alone_are_a_facilitys() -> None:
    (finding,) = _run(replace(_CLEAN, frequency="5"))

    assert finding.rule is EditRule.FREQUENCY
    assert finding.fix == Fix(field="frequency", value="1")
    assert _run(replace(_CLEAN, frequency="5", form=ClaimForm.INSTITUTIONAL)) == ()


def test_a_secondary_claim_waits_for_the_primary_payers_answer() -> None:
    waiting = PriorPayer(payer_id="60103", has_answered=False)
    answered = PriorPayer(payer_id="60103", has_answered=True)

    assert [found.rule for found in _run(replace(_CLEAN, prior_payers=(waiting,)))] == [
        EditRule.PRIOR_PAYER_UNANSWERED
    ]
    assert _run(replace(_CLEAN, prior_payers=(answered,))) == ()


def test_a_bad_pointer_keeps_the_good_ones_in_its_fix() -> None:
    (finding,) = _run(_with_lines(_line("99214", pointers=(2, 5))))

    assert finding.fix == Fix(field="lines.0.pointers", value="2")


def test_a_bad_pointer_is_cured_where_there_is_one_diagnosis_and_not_guessed_where_two() -> None:
    line = _line("99214", pointers=(5,))

    (one,) = _run(replace(_with_lines(line), diagnoses=("E11.9",)))
    (two,) = _run(_with_lines(line))

    assert one.fix == Fix(field="lines.0.pointers", value="1")
    assert two.fix is None


def test_units_of_one_day_are_counted_over_all_lines_of_the_code() -> None:
    first = _line("97110", units=4)
    second = _line("97110", units=4, modifiers=("59",))

    (finding,) = _run(_with_lines(first, second))

    assert finding.rule is EditRule.UNITS_ABOVE_LIMIT
    assert "8 units; at most 6" in finding.words
    assert finding.fix is None


def test_too_many_units_on_a_single_line_offer_the_limit() -> None:
    (finding,) = _run(_with_lines(_line("97110", units=7)))

    assert finding.fix == Fix(field="lines.0.units", value="6")


def test_a_pair_that_nothing_parts_is_found_despite_a_modifier() -> None:
    (finding,) = _run(_with_lines(_line("45378", modifiers=("59",)), _line("45380")))

    assert (finding.rule, finding.place) == (EditRule.PAIR_BUNDLED, "line 1")
    assert finding.fix == Fix(field="lines.0.remove", value="yes")


def test_a_pair_that_a_modifier_parts_is_found_only_without_one() -> None:
    bare = _run(_with_lines(_line("45385"), _line("45380")))
    parted = _run(_with_lines(_line("45385"), _line("45380", modifiers=("59",))))

    assert [(found.rule, found.fix) for found in bare] == [(EditRule.PAIR_BUNDLED, None)]
    assert parted == ()


def test_oximetry_beside_a_visit_is_only_a_warning() -> None:
    findings = _run(_with_lines(_VISIT, _line("94760")))

    assert [(found.rule, found.severity) for found in findings] == [
        (EditRule.OXIMETRY_WITH_VISIT, Severity.WARN)
    ]
    assert _run(_with_lines(_line("94760"))) == ()


def test_a_line_twice_is_stopped_unless_a_modifier_tells_them_apart() -> None:
    repeated = _line("71046", modifiers=("76",))
    left, right = _line("73030", modifiers=("LT",)), _line("73030", modifiers=("RT",))

    twice = _run(_with_lines(_line("71046"), _line("71046")))

    assert [(found.rule, found.place) for found in twice] == [(EditRule.LINE_TWICE, "line 2")]
    assert _run(_with_lines(_line("71046"), repeated)) == ()
    assert _run(_with_lines(left, right)) == ()


def test_stops_come_before_warnings() -> None:
    subject = replace(_CLEAN, diagnoses=("W19.XXXA",), lines=(_line("99214", charge_cents=0),))

    findings = _run(subject)

    assert [found.severity for found in findings] == [Severity.STOP, Severity.WARN]


def test_warnings_alone_do_not_stop_a_claim() -> None:
    (finding,) = _run(replace(_CLEAN, diagnoses=("W19.XXXA",)))

    assert finding.severity is Severity.WARN
