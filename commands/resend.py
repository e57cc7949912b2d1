"""`claimflow routes resend`: a file that was lost on the way goes once more."""

from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from casework import file_resends
from casework.moment import moment
from commands.acting import by_options, given, person, refusals_told
from commands.database import opened
from commands.failure import CommandFailed
from commands.screen import say
from db.models import Outbox
from settings import load_settings


@click.command()
@click.argument("name")
@click.argument("file")
@click.argument("because")
@click.option("--insist", "insists", is_flag=True, help="Also a file that they acknowledged.")
@by_options
@click.pass_obj
def resend(
    home: Path, name: str, file: str, because: str, username: str, *, insists: bool, is_piped: bool
) -> None:
    """Send a lost FILE of the route NAME once more: same bytes, name and control numbers."""
    password = given(is_piped=is_piped)
    with (
        refusals_told(),
        opened(load_settings(home), "claimflow_web") as sessions,
        sessions.begin() as session,
    ):
        by = person(session, username, password)
        row = _file(session, name, file)
        file_resends.send_again(session, row, because, by, moment(session), insists=insists)
    say(f"{file} goes once more on {name}, under the same name and numbers.")


def _file(session: Session, route: str, name: str) -> Outbox:
    found = session.scalar(select(Outbox).where(Outbox.route == route, Outbox.name == name))
    if found is None:
        raise CommandFailed(
            f"Nothing went on {route[:40]} as {name[:60]}: “claimflow routes list” shows the "
            f"routes, “claimflow routes files {route[:40]}” what went on one."
        )
    return found
