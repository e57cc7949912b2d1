"""A large 835 taken in as the business does: how much more memory that takes than a small one,
beside how much larger the file is."""

from pathlib import Path

from bench.big_files import write_remittance
from bench.child import MEGABYTE, Told, run_child
from bench.figures import Figure
from bench.stand import Stand


def measure(stand: Stand, home: Path) -> Figure:
    """The transaction of each is rolled back: nothing is left to be posted."""
    few, many = stand.size.remittance_few, stand.size.remittance_many
    (small, little), (large, much) = (_taken_in(stand, home, count) for count in (few, many))
    return Figure(
        name=f"memory to take in {many:,} claims more than {few:,}", unit="MB",
        ours=max(0.0, much.megabytes - little.megabytes), bare=large - small,
        beside="the bytes of the file",
    )  # fmt: skip


def _taken_in(stand: Stand, home: Path, count: int) -> tuple[float, Told]:
    path = home / f"{count}.835"
    write_remittance(path, count)
    told = run_child("intake", path, stand.demo.system.database_url)
    assert told.claims == count
    megabytes = path.stat().st_size / MEGABYTE
    path.unlink()
    return megabytes, told
