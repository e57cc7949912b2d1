"""What waiting costs: the worker's processor time while encounters wait for a coder."""

import os
import time
from pathlib import Path

from bench.figures import Figure
from bench.stand import Stand

WAITING = """
    SELECT count(*) FROM encounter e JOIN task t ON t.encounter_id = e.id
     WHERE e.stage = 'coding' AND t.status = 'open'
"""
PERCENT = 100
# What was just done is still written down and forgotten by the processes.
SETTLES_SECONDS = 10.0


def measure(stand: Stand) -> list[Figure]:
    size = stand.size
    few = stand.number(WAITING)
    bare = _percent_of_a_core(stand)
    stand.bring(stand.uncoded(size.answers, size.waiting))
    stand.until(lambda: stand.number(WAITING) == few + size.waiting)
    return [
        Figure(
            name=f"worker, {size.waiting:,} encounters waiting", unit="% of a core",
            ours=_percent_of_a_core(stand), bare=bare, beside="the same worker, nothing waiting",
        )
    ]  # fmt: skip


def _percent_of_a_core(stand: Stand) -> float:
    time.sleep(SETTLES_SECONDS)
    worker = stand.demo.system.pids["worker"]
    before, began = _seconds(worker), time.monotonic()
    time.sleep(stand.size.idle_seconds)
    return (_seconds(worker) - before) / (time.monotonic() - began) * PERCENT


def _seconds(pid: int) -> float:
    """Its processor time so far (proc(5): fields 14 and 15, in ticks)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
