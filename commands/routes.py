"""`claimflow routes`: how the doors to partners stand, for whoever is at the machine."""

import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from sqlalchemy.orm import Session

from casework import file_resends, host_keys, route_outages, route_secrets
from casework import routes as kept
from casework.file_resends import SentFile
from casework.moment import Moment, moment
from commands.acting import refusals_told
from commands.database import opened
from commands.failure import CommandFailed
from commands.quarantine import quarantine
from commands.resend import resend
from commands.screen import columns, say, say_json
from db.models import Route
from settings import Settings, load_settings

HEADING = ("route", "leads to", "sends", "last contact (UTC)", "stands")
FILES = ("file", "state", "went", "")
MARKS = {"T": "tests", "P": "production"}
MINUTES = len("2026-02-02T09:00")


def main(home: Path, arguments: list[str]) -> int:
    routes.main(args=arguments, prog_name="claimflow routes", standalone_mode=False, obj=home)
    return 0


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def routes() -> None:
    """Say how routes stand and what went; pause, resume and try them; give one its key or password;
    send a lost file once more, and see to files that cannot be used.

    A new route and another place are on the page Routes.
    """


routes.add_command(resend)
routes.add_command(quarantine)


@routes.command("list")
@click.option("--json", "as_json", is_flag=True, help="Write JSON for a program.")
@click.pass_obj
def list_routes(home: Path, as_json: bool) -> None:
    """Every route: where it leads, whether it sends, and why not."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions() as session:
        now = moment(session)
        found = [_facts(route, now) for route in kept.every(session)]
    if as_json:
        say_json(found)
        return
    if not found:
        say("There is no route yet: the page Routes makes one.")
    for line in columns([HEADING, *map(_row, found)] if found else ()):
        say(line)
    for one in found:
        if one["offered_key"] != "-":
            say(f"{one['name']} shows {one['offered_key']}: compare it with the partner's word:")
            say(f"  claimflow routes trust {one['name']} {one['offered_key']}")


@routes.command()
@click.argument("name")
@click.pass_obj
def files(home: Path, name: str) -> None:
    """The last files of a route: whether each went, and who has acknowledged it."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions() as session:
        _route(session, name)
        zone = moment(session).zone
        found = [_file(one, zone) for one in file_resends.of_route(session, name)]
    if not found:
        say(f"Nothing was sent on {name} yet.")
    for line in columns([FILES, *found] if found else ()):
        say(line)


@routes.command()
@click.argument("name")
@click.argument("because")
@click.pass_obj
def pause(home: Path, name: str, because: str) -> None:
    """Nothing goes and nothing is fetched until somebody resumes it."""
    with (
        refusals_told(),
        opened(_settings(home), "claimflow_web") as sessions,
        sessions.begin() as session,
    ):
        route_outages.pause(session, _route(session, name), because, moment(session), None)
    say(f"{name} is paused.")


@routes.command()
@click.argument("name")
@click.pass_obj
def resume(home: Path, name: str) -> None:
    """Go on, and visit the server at once: this also tests the connection."""
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        route = _route(session, name)
        is_folder = route.transport == "folder"
        route_outages.resume(session, route, moment(session), None)
    if is_folder:
        say(f"{name} is resumed.")
        return
    say(f"{name} is visited within seconds; “claimflow routes list” says what came of it.")


@routes.command()
@click.argument("name")
@click.pass_obj
def secret(home: Path, name: str) -> None:
    """Read the password or the private key from standard input and keep it in the home."""
    given = sys.stdin.read()
    if not given.strip():
        raise CommandFailed("Give the password or the private key on standard input.")
    with opened(_settings(home), "claimflow_web") as sessions, sessions.begin() as session:
        route = _server(session, name)
        with refusals_told():
            route_secrets.keep(home, route, given)
        route.next_try_at = route.next_look_at = None
    say(f"Kept for {name}, in a file that only this user reads.")


@routes.command()
@click.argument("name")
@click.argument("fingerprint")
@click.pass_obj
def trust(home: Path, name: str, fingerprint: str) -> None:
    """Confirm the key that the server has shown, by the fingerprint that its partner told you."""
    with (
        refusals_told(),
        opened(_settings(home), "claimflow_web") as sessions,
        sessions.begin() as session,
    ):
        host_keys.confirm(session, _server(session, name), fingerprint, None, moment(session))
    say(f"{name} speaks to this server only, from now on.")


def _facts(route: Route, now: Moment) -> dict[str, str | None]:
    where = f"{route.username}@{route.host}:{route.port}" if route.transport == "sftp" else "folder"
    return {
        "name": route.name,
        "leads_to": where,
        "usage": route.usage,
        "stands": kept.stops(route, now) or "sends and fetches",
        "last_contact": route.last_contact_at.isoformat() if route.last_contact_at else "-",
        "offered_key": host_keys.fingerprint(route.offered_key or "") or "-",
    }


def _row(one: dict[str, str | None]) -> tuple[str, ...]:
    """For a person: the name is said once."""
    stands = (one["stands"] or "").removeprefix(f"the route {one['name']} ")
    contact = (one["last_contact"] or "-")[:MINUTES].replace("T", " ")
    mark = MARKS[one["usage"] or "T"]
    return (one["name"] or "", one["leads_to"] or "", mark, contact, stands)


def _file(one: SentFile, zone: ZoneInfo) -> tuple[str, ...]:
    row = one.row
    went = f"{row.sent_at.astimezone(zone):%Y-%m-%d %H:%M}" if row.sent_at else "-"
    told = [row.refused_because or "", one.acknowledged or ""]
    told += [f"sent again {one.times_again} times"] if one.times_again else []
    return (row.name, row.state, went, "; ".join(filter(None, told)))


def _route(session: Session, name: str) -> Route:
    if kept.find(session, name) is None:
        raise CommandFailed(f"There is no route {name[:40]}: “claimflow routes list” shows them.")
    return kept.lock(session, name)


def _server(session: Session, name: str) -> Route:
    route = _route(session, name)
    if route.transport == "folder":
        raise CommandFailed(f"{name} is a folder of this machine: it has no key and no password.")
    return route


def _settings(home: Path) -> Settings:
    return load_settings(home)
