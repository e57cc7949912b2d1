"""`claimflow demo`: everything with an invented world, for a person or to its end."""

import datetime as dt
import json
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import click

from commands.demo_users import USERS
from commands.failure import CommandFailed
from demo.run import (
    ARRIVE_OVER_DAYS,
    BACK,
    CATCHING_UP,
    FIXED_START,
    LIMIT_SECONDS,
    SPEED_OF_EXIT,
    Demo,
    catch_up,
    is_good,
)
from supervise.roles import ORDER
from supervise.system import System
from supervise.up import obey_signals, run


def main(home: Path, *, is_exit: bool, **options: Any) -> int:
    if not is_exit and (options["kill"] or options["lose_engine"]):
        raise CommandFailed("--kill and --lose-engine are for an unattended run: add --exit.")
    return _to_the_end(home, options) if is_exit else _for_a_person(home, options)


def _to_the_end(home: Path, options: dict[str, Any]) -> int:
    if (home / "clock.json").exists():
        home = Path(tempfile.mkdtemp(prefix="claimflow-demo-"))
    demo = _demo(home, options, start=FIXED_START, speed=options["speed"] or SPEED_OF_EXIT)
    began = time.monotonic()
    obey_signals(demo.system)
    try:
        demo.system.start()
        is_over = demo.run_to_the_end(options["limit"] or LIMIT_SECONDS)
        demo.nemesis.stop()
        if demo.system.is_stopping:
            raise CommandFailed("Broken off before its end: no summary is written.")
        demo.system.wait_healthy()
        demo.keeper.pause()
        report = demo.report(time.monotonic() - began)
    finally:
        demo.nemesis.stop()
        demo.keeper.stop()
        demo.system.stop()
    _write(options["json_file"], report)
    if not is_over:
        raise CommandFailed(f"The limit is reached with {len(report['open'])} encounters open.")
    return 0 if is_good(report) else 1


def _for_a_person(home: Path, options: dict[str, Any]) -> int:
    today = dt.datetime.now(dt.UTC)
    demo = _demo(
        home,
        options,
        start=today - BACK,
        speed=options["speed"] or CATCHING_UP,
        arrive_over_days=ARRIVE_OVER_DAYS,
    )
    ended = threading.Event()
    runner = threading.Thread(target=catch_up, args=(demo, today, ended), daemon=True)

    def when_ready(system: System) -> None:
        runner.start()
        click.echo(f"Claimflow is ready: {system.web_url}")
        for role, username, password in USERS:
            click.echo(f"  {role:<14} {username:<10} {password}")

    try:
        run(demo.system, when_ready=when_ready)
    finally:
        ended.set()
        demo.keeper.stop()
    return 0


def _demo(
    home: Path,
    options: dict[str, Any],
    *,
    start: dt.datetime,
    speed: float,
    arrive_over_days: int = 15,
) -> Demo:
    return Demo(
        arrive_over_days=arrive_over_days,
        home=home,
        encounters=options["encounters"],
        seed=options["seed"],
        days_per_second=speed,
        staff=options["staff"],
        start=start,
        say=click.echo,
        users=USERS,
        port=options["port"],
        kill=_killable(options["kill"]),
        lose_engine=options["lose_engine"],
    )


def _killable(names: str | None) -> list[str]:
    wanted = [name.strip() for name in (names or "").split(",") if name.strip()]
    if unknown := sorted(set(wanted) - set(ORDER)):
        raise CommandFailed(f"--kill {', '.join(unknown)}: choose from {', '.join(ORDER)}.")
    return wanted


def _write(path: Path | None, report: dict[str, Any]) -> None:
    text = json.dumps(report, indent=1)
    if path is None:
        click.echo(text)
    else:
        path.write_text(text + "\n", encoding="utf-8")
