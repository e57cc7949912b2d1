"""Whatever is killed and whenever: the same money, each claim received once, each line once."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from demo.plan_of_kills import Aim

pytestmark = pytest.mark.system

CHECKOUT = Path(__file__).parents[2]
Json = dict[str, Any]
# Few enough for two runs in two minutes, enough for kills of every kind to meet work.
ENCOUNTERS, SEED = 8, 5
LIMIT_SECONDS = 240
FAULTS = ("--kill", "worker,web,postgres,temporal", "--lose-engine")


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    made.chmod(0o711)
    yield made
    shutil.rmtree(made, ignore_errors=True)


def start(folder: Path, name: str, *options: str) -> "subprocess.Popen[str]":
    world = ("--encounters", str(ENCOUNTERS), "--seed", str(SEED), "--speed", "5")
    unattended = ("--staff", "auto", "--exit", "--limit", str(LIMIT_SECONDS))
    places = ("--home", str(folder / name), "--json", str(folder / f"{name}.json"))
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "cli", "demo", *world, *unattended, *places, *options],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(folder: Path, name: str, run: "subprocess.Popen[str]") -> Json:
    said, _ = run.communicate(timeout=LIMIT_SECONDS + 40)
    assert run.returncode == 0, said
    report: Json = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    return report


@pytest.fixture(scope="module")
def reports(folder: Path) -> tuple[Json, Json]:
    """The same world twice at the same time: calm, and with every fault there is."""
    runs = {"calm": start(folder, "calm"), "faulty": start(folder, "faulty", *FAULTS)}
    try:
        calm, faulty = (finished(folder, name, run) for name, run in runs.items())
    finally:
        for run in runs.values():
            run.kill()
    return calm, faulty


@pytest.mark.timeout(LIMIT_SECONDS + 60)
def test_faults_do_not_change_the_money(reports: tuple[Json, Json]) -> None:
    calm, faulty = reports

    assert faulty["money"] == calm["money"]
    assert faulty["claims"] == calm["claims"]
    assert faulty["closed"] == calm["closed"] == ENCOUNTERS


def test_each_claim_is_received_once_and_each_line_posted_once(
    reports: tuple[Json, Json],
) -> None:
    _, faulty = reports

    assert faulty["oracle"] == {"agrees": True, "differences": []}
    assert faulty["verify"] == {"ok": True, "findings": []}


def test_processes_were_killed_at_every_kind_of_moment(reports: tuple[Json, Json]) -> None:
    faults = [fault for fault in reports[1]["faults"] if "at_seconds" in fault]
    aims = Counter(fault["aimed_at"] for fault in faults)

    assert len(faults) >= 20
    assert all(aims[aim] >= 1 for aim in Aim)
    assert {fault["process"] for fault in faults} == {"worker", "web", "postgres", "temporal"}
    assert all(fault["recovered_seconds"] is not None for fault in faults)


def test_work_was_in_flight_when_the_blows_came(reports: tuple[Json, Json]) -> None:
    faults = reports[1]["faults"]

    assert any(fault["in_flight"]["unposted"] for fault in faults)
    assert any(fault["in_flight"]["outbox"] for fault in faults)
    assert any(fault["in_flight"]["transactions"] for fault in faults)


def test_the_engine_was_lost_once(reports: tuple[Json, Json]) -> None:
    losses = [fault for fault in reports[1]["faults"] if "deleted" in fault["aimed_at"]]

    assert len(losses) == 1
    assert losses[0]["recovered_seconds"] is not None


def test_the_plan_lies_in_the_home_before_the_first_blow(
    folder: Path, reports: tuple[Json, Json]
) -> None:
    kept = json.loads((folder / "faulty" / "faults.json").read_text(encoding="utf-8"))

    assert [one["planned"] for one in kept] == [one["planned"] for one in reports[1]["faults"]]
