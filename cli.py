"""The `claimflow` command: each verb finds its part and hands it the settings.

A verb that fails says so in words on stderr; a traceback is shown only with CLAIMFLOW_TRACEBACK=1.
"""

import importlib
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import click

from commands.failure import CommandFailed
from settings import Settings, SettingsError, home_from, load_settings
from supervise import discretion
from supervise.errors import StartFailed

EXIT_FAILED = 1
EXIT_BROKEN_OFF = 130
EXIT_BROKEN_PIPE = 141

home_option = click.option(
    "--home",
    metavar="FOLDER",
    help="The folder of all state; CLAIMFLOW_HOME or .claimflow otherwise.",
)
json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="claimflow", message="%(prog)s %(version)s")
def claimflow() -> None:
    """Medical claims from the signed chart to a zero balance."""


@claimflow.command()
@home_option
@click.option("--demo", "is_demo", is_flag=True, help="With the simulated world: as `demo` does.")
@click.option(
    "--speed", type=click.FloatRange(min=0, min_open=True), help="Calendar days a second."
)
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port of the pages; else a free one."
)
def up(home: str | None, is_demo: bool, speed: float | None, port: int | None) -> int:
    """Run all processes in this terminal until Ctrl-C."""
    if is_demo:
        told = {"home": home, "speed": speed, "port": port}
        return int(click.get_current_context().invoke(demo, **told))
    return _part("commands.up")(home_from(home), speed=speed, port=port)


@claimflow.command()
@home_option
@click.option("--encounters", type=click.IntRange(min=1), default=60, show_default=True)
@click.option("--seed", type=int, default=7, show_default=True)
@click.option(
    "--speed", type=click.FloatRange(min=0, min_open=True), help="Calendar days a second."
)
@click.option("--staff", type=click.Choice(["auto", "slow", "none"]), default="slow")
@click.option("--exit", "is_exit", is_flag=True, help="End when every encounter is closed.")
@click.option(
    "--json", "json_file", type=click.Path(path_type=Path), help="Where the summary goes."
)
@click.option("--kill", metavar="NAMES", help="Kill these processes again and again, by the seed.")
@click.option("--lose-engine", is_flag=True, help="Delete the engine's database in the middle.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="The port of the pages; else a free one."
)
@click.option("--limit", metavar="SECONDS", type=click.IntRange(min=1), help="Give up after this.")
def demo(home: str | None, **options: Any) -> int:
    """Run everything with an invented world, with or without a person."""
    return _part("commands.demo")(home_from(home), **options)


@claimflow.command("import")
@home_option
@json_option
@click.option("--profile", help="How the sender's staff and organisations map to ours.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_files(
    home: str | None, paths: tuple[Path, ...], as_json: bool, profile: str | None
) -> int:
    """Take in FHIR bundles or NDJSON; safe to repeat."""
    run = _part("commands.import_files")
    return run(_settings(home), paths=_existing(paths), as_json=as_json, profile=profile)


@claimflow.command()
@home_option
@json_option
@click.option("--wait", is_flag=True, help="Return when all is posted.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def inbox(home: str | None, files: tuple[Path, ...], wait: bool, as_json: bool) -> int:
    """Take in X12 files (835, 999, TA1, 277CA, 277, 271); safe to repeat."""
    run = _part("commands.inbox")
    return run(_settings(home), files=_existing(files), wait=wait, as_json=as_json)


@claimflow.command()
@home_option
@json_option
@click.argument("encounter", required=False)
def status(home: str | None, encounter: str | None, as_json: bool) -> int:
    """Say where everything is, or one encounter."""
    return _part("commands.status")(_settings(home), encounter=encounter, as_json=as_json)


@claimflow.command()
@home_option
@json_option
@click.option("--queue", help="Only this work queue.")
def tasks(home: str | None, queue: str | None, as_json: bool) -> int:
    """List the open tasks, the most urgent money first."""
    return _part("commands.tasks")(_settings(home), queue=queue, as_json=as_json)


@claimflow.command()
@home_option
@json_option
def stuck(home: str | None, as_json: bool) -> int:
    """List what does not move: why, since when, and how much money waits there."""
    return _part("commands.stuck")(_settings(home), as_json=as_json)


@claimflow.command()
@home_option
@json_option
def reconcile(home: str | None, as_json: bool) -> int:
    """Compare open encounters with open workflows and adopt what is missing."""
    return _part("commands.reconcile")(_settings(home), as_json=as_json)


@claimflow.command()
@home_option
@json_option
def verify(home: str | None, as_json: bool) -> int:
    """Check every promise against the data; exit status 1 with the list of what is broken."""
    return _part("commands.verify")(_settings(home), as_json=as_json)


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@home_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def users(home: str | None, arguments: tuple[str, ...]) -> int:
    """Administer the people who may log in."""
    return _part("commands.users")(home_from(home), list(arguments))


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@home_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def routes(home: str | None, arguments: tuple[str, ...]) -> int:
    """Say how the routes to partners stand; pause, resume, give a key."""
    return _part("commands.routes")(home_from(home), list(arguments))


@claimflow.group()
def db() -> None:
    """The database's schema."""


@db.command()
@home_option
def upgrade(home: str | None) -> int:
    """Bring the schema to this version."""
    return _part("commands.db_upgrade")(_settings(home))


@claimflow.group()
def x12() -> None:
    """Show, check, split or set out X12 files; a tool of its own."""


@x12.command()
@json_option
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path, as_json: bool) -> int:
    """The file as a tree, each segment named. It may hold patients' names."""
    return _verb("commands.x12", "show")(*_existing((file,)), as_json=as_json)


