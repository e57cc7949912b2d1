"""`claimflow x12`: its verbs; the codec is loaded when one of them is asked for."""

from pathlib import Path

import click

from commands.parts import existing, verb

json_option = click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")


@click.group()
def x12() -> None:
    """Show, check, split or set out X12 files; a tool of its own."""


@x12.command()
@json_option
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path, as_json: bool) -> int:
    """The file as a tree, each segment named. It may hold patients' names."""
    return verb("commands.x12", "show")(*existing((file,)), as_json=as_json)


@x12.command()
@json_option
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def check(files: tuple[Path, ...], as_json: bool) -> int:
    """Say what is wrong, with segment and place; exit status 1 if anything is."""
    return verb("commands.x12", "check")(existing(files), as_json=as_json)


@x12.command()
@click.option("--into", required=True, type=click.Path(path_type=Path, file_okay=False))
@click.argument("file", type=click.Path(path_type=Path))
def split(file: Path, into: Path) -> int:
    """Write a file for each transaction set, in an envelope of its own."""
    return verb("commands.x12", "split")(*existing((file,)), into=into)


@x12.command()
@click.argument("file", type=click.Path(path_type=Path))
def pretty(file: Path) -> int:
    """One segment a line."""
    return verb("commands.x12", "pretty")(*existing((file,)))
