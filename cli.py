"""The `claimflow` command: each verb finds its part and hands it the settings.

A verb that fails says so in words on stderr; a traceback is shown only with CLAIMFLOW_TRACEBACK=1.
"""

import os
import sys
from pathlib import Path
from typing import Any, NoReturn

import click

from commands.ending import EXIT_BROKEN_PIPE, explain
from commands.parts import existing, part, process, settings_of
from commands.x12_verbs import x12
from settings import home_from

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
    return part("commands.up")(home_from(home), speed=speed, port=port)


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
    return part("commands.demo")(home_from(home), **options)


@claimflow.command("import")
@home_option
@json_option
@click.option("--profile", help="How the sender's staff and organisations map to ours.")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
def import_files(
    home: str | None, paths: tuple[Path, ...], as_json: bool, profile: str | None
) -> int:
    """Take in FHIR bundles or NDJSON; safe to repeat."""
    run = part("commands.import_files")
    return run(settings_of(home), paths=existing(paths), as_json=as_json, profile=profile)


@claimflow.command()
@home_option
@json_option
@click.option("--wait", is_flag=True, help="Return when all is posted.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def inbox(home: str | None, files: tuple[Path, ...], wait: bool, as_json: bool) -> int:
    """Take in X12 files (835, 999, TA1, 277CA, 277, 271); safe to repeat."""
    run = part("commands.inbox")
    return run(settings_of(home), files=existing(files), wait=wait, as_json=as_json)


@claimflow.command()
@home_option
@json_option
@click.argument("encounter", required=False)
def status(home: str | None, encounter: str | None, as_json: bool) -> int:
    """Say where everything is, or one encounter."""
    return part("commands.status")(settings_of(home), encounter=encounter, as_json=as_json)


@claimflow.command()
@home_option
@json_option
@click.option("--queue", help="Only this work queue.")
def tasks(home: str | None, queue: str | None, as_json: bool) -> int:
    """List the open tasks, the most urgent money first."""
    return part("commands.tasks")(settings_of(home), queue=queue, as_json=as_json)


@claimflow.command()
@home_option
@json_option
def stuck(home: str | None, as_json: bool) -> int:
    """List what does not move: why, since when, and how much money waits there."""
    return part("commands.stuck")(settings_of(home), as_json=as_json)


@claimflow.command()
@home_option
@json_option
def reconcile(home: str | None, as_json: bool) -> int:
    """Compare open encounters with open workflows and adopt what is missing."""
    return part("commands.reconcile")(settings_of(home), as_json=as_json)


@claimflow.command()
@home_option
@json_option
def verify(home: str | None, as_json: bool) -> int:
    """Check every promise against the data; exit status 1 with the list of what is broken."""
    return part("commands.verify")(settings_of(home), as_json=as_json)


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@home_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def users(home: str | None, arguments: tuple[str, ...]) -> int:
    """Administer the people who may log in."""
    return part("commands.users")(home_from(home), list(arguments))


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@home_option
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def routes(home: str | None, arguments: tuple[str, ...]) -> int:
    """Say how the routes to partners stand; pause, resume, give a key; lost and unusable files."""
    return part("commands.routes")(home_from(home), list(arguments))


@claimflow.group()
def db() -> None:
    """The database's schema."""


@db.command()
@home_option
def upgrade(home: str | None) -> int:
    """Bring the schema to this version."""
    return part("commands.db_upgrade")(settings_of(home))


claimflow.add_command(x12)


@claimflow.command()
@home_option
@click.option("--queues", help="Only these task queues, comma between.")
def worker(home: str | None, queues: str | None) -> int:
    """Run one worker."""
    only = {"queues": queues.split(",")} if queues else {}
    return process("worker")(settings_of(home), **only)


@claimflow.command()
@home_option
@click.option("--fd", type=int, help="A listening socket to serve on, from the supervisor.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--tls", "is_tls", is_flag=True, help="A TLS proxy stands before the pages.")
def web(home: str | None, fd: int | None, port: int, is_tls: bool) -> int:
    """Serve the pages."""
    return process("web.serve")(settings_of(home), fd=fd, port=port, is_tls=is_tls)


@claimflow.command()
@home_option
def dispatch(home: str | None) -> int:
    """Deliver wakes and files."""
    return process("dispatch.main")(settings_of(home))


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def sim(arguments: tuple[str, ...]) -> int:
    """Play the world outside; its own program with options of its own."""
    return part("sim.__main__")(["run", *arguments])


@claimflow.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def staff(arguments: tuple[str, ...]) -> int:
    """Play the practice's staff, over HTTP."""
    return part("sim.__main__")(["staff", *arguments])


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
        return explain(error)
    return result if isinstance(result, int) else 0


if __name__ == "__main__":
    main()
