"""The log is one, readable, and survives its screen."""

import io
import sys
from pathlib import Path

import pytest

from supervise import log as log_module
from supervise.log import Log


def test_each_line_bears_its_process_name(tmp_path: Path) -> None:
    log = Log(tmp_path, screen=False)

    log.pump("worker", io.BytesIO(b"polling\nidle\n"))

    lines = log.path.read_text(encoding="utf-8").splitlines()
    assert [line[13:] for line in lines] == ["worker    | polling", "worker    | idle"]
    log.close()


def test_bytes_that_are_no_text_do_not_stop_the_log(tmp_path: Path) -> None:
    log = Log(tmp_path, screen=False)

    log.pump("web", io.BytesIO(b"\xff\xfe caf\n"))

    assert "caf" in log.tail("web")[0]
    log.close()


def test_a_closed_terminal_leaves_the_file_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Gone(io.StringIO):
        def write(self, _text: str) -> int:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(sys, "stderr", Gone())
    log = Log(tmp_path, screen=True)

    log.line("up", "one")
    log.line("up", "two")

    assert log.tail("up") == ["one", "two"]
    assert log.path.read_text(encoding="utf-8").count("\n") == 2
    log.close()


def test_the_file_is_turned_over_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_module, "FILE_BYTES_MAX", 50)
    log = Log(tmp_path, screen=False)

    log.line("up", "x" * 60)
    log.line("up", "next")

    assert "next" in log.path.read_text(encoding="utf-8")
    assert "xxx" in (tmp_path / "claimflow.log.1").read_text(encoding="utf-8")
    log.close()


def test_only_the_owner_reads_the_log(tmp_path: Path) -> None:
    log = Log(tmp_path, screen=False)

    assert log.path.stat().st_mode & 0o777 == 0o600
    log.close()
