"""The same scenarios beside a system that is up: its own engine and worker do what is waited for,
and every 835 goes in by `claimflow inbox --wait` as a process of its own.
"""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from settings import load_settings
from tests.scenarios import commandline, practice
from tests.scenarios.engine import DAY_ZERO
from tests.scenarios.judging import Scenario, judge, scenarios
from tests.scenarios.play import Play
from tests.scenarios.proofs import PROOFS
from tests.scenarios.running import RunningEngine
from tests.scenarios.test_golden import TESTDATA

pytestmark = [pytest.mark.system, pytest.mark.timeout(600)]

# A payment with a copay, a denial appealed and won, a second payer after the first.
GOLDEN = ("S01", "S17", "S06")
# A visit of a hospital's department paid on both of its claims, and a charge found late.
OWN = ("O12", "O14")
FILES = {TESTDATA / "scenarios.yaml": GOLDEN, Path(__file__).with_name("own.yaml"): OWN}


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home on which `claimflow up` runs: database, engine, worker, dispatch and pages."""
    folder = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    folder.chmod(0o711)
    said = tmp_path / "up.log"
    with said.open("w") as errors:
        up = subprocess.Popen(
            [sys.executable, "-m", "cli", "up", "--home", str(folder)],
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=commandline.CHECKOUT,
        )
    try:
        assert up.stdout is not None
        is_ready = up.stdout.readline().startswith("Claimflow is ready: ")
        assert is_ready, said.read_text()
        yield folder
        up.send_signal(signal.SIGINT)
        assert up.wait(90) == 0
    finally:
        up.kill()
        up.communicate(timeout=20)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    "scenario",
    [
        one
        for file, played in FILES.items()
        for one in scenarios(file)
        if one.id in played or one.id == "scenarios"
    ],
)
def test_a_running_system_ends_with_the_same_balances_and_keeps_every_promise(
    scenario: Scenario, home: Path, tmp_path: Path
) -> None:
    engine = create_engine(load_settings(home).database_url)
    with Session(engine) as session:
        play = _begin(scenario, session, home, tmp_path)

        judge(play, scenario)

        if prove := PROOFS.get(scenario["id"]):
            prove(play)
    engine.dispose()

    verified = commandline.verify(home)
    assert verified.returncode == 0, verified.stdout


def _begin(scenario: Scenario, session: Session, home: Path, folder: Path) -> Play:
    people = practice.lay(session, scenario)
    clock = RunningEngine(session=session)
    clock.set_clock(DAY_ZERO)
    return Play(
        session=session,
        people=people,
        engine=clock,
        inbox=commandline.beside_a_system(home),
        folder=folder,
        acknowledges=not practice.is_acknowledged_by_hand(scenario),
    )
