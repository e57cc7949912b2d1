"""Files as large as they come: an 835 read beside oxedi, its memory, and an 837P written.

Each reading is a process of its own: `bench/child.py`.
"""

import datetime as dt
import time
from collections.abc import Iterator
from pathlib import Path

from bench.big_claims import claims
from bench.big_files import write_remittance
from bench.child import run_child
from bench.figures import Figure, Size
from edi import x837p
from edi.envelope import Envelope, Usage

MEGABYTE = 1_000_000
ENVELOPE = Envelope(
    sender_id="CEDARHOLLOW", sender_name="CEDAR HOLLOW FAMILY PRACTICE",
    contact_name="ANA ORTIZ", contact_phone="5035550101",
    receiver_id="CLEARHOUSE", receiver_name="CLEARHOUSE",
    interchange_control=1, group_control=1, set_control=1,
    written_at=dt.datetime(2026, 4, 6, 9, 30, tzinfo=dt.UTC), usage=Usage.TEST,
)  # fmt: skip


def measure(home: Path, size: Size) -> Iterator[Figure]:
    for count in (size.remittance_few, size.remittance_many):
        yield from _read(home / f"{count}.835", count)
    yield _written(size.batch)


def _read(path: Path, count: int) -> Iterator[Figure]:
    write_remittance(path, count)
    megabytes = path.stat().st_size / MEGABYTE
    ours, theirs = (run_child(who, path) for who in ("ours", "oxedi"))
    assert ours.claims == theirs.claims == count
    path.unlink()
    yield Figure(
        name=f"835 of {count:,} claims, read and balanced", unit="MB a second",
        ours=megabytes / ours.seconds, bare=megabytes / theirs.seconds, beside="oxedi.stream",
    )  # fmt: skip
    yield Figure(
        name=f"835 of {count:,} claims, most memory of the reader", unit="MB",
        ours=ours.megabytes, bare=theirs.megabytes, beside="oxedi.stream",
    )  # fmt: skip


def _written(count: int) -> Figure:
    """Beside a reading of the same bytes, without their sums: oxedi writes no file from claims."""
    made = claims(count)
    began = time.process_time()
    content = x837p.encode(made, envelope=ENVELOPE, batch_reference="B1")
    seconds = time.process_time() - began
    megabytes = len(content) / MEGABYTE
    return Figure(
        name=f"837P of {count:,} claims, checked and written", unit="MB a second",
        ours=megabytes / seconds, bare=megabytes / _parsed(content), beside="oxedi.parse of it",
    )  # fmt: skip


def _parsed(content: bytes) -> float:
    import oxedi

    began = time.process_time()
    oxedi.parse(content)
    return time.process_time() - began
