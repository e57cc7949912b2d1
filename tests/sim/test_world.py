"""The world is fixed by its seed, and holds every kind of trouble in every run."""

import datetime as dt
import json
from collections import Counter

import pytest

from sim import ehr
from sim.adjudication import denial_of, expected_cents
from sim.invention import make_world
from sim.outcomes import DENIALS, Outcome, pinned
from sim.payers import PAYERS, finding_words, procedure_words
from sim.script import DECK, FLAWS
from sim.stays import CODES
from sim.world import World

START = dt.date(2026, 1, 5)


def world_of(seed: int, encounters: int, start_on: dt.date = START) -> World:
    return make_world(seed=seed, encounters=encounters, start_on=start_on, arrive_over_days=20)


def outcomes_of(world: World) -> Counter[Outcome]:
    return Counter(plan.outcome for one in world.encounters for plan in one.plans.values())


def test_the_same_seed_makes_the_same_world() -> None:
    first, second = world_of(7, 60), world_of(7, 60)

    assert first.encounters == second.encounters


def test_another_seed_makes_another_world() -> None:
    assert world_of(7, 60).encounters != world_of(8, 60).encounters


def test_the_start_day_moves_dates_and_no_money() -> None:
    first, second = world_of(7, 60), world_of(7, 60, dt.date(2025, 7, 1))

    assert expected_cents(first) == expected_cents(second)
    assert [one.plans for one in first.encounters] == [one.plans for one in second.encounters]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_three_hundred_encounters_hold_every_kind(seed: int) -> None:
    world = world_of(seed, 300)

    outcomes = outcomes_of(world)

    assert set(outcomes) >= set(DECK)
    denied = sum(count for outcome, count in outcomes.items() if outcome in DENIALS)
    partly = sum(
        count
        for outcome, count in outcomes.items()
        if outcome in DENIALS and not DENIALS[outcome].whole_claim
    )
    claims = outcomes.total()
    assert outcomes[Outcome.REJECT] / claims >= 0.02
    assert denied / claims >= 0.08
    assert partly / claims >= 0.03
    assert outcomes[Outcome.REVERSED] + outcomes[Outcome.TAKEBACK] >= 3
    assert outcomes[Outcome.INTEREST] >= 3


@pytest.mark.parametrize("seed", [7, 8, 9, 10, 11])
def test_sixty_encounters_hold_each_main_kind_once(seed: int) -> None:
    world = world_of(seed, 60)

    outcomes = outcomes_of(world)

    main = {outcome for outcome, (_, least) in DECK.items() if least}
    assert main <= set(outcomes)
    assert {one.flaw for one in world.encounters} == {"", *FLAWS}


def test_coverage_is_shared_out_as_promised() -> None:
    world = world_of(3, 300)

    people = {one.patient.mrn: one.patient for one in world.encounters}
    doubles = sum(len(one.covers) == 2 for one in people.values()) / len(people)
    none = sum(not one.covers for one in people.values()) / len(people)
    assert doubles == pytest.approx(0.35, abs=0.02)
    assert none == pytest.approx(0.05, abs=0.02)
    assert any(cover.subscriber for one in people.values() for cover in one.covers)


def test_a_member_and_a_day_name_one_encounter() -> None:
    world = world_of(4, 300)

    covered = sum(len(one.patient.covers) for one in world.encounters)

    assert len(world.by_member_and_day) == covered


def test_nobody_arrives_on_a_weekend() -> None:
    assert all(one.arrives_on.weekday() < 5 for one in world_of(4, 100).encounters)


def test_codes_are_distinct_within_an_encounter() -> None:
    for one in world_of(5, 300).encounters:
        codes = [service.code for service in one.services]
        assert len(codes) == len(set(codes))


def test_no_invented_member_id_pins_an_outcome() -> None:
    for one in world_of(5, 300).encounters:
        assert not any(pinned(cover.member_id) for cover in one.patient.covers)


def test_a_member_id_pins_the_longest_outcome_it_begins_with() -> None:
    assert pinned("DENY50L2-001") is Outcome.DENY50L2
    assert pinned("DENY50X") is Outcome.DENY50
    assert pinned("REJECT1") is Outcome.REJECT
    assert pinned("AH1") is None


def test_a_line_denial_leaves_another_line_paid() -> None:
    world = world_of(6, 300)
    for one in world.encounters:
        services = [
            service
            for each in world.encounters
            if each is one or (each.stay and each.stay == one.stay)
            for service in each.services
        ]
        for plan in one.plans.values():
            if plan.outcome in DENIALS and not DENIALS[plan.outcome].whole_claim:
                hit = [s for s in services if denial_of(plan, s.code)]
                assert len(hit) == 1 < len(services)


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5, 7])
def test_a_small_world_has_a_stay_of_three_days_that_its_payer_knows_as_one(seed: int) -> None:
    world = world_of(seed, 60)

    days = sorted((one for one in world.encounters if one.stay), key=lambda one: one.service_on)

    member = days[0].patient.covers[0].member_id
    assert [one.services[0].code for one in days] == list(CODES)
    assert [one.is_discharge for one in days] == [False, False, True]
    assert {one.patient.mrn for one in days} == {days[0].patient.mrn}
    assert {world.by_member_and_day[member, one.service_on].key for one in days} == {days[0].key}


def test_a_note_holds_the_findings_and_services_in_the_words_of_the_tables() -> None:
    encounter = next(one for one in world_of(7, 60).encounters if not one.flaw)

    note = ehr.note_text(encounter)

    sections = [note.index(word) for word in ("SUBJECTIVE", "ASSESSMENT", "SERVICES")]
    assert sections == sorted(sections)
    for code in encounter.findings:
        assert finding_words()[code].lower() in note[sections[1] :].lower()
    for service in encounter.services:
        assert procedure_words()[service.code] in note[sections[2] :]


def test_what_is_denied_or_past_stays_out_of_the_assessment() -> None:
    world = world_of(7, 60)

    distracted = [one for one in world.encounters if one.distractors]

    assert distracted
    for one in distracted:
        note = ehr.note_text(one)
        assert all(note.index(line) < note.index("ASSESSMENT") for line in one.distractors)


def test_bundles_are_the_same_bytes_and_name_known_payers() -> None:
    world = world_of(7, 60)

    for one in world.encounters:
        body = ehr.bundle_bytes(one)
        bundle = json.loads(body)
        assert ehr.bundle_bytes(one) == body
        payers = [
            entry["resource"]["identifier"][0]["value"]
            for entry in bundle["entry"]
            if entry["resource"]["resourceType"] == "Organization"
        ]
        assert set(payers) <= {*PAYERS, "60199"}


def test_a_chart_without_codes_brings_none() -> None:
    world = world_of(7, 60)

    plain = next(one for one in world.encounters if not one.comes_coded)
    coded = next(one for one in world.encounters if one.comes_coded)

    assert b"ChargeItem" not in ehr.bundle_bytes(plain)
    assert b"ChargeItem" in ehr.bundle_bytes(coded)
