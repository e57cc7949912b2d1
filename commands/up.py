"""`claimflow up`: says where the pages are once everything is ready."""

from pathlib import Path

import click

from supervise.system import System
from supervise.up import run


def main(home: Path, *, speed: float | None, port: int | None) -> int:
    system = System(home, demo=False, speed=speed, port=port, screen=True)
    run(system, when_ready=say_ready)
    return 0


def say_ready(system: System) -> None:
    click.echo(f"Claimflow is ready: {system.web_url}")
