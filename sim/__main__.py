"""`python -m sim run|books|staff`: the world, its books, and the simulated staff."""

import argparse
import json
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    match asked.command:
        case "run":
            from sim.main import main as run

            run(
                home=asked.home,
                seed=asked.seed,
                encounters=asked.encounters,
                arrive_over_days=asked.arrive_over_days,
                rush=asked.rush,
            )
        case "staff":
            from sim.staff import main as staff

            users = [
                (name, password) for name, _, password in (u.partition(":") for u in asked.user)
            ]
            staff(
                home=asked.home,
                base_url=asked.url or _pages_of(asked.home),
                users=users,
                pace=asked.pace,
            )
        case _:
            return _print_books(asked.home, as_json=asked.json)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sim", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="play the EHR, clearinghouse, payers and patients")
    run.add_argument("--seed", type=int, default=7)
    run.add_argument("--encounters", type=int, default=60)
    run.add_argument("--arrive-over-days", type=int, default=15)
    run.add_argument("--rush", action="store_true", help="make every delay five times shorter")
    staff = commands.add_parser("staff", help="work the task queues over HTTP")
    staff.add_argument("--url", help="the pages; else what run.json in the home says")
    staff.add_argument("--user", action="append", required=True, metavar="NAME:PASSWORD")
    staff.add_argument("--pace", type=float, help="tasks a second; as fast as possible without it")
    books = commands.add_parser("books", help="print the world's own books")
    books.add_argument("--json", action="store_true")
    for one in (run, staff, books):
        one.add_argument("--home", type=Path, required=True)
    return parser


def _pages_of(home: Path) -> str:
    return str(json.loads((home / "run.json").read_text())["web_url"])


def _print_books(home: Path, *, as_json: bool) -> int:
    from sim.books import read_books, store_path

    if not store_path(home).exists():
        sys.stderr.write(f"{home}: no simulator has run here, so there are no books to read.\n")
        return 1
    books = read_books(home)
    shown = books if as_json else {key: books[key] for key in ("totals", "counts")}
    sys.stdout.write(json.dumps(shown, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
