"""One practice for the tests of a module: what each of them changes is compared, not assumed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

import cli
from casework import demo_practice, registration
from casework.moment import moment
from db import engine as database
from tests.casework import factories
from tests.commands.conftest import Run, Said
from tests.web.site import Browser, charted, people
from web.app import create_app
from web.settings import WebSettings


@pytest.fixture(scope="module")
def owner(module_database_url: str) -> Iterator[Engine]:
    """The owner's way to a practice with its people and one visit, all committed."""
    engine = create_engine(module_database_url)
    with Session(engine) as session, session.begin():
        demo_practice.seed(session)
        people(session)
        factories.stop_clock(session, 0)
        now = moment(session)
        registration.take_in(session, charted(now.today), now)
    yield engine
    engine.dispose()


@pytest.fixture
def run(
    owner: Engine,
    module_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Run:
    """Runs `claimflow …` on the practice; neither engine nor pages are up."""
    monkeypatch.setenv("DATABASE_URL", module_database_url)
    monkeypatch.setenv("CLAIMFLOW_HOME", str(tmp_path / "home"))

    def run_command(*arguments: str | Path) -> Said:
        capsys.readouterr()
        status = cli.run([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Said(status, said.out, said.err)

    return run_command


class Door:
    """Where somebody comes to the practice's pages, with or without a password."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def stranger(self) -> Browser:
        return Browser(self._app.test_client())

    def let_in(self, name: str) -> Browser:
        browser = self.stranger()
        assert browser.sign_in(name).status_code == 303
        return browser


@pytest.fixture
def door(owner: Engine, module_database_url: str) -> Iterator[Door]:
    """The pages over the committed practice, under the role of the web process."""
    engine = database.connect(module_database_url, "claimflow_web")
    settings = WebSettings(database_url=module_database_url, secret_key="a key of tests")
    yield Door(create_app(settings, database.sessions(engine)))
    engine.dispose()
