"""The plan of kills is drawn from the seed alone, hits everybody named, at every kind of moment."""

import itertools
from collections import Counter

import pytest

from demo.plan_of_kills import EFFECTS_PER_ENCOUNTER, MANNERS, Aim, Kill, plan

NAMED = ("worker", "web", "postgres", "temporal")


def planned(seed: int = 7, names: tuple[str, ...] = NAMED) -> list[Kill]:
    return plan(seed=seed, names=names, encounters=60)


def test_the_same_seed_plans_the_same_kills() -> None:
    assert planned(seed=3) == planned(seed=3)
    assert planned(seed=3) != planned(seed=4)


@pytest.mark.parametrize("seed", range(20))
def test_every_kind_of_moment_and_every_process_named_is_struck(seed: int) -> None:
    kills = planned(seed)

    assert len(kills) >= 20
    assert Counter(kill.aim for kill in kills) == {aim: MANNERS[aim].times for aim in Aim}
    assert set(NAMED) == {kill.process for kill in kills}


@pytest.mark.parametrize("seed", range(20))
def test_a_second_blow_follows_a_first_one(seed: int) -> None:
    aims = [kill.aim for kill in planned(seed)]

    assert aims[0] is not Aim.RECOVERY
    assert (Aim.RECOVERY, Aim.RECOVERY) not in itertools.pairwise(aims)


@pytest.mark.parametrize("seed", range(20))
def test_the_kills_come_in_order_and_before_the_work_is_over(seed: int) -> None:
    moments = [kill.effects for kill in planned(seed) if kill.aim is not Aim.RECOVERY]

    assert moments == sorted(moments)
    assert moments[-1] < 60 * EFFECTS_PER_ENCOUNTER


def test_one_process_alone_may_be_named() -> None:
    assert {kill.process for kill in planned(names=("web",))} == {"web"}


def test_without_names_nothing_is_killed() -> None:
    assert planned(names=()) == []
