"""271 -> EligibilityAnswer: whether the person is covered, as far as the payer said it."""

import datetime as dt
from collections.abc import Sequence

from domain.eligibility import Benefit, EligibilityAnswer, EligibilityRejection, OtherCoverage
from edi.ack_words import told
from edi.answer_words import BENEFITS, REJECTIONS
from edi.errors import element_name
from edi.reading import Gather
from edi.segments import Segment, each, first, loops

_ACTIVE, _INACTIVE = frozenset("12345"), frozenset("678")
_WHOLE_PLAN = "30"
_OTHER_PAYER = "R"
_LEVELS = {"20": "payer", "21": "provider", "22": "subscriber", "23": "dependent"}
# Plan, eligibility and their beginnings and ends, the most telling first.
_BEGINS, _ENDS = ("346", "356", "291", "307"), ("347", "357", "291", "307")


def decode(body: Sequence[Segment], gather: Gather) -> tuple[EligibilityAnswer, ...]:
    """One per person asked about; one without trace when payer or provider were refused above."""
    _, levels = loops(body, ("HL",))
    answers: list[EligibilityAnswer] = []
    path: dict[str, list[Segment]] = {}
    for place, level in enumerate(levels, 1):
        code = level[0].at(3)
        path = {above: kept for above, kept in path.items() if above < code} | {code: level}
        is_last = place == len(levels) or levels[place][0].at(3) <= code
        if first(level, "TRN") or first(level, "EB") or (is_last and first(level, "AAA")):
            answers.append(_answer(path, level, gather))
    if not answers and body:
        gather.mind(body[0], "No level below here says anything of anybody's coverage.")
    return tuple(answers)


def _answer(
    path: dict[str, list[Segment]], level: Sequence[Segment], gather: Gather
) -> EligibilityAnswer:
    head, _ = loops(level, ("EB",))
    payer = first(path.get("20", []), "NM1")
    member = first(path.get("22", []), "NM1", "IL")
    benefits = _benefits(level, gather)
    trace = first(level, "TRN", "2") or first(path.get("22", []), "TRN", "2")
    return EligibilityAnswer(
        trace=trace.at(2) if trace else None,
        is_active=_is_active(benefits),
        payer_name=payer.at(3) if payer else "",
        payer_id=payer.at(9) if payer else "",
        member_id=(member.at(9) or None) if member else None,
        group_number=_group_number(path),
        plan_name=next((each.plan_name for each in benefits if each.plan_name), None),
        begins_on=_date(head, _BEGINS, 0, gather),
        ends_on=_date(head, _ENDS, 1, gather),
        benefits=benefits,
        rejections=_rejections(path),
        other_payers=tuple(_other_payers(level)),
        segment=level[0].number,
    )


def _is_active(benefits: Sequence[Benefit]) -> bool | None:
    """What is said of the whole plan rules; a line about one kind of service only where alone."""
    told_of = [each for each in benefits if each.code in _ACTIVE | _INACTIVE]
    whole = [
        each for each in told_of if not each.service_types or _WHOLE_PLAN in each.service_types
    ]
    ruling = whole or told_of
    if not ruling:
        return None
    return any(each.code in _ACTIVE for each in ruling)


def _benefits(level: Sequence[Segment], gather: Gather) -> tuple[Benefit, ...]:
    _, groups = loops(level, ("EB",))
    return tuple(_benefit(group, gather) for group in groups)


def _benefit(group: Sequence[Segment], gather: Gather) -> Benefit:
    segment, aside = group[0], gather.aside
    amount_cents = aside.cents_if_any(segment, 7)
    percent = aside.number_if_any(segment, 8)
    quantity = aside.number_if_any(segment, 10)
    numbers = {7: amount_cents, 8: percent, 10: quantity}
    return Benefit(
        code=gather.text(segment, 1),
        words=told(BENEFITS, segment.at(1)),
        coverage_level=segment.at(2) or None,
        service_types=segment.repeats(3),
        insurance_type=segment.at(4) or None,
        plan_name=segment.at(5) or None,
        period=segment.at(6) or None,
        amount_cents=amount_cents,
        percent=percent,
        quantity=quantity,
        needs_prior_auth=_yes_or_no(segment.at(11)),
        is_in_network=_yes_or_no(segment.at(12)),
        procedure_code=segment.part(13, 2) or None,
        notes=(
            *(note.at(1) for note in each(group, "MSG")),
            *(
                _as_sent(segment, place)
                for place, read in numbers.items()
                if segment.at(place) and read is None
            ),
        ),
        segment=segment.number,
    )


def _as_sent(segment: Segment, place: int) -> str:
    return f"{element_name(segment, place)} says {segment.at(place)!r}."


def _yes_or_no(code: str) -> bool | None:
    """U (unknown) and W (applies to both) answer neither."""
    return {"Y": True, "N": False}.get(code)


def _rejections(path: dict[str, list[Segment]]) -> tuple[EligibilityRejection, ...]:
    return tuple(
        EligibilityRejection(
            level=_LEVELS.get(code, "request"),
            code=segment.at(3),
            words=told(REJECTIONS, segment.at(3)),
            follow_up=segment.at(4) or None,
            segment=segment.number,
        )
        for code, level in path.items()
        for segment in each(level, "AAA")
    )


def _other_payers(level: Sequence[Segment]) -> list[OtherCoverage]:
    _, groups = loops(level, ("EB",))
    return [
        OtherCoverage(name=name.at(3), payer_id=name.at(9) or None, member_id=_member_of(group))
        for group in groups
        if group[0].at(1) == _OTHER_PAYER
        for name in each(group, "NM1")
        if name.at(1) in ("PRP", "SEP", "TTP", "PR")
    ]


def _member_of(group: Sequence[Segment]) -> str | None:
    found = first(group, "REF", "1W")
    return (found.at(2) or None) if found else None


def _group_number(path: dict[str, list[Segment]]) -> str | None:
    for level in reversed(path.values()):
        found = first(level, "REF", "6P")
        if found:
            return found.at(2) or None
    return None


def _date(
    head: Sequence[Segment], qualifiers: Sequence[str], end: int, gather: Gather
) -> dt.date | None:
    """The first of these dates that was sent. An end is told only by a span, or by its own code."""
    for qualifier in qualifiers:
        found = first(head, "DTP", qualifier)
        if found and (end == 0 or qualifier in ("347", "357") or found.at(2) == "RD8"):
            return gather.aside.span(found)[end]
    return None