@x12.command()
@json_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Say what is wrong, with segment and place; exit status 1 if anything is."""
    return _verb("commands.x12", "check")(_existing(files), as_json=as_json)


@x12.command()
@click.option("--into", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.argument("file", type=click.Path(path_type=Path))
def split(file: Path, into: Path) -> int:
    """Write a file for each transaction set, in an envelope of its own."""
    return _verb("commands.x12", "split")(*_existing((file,)), into=into)


@x12.command()
@click.argument("file", type=click.Path(path_type=Path))
def pretty(file: Path) -> int:
    """One segment a line."""
    return _verb("commands.x12", "pretty")(*_existing((file,)))


@claimflow.command()
@home_option
@click.option("--queues", help="Only these task queues, comma between.")
def worker(home: str | None, queues: str | None) -> int:
    """Run one worker."""
    only = {"queues": queues.split(",")} if queues else {}
    return _process("worker")(_settings(home), **only)


@claimflow.command()
@home_option
@click.option("--fd", type=int, help="A listening socket to serve on, from the supervisor.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--tls", "is_tls", is_flag=True, help="A TLS proxy stands before the pages.")
def web(home: str | None, fd: int | None, port: int, is_tls: bool) -> int:
    """Serve the pages."""
    return _process("web.serve")(_settings(home), fd=fd, port=port, is_tls=is_tls)


@claimflow.command()
@home_option
def dispatch(home: str | None) -> int:
    """Deliver wakes and files."""
    return _process("dispatch.main")(_settings(home))


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sim(arguments: tuple[str, ...]) -> int:
    """Play the world outside; its own program with options of its own."""
    return _part("sim.__main__")(["run", *arguments])


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def staff(arguments: tuple[str, ...]) -> int:
    """Play the practice's staff, over HTTP."""
    return _part("sim.__main__")(["staff", *arguments])


def main(arguments: list[str] | None = None) -> NoReturn:
    status = run(arguments)
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            status = EXIT_BROKEN_PIPE
    # The engine's client may crash in the interpreter's own ending, after all work was done.
    os._exit(status)


def run(arguments: list[str] | None = None) -> int:
    """One command, its errors in words, its exit status."""
    try:
        result = claimflow.main(args=arguments, prog_name="claimflow", standalone_mode=False)
    except (Exception, KeyboardInterrupt) as error:  # Nobody should have to read a traceback.
        return _explain(error)
    return result if isinstance(result, int) else 0


def _explain(error: BaseException) -> int:
    match error:
        case click.exceptions.Abort() | KeyboardInterrupt():
            return EXIT_BROKEN_OFF
        case BrokenPipeError():
            return EXIT_BROKEN_PIPE
        case click.ClickException():
            error.show()
            return error.exit_code
        case CommandFailed():
            return _say(str(error), error.exit_status)
        case StartFailed() | SettingsError():
            return _say(str(error), EXIT_FAILED)
        case _:
            return _say(_unexpected(error), EXIT_FAILED)


def _process(module: str) -> Callable[..., int]:
    """A part that serves: what it writes about failures ends up in the log of the home."""
    discretion.install()
    return _part(module)


def _part(module: str) -> Callable[..., int]:
    return _verb(module, "main")


def _verb(module: str, verb: str) -> Callable[..., int]:
    """What a part does, imported only when it is asked for: a quick start, no part needed."""
    try:
        found = importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{module}.".startswith(f"{error.name}."):
            raise
        raise CommandFailed(f"This installation has no part “{module}”.") from None

    def call(*args: Any, **options: Any) -> int:
        return getattr(found, verb)(*args, **options) or 0

    return call


def _settings(home: str | None) -> Settings:
    return load_settings(home_from(home))


def _existing(paths: tuple[Path, ...]) -> tuple[Path, ...]:
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        raise CommandFailed(f"There is no file or folder {', '.join(missing)}.", exit_status=2)
    return paths


def _say(text: str, exit_status: int) -> int:
    click.echo(f"claimflow: {text}", err=True)
    return exit_status


def _unexpected(error: BaseException) -> str:
    """The place but not the message, which may hold a patient's data."""
    if os.environ.get("CLAIMFLOW_TRACEBACK"):
        traceback.print_exception(error)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    return (
        f"an unexpected error ({type(error).__name__} at {place}). Nothing half-done is kept; "
        "CLAIMFLOW_TRACEBACK=1 shows it whole."
    )


if __name__ == "__main__":
    main()
