"""Keeps business time: it passes while the whole system is up and keeps pace, and else
stands still.

Segments go to `clock.json` at once (the simulator reads it) and to the database in order, as soon
as it answers. A beat on disk says how far time had come, should this process itself be killed.
"""

import datetime as dt
import threading
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import create_engine, text
from sqlalchemy.exc import SQLAlchemyError

from domain.clock import Clock, Segment, clock_from_json, clock_to_json

KEPT_SEGMENTS = 3
BEAT_EVERY = 0.25
# A database that comes back must hear at once that time stood still without it.
SAVE_EVERY = 0.02


class ClockKeeper:
    """`on_change` is the supervisor's callback; `pause` and `resume` are the governor's."""

    def __init__(
        self, home: Path, database_url: Callable[[], str], *, start: dt.datetime, speed: float
    ) -> None:
        self._home = home
        self._database_url = database_url
        self._speed = speed
        self._lock = threading.RLock()
        self._all_up = False
        self._paused = False
        self._unsaved: list[Segment] = []
        self._ended = threading.Event()
        self._clock = self._resume_or_begin(start)
        self._write_file()
        threading.Thread(target=self._beat, name="clock", daemon=True).start()

    @property
    def business_now(self) -> dt.datetime:
        with self._lock:
            return self._clock.business_at(_now())

    def on_change(self, all_up: bool) -> None:
        with self._lock:
            self._all_up = all_up
            self._set()

    def pause(self) -> None:
        with self._lock:
            self._paused = True
            self._set()

    def resume(self) -> None:
        with self._lock:
            self._paused = False
            self._set()

    def set_speed(self, speed: float) -> None:
        with self._lock:
            self._speed = speed
            self._set()

    def stop(self) -> None:
        """The end of the run: time stands still until the next start."""
        with self._lock:
            self._all_up = False
            self._set()
        self._ended.set()

    def _set(self) -> None:
        should_run = self._all_up and not self._paused
        if should_run and not (self._clock.is_running and self._clock.speed == self._speed):
            self._move(self._clock.started(_now(), speed=self._speed))
        elif not should_run and self._clock.is_running:
            self._move(self._clock.stopped(_now()))
        self._save()

    def _move(self, clock: Clock) -> None:
        self._clock = Clock(segments=clock.segments[-KEPT_SEGMENTS:])
        self._unsaved.append(clock.segments[-1])
        self._write_file()

    def _save(self) -> None:
        """Bring the database up to date; what it does not take now waits for the next time."""
        if not self._unsaved:
            return
        try:
            append(self._database_url(), self._unsaved)
        except SQLAlchemyError:
            # The beat tries again, until the database is there.
            return
        self._unsaved.clear()

    def _resume_or_begin(self, start: dt.datetime) -> Clock:
        """Where the last run stood still; a killed one stood still at its last beat."""
        try:
            kept = clock_from_json((self._home / "clock.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, KeyError):
            return Clock(
                segments=(
                    Segment(
                        real_start=_now(), business_start=start, speed=self._speed, running=False
                    ),
                )
            )
        if kept.is_running:
            kept = kept.stopped(self._last_beat())
            self._unsaved.append(kept.segments[-1])
        return kept

    def _last_beat(self) -> dt.datetime:
        try:
            seconds = (self._home / "clock.beat").stat().st_mtime
        except FileNotFoundError:
            return _now()
        return dt.datetime.fromtimestamp(seconds, dt.UTC)

    def _beat(self) -> None:
        while not self._ended.wait(SAVE_EVERY if self._unsaved else BEAT_EVERY):
            (self._home / "clock.beat").touch()
            with self._lock:
                self._save()

    def _write_file(self) -> None:
        self._home.mkdir(parents=True, exist_ok=True)
        part = self._home / ".clock.json.part"
        part.write_text(clock_to_json(self._clock), encoding="utf-8")
        part.replace(self._home / "clock.json")


def append(database_url: str, segments: list[Segment]) -> None:
    """Add segments to the database in their order."""
    engine = create_engine(database_url, hide_parameters=True)
    try:
        with engine.begin() as connection:
            for segment in segments:
                connection.execute(
                    text(
                        "INSERT INTO clock_segment (real_start, business_start, speed, is_running)"
                        " VALUES (:real, :business, :speed, :running)"
                    ),
                    {
                        "real": segment.real_start.timestamp(),
                        "business": segment.business_start,
                        "speed": segment.speed,
                        "running": segment.running,
                    },
                )
    finally:
        engine.dispose()


def _now() -> dt.datetime:
    return dt.datetime.fromtimestamp(time.time(), dt.UTC)
