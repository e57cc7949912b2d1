"""Each command says in words what is wrong, with an exit status and never a traceback."""

import subprocess
import sys
from pathlib import Path

import pytest

import cli
from commands import parts
from commands.failure import CommandFailed

VERBS = [
    "up", "demo", "import", "inbox", "status", "tasks", "stuck", "reconcile", "verify", "users",
    "worker", "web", "dispatch", "sim", "staff", "db",
]  # fmt: skip
NEED_A_SYSTEM = ["status", "tasks", "stuck", "reconcile", "verify", "worker", "web", "dispatch"]
Output = pytest.CaptureFixture[str]


def test_the_help_names_every_command(capsys: Output) -> None:
    status = cli.run(["--help"])

    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines() if line[:2] == "  "]
    assert status == 0
    assert set(VERBS) <= set(listed)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in {"sim", "staff", "users"}])
def test_every_command_explains_itself(verb: str, capsys: Output) -> None:
    status = cli.run([verb, "--help"])

    assert status == 0
    assert capsys.readouterr().out.startswith(f"Usage: claimflow {verb}")


@pytest.mark.parametrize("verb", NEED_A_SYSTEM)
def test_a_command_without_its_system_says_so(verb: str, tmp_path: Path, capsys: Output) -> None:
    status = cli.run([verb, "--home", str(tmp_path / "none")])

    errors = capsys.readouterr().err
    assert status == 1
    assert errors.startswith("claimflow: ")
    assert errors.count("\n") == 1
    assert "Traceback" not in errors


def test_an_unknown_command_is_refused(capsys: Output) -> None:
    assert cli.run(["adjudicate"]) == 2
    assert "No such command 'adjudicate'" in capsys.readouterr().err


def test_a_part_that_is_not_installed_is_named(capsys: Output) -> None:
    with pytest.raises(CommandFailed, match=r"no part “commands\.nowhere”"):
        parts.part("commands.nowhere")


def test_a_speed_of_zero_is_refused(capsys: Output) -> None:
    assert cli.run(["up", "--speed", "0"]) == 2
    assert "--speed" in capsys.readouterr().err


def test_a_home_that_is_a_file_is_said_in_words(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "home").touch()

    assert cli.run(["up", "--home", str(tmp_path / "home" / "deeper")]) == 1
    assert "cannot be made" in capsys.readouterr().err


def test_an_unexpected_error_names_its_place_and_hides_its_text(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def fail(_module: str) -> None:
        raise RuntimeError("Marked Person, born 1950")

    monkeypatch.setattr(cli, "part", fail)

    status = cli.run(["status"])

    errors = capsys.readouterr().err
    assert status == 1
    assert "RuntimeError at test_cli.py" in errors
    assert "Marked Person" not in errors


def test_a_command_that_fails_gives_its_own_status(
    monkeypatch: pytest.MonkeyPatch, capsys: Output
) -> None:
    def fail(_module: str) -> None:
        raise CommandFailed("Encounter E00000001 does not exist.", exit_status=3)

    monkeypatch.setattr(cli, "part", fail)

    assert cli.run(["status", "E00000001"]) == 3
    assert capsys.readouterr().err == "claimflow: Encounter E00000001 does not exist.\n"


def test_ctrl_c_is_no_error_to_explain(monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    def interrupt(_module: str) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "part", interrupt)

    assert cli.run(["tasks"]) == 130
    assert capsys.readouterr().err.strip() == ""


def test_the_installed_command_ends_with_the_status(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "worker", "--home", str(tmp_path / "none")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )

    assert done.returncode == 1
    assert done.stderr.startswith("claimflow: ")
    assert done.stdout == ""
