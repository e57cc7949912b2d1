"""Commands as a person runs them, on a real database that holds the sample practice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

import cli
from casework import demo_practice, registration
from casework.moment import moment
from intake.fhir import read_bundle
from tests.casework import factories
from tests.commands import samples


@dataclass(frozen=True)
class Said:
    """What a command left: its exit status and what it wrote where."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()

    @property
    def complaints(self) -> list[str]:
        return self.err.splitlines()


Run = Callable[..., Said]


@pytest.fixture
def sessions(database_url: str) -> Iterator[sessionmaker[Session]]:
    """Sessions of the owner on the database of this test, in which a practice is laid out."""
    engine = create_engine(database_url)
    made = sessionmaker(engine, expire_on_commit=False)
    with made.begin() as session:
        demo_practice.seed(session)
        factories.stop_clock(session, 0)
    yield made
    engine.dispose()


@pytest.fixture
def run(bare_run: Run, sessions: sessionmaker[Session]) -> Run:
    """Runs `claimflow …` on the database of this test; neither engine nor pages are up."""
    return bare_run


@pytest.fixture
def bare_run(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """The same on a database that holds nothing but its schema."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("CLAIMFLOW_HOME", str(tmp_path / "home"))

    def run_command(*arguments: str | Path) -> Said:
        capsys.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "unexpected error" not in said.err
        return Said(status, said.out, said.err)

    return run_command


@pytest.fixture
def encounter_no(sessions: sessionmaker[Session]) -> str:
    """An encounter that has just been registered."""
    (charted,) = read_bundle(samples.bundles()[0], "one.json").taken
    with sessions.begin() as session:
        made = registration.take_in(session, charted, moment(session))
        assert made is not None
        return made.encounter_no
