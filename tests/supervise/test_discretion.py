"""A process tells that it failed, and where, but not about whom."""

import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]
NAME = "Zzqxmarkaa"
FAIL = """
def fail():
    try:
        int("Zzqxmarkaa")
    except ValueError as error:
        raise LookupError("nobody is named Zzqxmarkaa") from error
"""
WAYS = {
    "uncaught": "fail()",
    "in a thread": "t = threading.Thread(target=fail); t.start(); t.join()",
    "logged": "try: fail()\nexcept LookupError: logging.getLogger('x').exception('it failed')",
    "ignored": "class X:\n    def __del__(self): fail()\nx = X(); del x",
    "own handler": (
        "own = logging.getLogger('own'); own.propagate = False\n"
        "own.addHandler(logging.StreamHandler()); discretion.quiet(own)\n"
        "try: fail()\nexcept LookupError: own.exception('it failed')"
    ),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_failure_is_told_without_its_message(way: str) -> None:
    code = f"import logging, threading\nfrom supervise import discretion\n{FAIL}"

    done = subprocess.run(
        [sys.executable, "-c", f"{code}\ndiscretion.install()\n{WAYS[way]}"],
        capture_output=True,
        text=True,
        check=False,
        cwd=CHECKOUT,
        timeout=60,
    )

    assert NAME not in done.stderr
    assert "builtins.LookupError at" in done.stderr
    assert "builtins.ValueError at" in done.stderr
