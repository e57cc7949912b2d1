"""`make bench`: every figure in one run on one system, as a table and as JSON."""

import argparse
import datetime as dt
import json
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from bench import answers, clean_path, files, idle, intake, posting, queue_page, skeleton
from bench.figures import FULL, QUICK, Figure, Size, sentence, table
from bench.stand import stand

Say = Callable[[str], None]


def run(home: Path, size: Size, say: Say) -> Iterator[Figure]:
    """Each figure as it is known: files and the bare engine first, while nothing else works."""
    say(f"files of up to {size.remittance_many:,} claims")
    yield from files.measure(home, size)
    with stand(home, size) as ready:
        say("the bare engine")
        bare = ready.with_client(
            lambda client: skeleton.measure(client, workflows=size.encounters, updates=size.answers)
        )
        say(f"{size.encounters} clean encounters")
        yield from clean_path.measure(ready, bare)
        say(f"{size.answers} answers")
        yield from answers.measure(ready, bare)
        say(f"{size.posted} claims' 835 lines")
        yield from posting.measure(ready)
        say(f"an 835 of {size.remittance_many:,} claims taken in")
        yield intake.measure(ready, home)
        say(f"{size.waiting:,} encounters that wait")
        yield from idle.measure(ready)
        say(f"queues of {size.tasks_few:,} and {size.tasks_many:,} tasks")
        yield from queue_page.measure(ready)


def as_json(figures: list[Figure], size: Size) -> str:
    told = {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "machine": {
            "processors": os.cpu_count(),
            "load": os.getloadavg()[0],
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        "size": {name: getattr(size, name) for name in Size.__dataclass_fields__},
        "figures": [figure.as_json() for figure in figures],
    }
    return json.dumps(told, indent=1) + "\n"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="tiny numbers, to see that it runs")
    parser.add_argument("--json", type=Path, help="where to write the figures")
    asked = parser.parse_args(arguments)
    screen = Console()
    size = QUICK if asked.quick else FULL
    # Not in the user's temporary folder: the database's user must be able to enter it.
    home = Path(tempfile.mkdtemp(prefix="claimflow-bench-"))
    home.chmod(0o711)
    try:
        figures = []
        for figure in run(home, size, lambda words: screen.print(f"Measuring {words} …")):
            screen.print(f"  {sentence(figure)}")
            figures.append(figure)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    screen.print(table(figures))
    path = asked.json or Path(f"bench-{dt.datetime.now(dt.UTC):%Y-%m-%d}.json")
    path.write_text(as_json(figures, size), encoding="utf-8")
    screen.print(f"Written to {path}.")
    return 0


if __name__ == "__main__":
    status = main(sys.argv[1:])
    sys.stdout.flush()
    # The engine's client may crash in the interpreter's own ending, after all work was done.
    os._exit(status)
