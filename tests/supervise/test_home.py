"""One supervisor a home; ports stay the same while they are free."""

import socket
from pathlib import Path

import pytest

from supervise.errors import AlreadyRunning, StartFailed
from supervise.home import choose_port, free_port, listen_on, lock_home, open_home


def test_a_home_lets_one_supervisor_in(tmp_path: Path) -> None:
    words = r"already running on .*, pid \d+"

    with lock_home(tmp_path), pytest.raises(AlreadyRunning, match=words), lock_home(tmp_path):
        pass


def test_a_left_home_lets_the_next_one_in(tmp_path: Path) -> None:
    with lock_home(tmp_path):
        pass

    with lock_home(tmp_path):
        assert (tmp_path / "lock").exists()


def test_a_port_is_kept_over_restarts(tmp_path: Path) -> None:
    assert choose_port(tmp_path, "web") == choose_port(tmp_path, "web")


def test_a_port_that_somebody_took_is_replaced(tmp_path: Path) -> None:
    port = choose_port(tmp_path, "web")
    with socket.create_server(("127.0.0.1", port)):
        assert choose_port(tmp_path, "web") != port


def test_a_spoilt_port_file_costs_only_the_old_ports(tmp_path: Path) -> None:
    (tmp_path / "ports.json").write_text("{", encoding="utf-8")

    assert choose_port(tmp_path, "web") > 0


def test_a_port_that_is_taken_is_said_in_words(tmp_path: Path) -> None:
    port = free_port()
    words = f"Port {port} .* choose another with --port"

    with socket.create_server(("127.0.0.1", port)), pytest.raises(StartFailed, match=words):
        listen_on(port)


def test_a_home_that_cannot_be_made_is_said_in_words(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StartFailed, match="cannot be made"):
        open_home(tmp_path / "file" / "home")
