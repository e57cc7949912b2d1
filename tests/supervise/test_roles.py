"""The processes of a machine start in the order in which they need each other."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
from supervise.child import Process
from supervise.home import free_port, listen_on
from supervise.postgres import EmbeddedPostgres
from supervise.roles import DEMO, Parts, processes
from supervise.temporal import DevServer


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with listen_on(free_port()) as listener:
        yield listener


def made(home: Path, listener: socket.socket, *names: str, **arguments: list[str]) -> list[Process]:
    parts = Parts(
        home=home,
        postgres=EmbeddedPostgres(home=home),
        temporal=DevServer(folder=home / "temporal", port=7233),
        before_engine=lambda: None,
        listener=listener,
        names=names,
        arguments=arguments,
    )
    return processes(parts)


def test_the_schema_is_upgraded_before_anybody_works(
    tmp_path: Path, listener: socket.socket
) -> None:
    names = [process.name for process in made(tmp_path, listener, *DEMO)]

    assert names == ["postgres", "db", "temporal", "worker", "web", "dispatch", "sim"]


def test_the_order_does_not_depend_on_how_the_names_are_given(
    tmp_path: Path, listener: socket.socket
) -> None:
    names = [process.name for process in made(tmp_path, listener, *reversed(DEMO))]

    assert names == ["postgres", "db", "temporal", "worker", "web", "dispatch", "sim"]


def test_each_process_of_ours_is_a_command_that_exists(
    tmp_path: Path, listener: socket.socket
) -> None:
    ours = made(tmp_path, listener, *DEMO, "staff")[3:]

    for process in ours:
        command = process.command()
        verb = command[command.index("cli") + 1]
        assert verb in cli.claimflow.commands
        assert command[command.index("--home") + 1] == str(tmp_path)


def test_the_pages_are_given_the_socket(tmp_path: Path, listener: socket.socket) -> None:
    [web] = [process for process in made(tmp_path, listener, *DEMO) if process.name == "web"]

    assert web.file_descriptors == (listener.fileno(),)
    assert web.command()[-2:] == ["--fd", str(listener.fileno())]


def test_a_process_that_was_ready_once_is_not_ready_before_it_says_so_again(
    tmp_path: Path, listener: socket.socket
) -> None:
    [worker] = [process for process in made(tmp_path, listener, *DEMO) if process.name == "worker"]
    ready = tmp_path / "run" / "worker.ready"
    ready.parent.mkdir()
    ready.touch()
    assert worker.is_ready()

    worker.before_start()

    assert not worker.is_ready()


def test_pages_that_nobody_serves_are_not_ready(tmp_path: Path, listener: socket.socket) -> None:
    [web] = [process for process in made(tmp_path, listener, *DEMO) if process.name == "web"]

    assert not web.is_ready()


def test_what_a_process_is_told_beside_its_home_is_passed_on(
    tmp_path: Path, listener: socket.socket
) -> None:
    [sim] = [p for p in made(tmp_path, listener, *DEMO, sim=["--seed", "7"]) if p.name == "sim"]

    assert sim.command()[-2:] == ["--seed", "7"]


def test_the_staff_are_told_where_the_pages_are(tmp_path: Path, listener: socket.socket) -> None:
    [staff] = [p for p in made(tmp_path, listener, "web", "staff") if p.name == "staff"]

    port = listener.getsockname()[1]
    assert staff.command()[-2:] == ["--url", f"http://127.0.0.1:{port}"]
