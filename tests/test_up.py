"""`claimflow up` on an empty home: one line says where the pages are, and Ctrl-C leaves nothing."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.system
CHECKOUT = Path(__file__).parents[1]
READY = "Claimflow is ready: "


@pytest.fixture
def home() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="claimflow-tests-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def claimflow(*arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "cli", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=CHECKOUT,
    )


def left_of(home: Path) -> list[str]:
    commands = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                commands.append((entry / "cmdline").read_bytes().decode("utf-8", "replace"))
            except OSError:
                continue
    return [command for command in commands if str(home) in command]


@pytest.mark.timeout(180)
def test_up_says_where_the_pages_are_and_ctrl_c_leaves_nothing(home: Path) -> None:
    up = claimflow("up", "--home", str(home))
    try:
        assert up.stdout is not None
        line = up.stdout.readline()
        log = (home / "log" / "claimflow.log").read_text(encoding="utf-8")
        assert line.startswith(f"{READY}http://127.0.0.1:"), log

        url = line.removeprefix(READY).strip()
        with urllib.request.urlopen(f"{url}/healthz", timeout=10) as page:  # noqa: S310
            assert page.status == 200

        up.send_signal(signal.SIGINT)

        assert up.wait(90) == 0
        assert left_of(home) == []
    finally:
        up.kill()
        up.communicate(timeout=20)
